import { testDatabase, type TestDatabase } from '@yidian/testing';
import fc from 'fast-check';
import { cash, ledgerPlan } from './ledger-fixture';
import { Ledger } from './ledger';
import { Model } from './ledger-model';
import { anyMove, guard, make, PEOPLE, Round } from './ledger-moves';
import type { PostingAnswer } from './posting';

/**
 * The write door against its promise, written down as a model in some maps. PROPERTY_RUNS gives more runs than the default,
 * PROPERTY_SEED others; what fails prints its seed and the shortest moves that fail.
 */
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 12);
const SEED = Number(process.env['PROPERTY_SEED'] ?? 20261122);

const TIME_LIMIT = 30_000 + RUNS * 2_000;

describe(`ledger properties (seed ${SEED})`, () => {
  let database: TestDatabase;
  let ledger: Ledger;
  let rounds = 0;

  beforeAll(async () => {
    database = await testDatabase(ledgerPlan);
    ledger = new Ledger({ url: database.url, service: 'ledger', instance: 'test', db: database.db, lanes: 2 });
    await ledger.open();
  });
  afterAll(async () => {
    await ledger.close();
    await database.close();
  });

  const newRound = () => new Round(`r${++rounds}`);
  const told = ({ outcome, reason, conflict }: PostingAnswer) => ({ outcome, reason, conflict });

  async function expectBalances(round: Round, model: Model): Promise<void> {
    const found = await ledger.balances(round.accounts());
    for (const who of PEOPLE) {
      const person = round.person(who);
      expect([who, found.get(cash(person)), found.get(guard(person))]).toEqual([
        ...[who, model.balance(cash(who)), model.balance(guard(who))],
      ]);
    }
  }

  test(
    'one after the other, it decides, refuses and replays as the model does',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyMove(fc), { minLength: 20, maxLength: 60 }), async (moves) => {
          const [round, model] = [newRound(), new Model()];
          for (const move of moves) {
            const expected = { reason: undefined, conflict: undefined, ...model.take(move) };
            expect(told(await make(ledger, round, move))).toEqual(expected);
          }
          await expectBalances(round, model);
        }),
        { numRuns: RUNS, seed: SEED },
      );
    },
    TIME_LIMIT,
  );

  test(
    'all at once: one outcome a key, the same for whoever asks, and balances are what the outcomes say',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyMove(fc), { minLength: 30, maxLength: 120 }), async (moves) => {
          const round = newRound();
          const answers = await Promise.all(moves.map((move) => make(ledger, round, move)));
          const model = new Model().learn(moves.map((move, at) => ({ move, answer: answers[at] as PostingAnswer })));
          await expectBalances(round, model);
          for (const move of moves) {
            const expected = { reason: undefined, conflict: undefined, ...model.take(move) };
            expect(told(await make(ledger, round, move))).toEqual(expected);
          }
        }),
        { numRuns: RUNS, seed: SEED, endOnFailure: true },
      );
      expect(await ledger.verify()).toMatchObject({ ok: true });
    },
    TIME_LIMIT,
  );
});
