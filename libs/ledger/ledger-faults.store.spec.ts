import { connectionOptions } from '@yidian/database';
import { forkTypescript, testDatabase, Wire, type Mishap, type TestDatabase } from '@yidian/testing';
import fc from 'fast-check';
import mysql from 'mysql2/promise';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { cash, DAY, ledgerPlan } from './ledger-fixture';
import { Ledger } from './ledger';
import { Model } from './ledger-model';
import { anyMove, guard, make, PEOPLE, Round, type Move } from './ledger-moves';
import type { Order, Reply } from './ledger-process';
import type { PostingAnswer } from './posting';

/**
 * Two writers on the same accounts and keys, one of them a process of its own, while connections are killed, lanes are closed
 * by somebody else, COMMITs and their answers are lost on the way, and the process is SIGKILLed and another takes its place.
 * Whatever happens: what was acknowledged is found again, every key has one outcome for whoever asks, balances are what the
 * outcomes say and within their limits, and everything verifies.
 *
 * FAULT_RUNS gives more runs than the default, FAULT_SEED others; what fails prints its seed.
 */
const RUNS = Number(process.env['FAULT_RUNS'] ?? 3);
const SEED = Number(process.env['FAULT_SEED'] ?? 20261122);
const CALLERS = 10;

/** Nothing is decided, or nobody knows: the same key again is right for all of them. QueryFailedError: a read before the door. */
const AGAIN = /^(Busy|Closed|Expired|OutcomeUnknown|Killed|QueryFailedError)$/;

const fault = fc.record({
  /** Percent of the moves that are made when it strikes. */
  at: fc.integer({ min: 0, max: 99 }),
  what: fc.oneof(
    { weight: 2, arbitrary: fc.constant('crash' as const) },
    { weight: 3, arbitrary: fc.constant('connection' as const) },
    { weight: 2, arbitrary: fc.constant('lane' as const) },
    { weight: 3, arbitrary: fc.constant('answer_lost' as const) },
    { weight: 2, arbitrary: fc.constant('commit_lost' as const) },
  ),
});
type Fault = (typeof fault extends fc.Arbitrary<infer F> ? F : never)['what'];

class Killed extends Error {
  override readonly name = 'Killed';
}

/** A writer process, asked like a ledger. */
class WriterProcess {
  private readonly child: ChildProcess = forkTypescript(join(__dirname, 'ledger-process.ts'));
  private readonly waiting = new Map<number, { resolve(answer: PostingAnswer): void; reject(error: Error): void }>();
  private readonly opened: Promise<boolean>;
  private last = 0;

  constructor(url: string) {
    this.opened = new Promise((resolve) => {
      this.child.on('message', (reply: Reply) => ('opened' in reply ? resolve(true) : this.hear(reply)));
      this.child.on('exit', () => {
        resolve(false);
        for (const { reject: end } of this.waiting.values()) end(new Killed());
      });
    });
    this.tell({ open: url });
  }

  /** False: it ended before it was. */
  ready(): Promise<boolean> {
    return this.opened;
  }

  async make(round: Round, move: Move): Promise<PostingAnswer> {
    if (!(await this.opened) || !this.child.connected) throw new Killed();
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.tell({ id, round: round.name, move });
    });
  }

  kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return Promise.resolve();
    const gone = new Promise<void>((resolve) => this.child.once('exit', () => resolve()));
    this.child.kill('SIGKILL');
    return gone;
  }

  private tell(order: Order): void {
    this.child.send(order, (error) => void error); // a process that is gone is heard of by its exit
  }

  private hear(reply: Exclude<Reply, { opened: true }>): void {
    const caller = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if ('answer' in reply) caller?.resolve(reply.answer);
    else caller?.reject(Object.assign(new Error(reply.error.message), { name: reply.error.name }));
  }
}

describe(`the ledger whatever is killed (seed ${SEED})`, () => {
  let database: TestDatabase;
  let admin: mysql.Connection;
  let wire: Wire;
  let ledger: Ledger;
  let writer: WriterProcess;
  /** Started beforehand: a process takes a while to come up, and somebody has to take over at once. */
  let standby: WriterProcess;
  let rounds = 0;
  const met = new Map<Fault, number>();

  beforeAll(async () => {
    database = await testDatabase(ledgerPlan);
    admin = await mysql.createConnection(connectionOptions(database.adminUrl));
    wire = new Wire(database.url);
    writer = new WriterProcess(database.url);
    standby = new WriterProcess(database.url);
    const options = { url: wire.url, service: 'ledger', instance: 'here', db: database.db, lanes: 2 };
    ledger = new Ledger({ ...options, limits: { items: 16 }, alarm: () => undefined });
    await Promise.all([ledger.open(), writer.ready(), standby.ready()]);
  });
  afterAll(async () => {
    await Promise.all([writer.kill(), standby.kill()]);
    await ledger.close();
    wire.close();
    await admin.end();
    await database.close();
  });

  let failed = false;
  const acknowledged = new Map<string, string>();
  const textOf = ({ outcome, reason, balances, at }: PostingAnswer): string =>
    [
      outcome,
      reason ?? '',
      at.toISOString(),
      ...balances.map(({ account, balance }) => `${account} ${balance}`).sort(),
    ].join(' ');

  /** Whoever is asked about a key, whenever: one answer. */
  function note(answer: PostingAnswer): void {
    if (answer.outcome === 'not_found') return;
    const text = textOf(answer);
    expect(acknowledged.get(answer.key) ?? text).toBe(text);
    acknowledged.set(answer.key, text);
  }

  async function insist(round: Round, move: Move, first: number): Promise<PostingAnswer> {
    for (let tries = first; ; tries++) {
      try {
        const answer = await (tries % 2 ? writer.make(round, move) : make(ledger, round, move));
        note(answer);
        return answer;
      } catch (error) {
        if (failed || !AGAIN.test((error as Error).name)) throw error;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
  }

  /** What was answered before a crash is there after it. */
  async function expectFoundAgain(): Promise<void> {
    const before = [...acknowledged]; // more are coming in meanwhile
    const found = await ledger.find(before.map(([key]) => ({ key, keyDay: DAY })));
    expect(found.map((answer) => answer && textOf(answer))).toEqual(before.map(([, text]) => text));
  }

  let last = Promise.resolve();
  /** Two callers may come upon a fault at once; two crashes at once would leave a process behind. */
  const oneByOne = (what: Fault): Promise<void> => (last = last.then(() => strike(what)));

  async function strike(what: Fault): Promise<void> {
    if (failed) return;
    met.set(what, (met.get(what) ?? 0) + 1);
    if (what === 'crash') {
      await writer.kill();
      do [writer, standby] = [standby, new WriterProcess(database.url)];
      while (!(await writer.ready())); // it may have been struck while it came up
      return expectFoundAgain();
    }
    if (what === 'connection') return killConnections();
    if (what === 'lane')
      return void (await admin.query("UPDATE lane SET state = 'closed' WHERE state = 'open' ORDER BY RAND() LIMIT 1"));
    const mishap: Mishap = what === 'answer_lost' ? 'answer_lost' : 'lose';
    wire.once('\u0003COMMIT', mishap);
  }

  async function killConnections(): Promise<void> {
    const [rows] = await admin.query<mysql.RowDataPacket[]>(
      'SELECT id FROM information_schema.processlist WHERE user = ? ORDER BY RAND() LIMIT 2',
      [new URL(database.url).username],
    );
    for (const row of rows) await admin.query('KILL ?', [row['id']]).catch(() => undefined);
  }

  async function run(round: Round, moves: readonly Move[], faults: { at: number; what: Fault }[]): Promise<void> {
    const due = [...faults].sort((a, b) => a.at - b.at);
    const answers: PostingAnswer[] = [];
    let next = 0;
    const caller = async () => {
      for (let at = next++; at < moves.length; at = next++) {
        while (due[0] && due[0].at * moves.length <= at * 100) await oneByOne((due.shift() as { what: Fault }).what);
        answers[at] = await insist(round, moves[at] as Move, at);
      }
    };
    await Promise.all(Array.from({ length: CALLERS }, () => caller().catch(giveUp)));
    await expectFoundAgain();
    await expectKept(
      round,
      moves,
      new Model().learn(moves.map((move, at) => ({ move, answer: answers[at] as PostingAnswer }))),
    );
  }

  /** The others would insist for ever. */
  function giveUp(error: unknown): never {
    failed = true;
    throw error;
  }

  async function expectKept(round: Round, moves: readonly Move[], model: Model): Promise<void> {
    const found = await ledger.balances(round.accounts());
    for (const who of PEOPLE)
      for (const account of [cash, guard]) {
        const balance = found.get(account(round.person(who)));
        expect([who, balance]).toEqual([who, model.balance(account(who))]);
        if (!model.pushed.has(account(who))) expect(balance).toBeGreaterThanOrEqual(0n);
      }
    for (const [index, move] of moves.entries()) {
      const expected = { reason: undefined, conflict: undefined, ...model.take(move) };
      const { outcome, reason, conflict } = await insist(round, move, index);
      expect({ outcome, reason, conflict }).toEqual(expected);
    }
    const { checks } = await ledger.verify({ since: 'start' });
    expect(checks.filter((check) => !check.ok)).toEqual([]);
  }

  const everything = async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyMove(fc), { minLength: 60, maxLength: 140 }),
        fc.array(fault, { minLength: 4, maxLength: 10 }),
        (moves, faults) => run(new Round(`f${++rounds}`), moves, faults),
      ),
      { numRuns: RUNS, seed: SEED, endOnFailure: true },
    );
    const told = [...met].map(([what, times]) => `${what} ${times}`).join(', ');
    process.stdout.write(`${acknowledged.size} keys kept through: ${told}\n`);
    expect(met.size).toBeGreaterThan(2);
  };
  test('what was acknowledged stays, every key is decided once, and everything verifies', everything, RUNS * 20_000);
});
