import { Test } from '@nestjs/testing';
import type { RequestOf } from '@yidian/contracts';
import { Peers } from '../peers';
import type { CaseOptions, FeeQuestion } from './case';
import { ContractFees } from './contract-fees';
import { EngineStage } from './engine/engine-stage';
import { buildGroups } from './group';
import { contractFee, DAY, PROVIDER, type History } from './histories';
import { write } from './histories.cases';
import { feeQuestions, matchDay } from './match-day';

const GUANGDONG = '440000';
/** Guangdong has a price of its own. */
const priceOf = (amount: bigint, branch: string): bigint => contractFee(amount) + (branch === GUANGDONG ? 10n : 0n);

const options: CaseOptions = {
  provider: PROVIDER,
  date: DAY,
  quote: ({ amount, branch }) => priceOf(amount, branch),
  feeTolerance: 1n,
  waits: {},
  allowsReturns: false,
};

/** Two payments of the same amount and channel: the first of Hubei, the second of Guangdong. */
function day(fees: 'of the contract' | 'of the other branches'): History {
  const history = write([
    ['completed', 5000n],
    ['completed', 5000n],
  ]);
  const [, second] = history.lines;
  if (!second) throw new Error('no second line');
  if (fees === 'of the contract') second.fee = priceOf(5000n, GUANGDONG);
  for (const fact of history.facts) if (second.ourRef.startsWith(fact.paymentNo)) fact.branch = GUANGDONG;
  return history;
}

const classes = (history: History) =>
  matchDay({ ...history, provider: PROVIDER, date: DAY, carried: [] }, options).findings.map((one) => one.class);

describe('the contract’s fee of a branch that has a price of its own', () => {
  test.each([
    ['of the contract', []],
    ['of the other branches', ['fee_mismatch']],
  ] as const)('the statement shows the fee %s: %j', (fees, expected) => {
    expect(classes(day(fees))).toEqual(expected);
  });

  test.each([
    ['of the contract', 2],
    ['of the other branches', 1],
  ] as const)('the engine holds the fee %s as plain for %i of 2', async (fees, plain) => {
    const stage = new EngineStage();
    try {
      const history = day(fees);
      const asked: FeeQuestion[] = [];
      const engine = await stage.run(history, history.lines, {
        fees: (questions) => {
          asked.push(...questions.map((one) => ({ ...one, amount: BigInt(one.amount) })));
          return Promise.resolve(questions.map(({ amount, branch }) => Number(priceOf(BigInt(amount), branch))));
        },
      });
      expect(engine.plain.count).toBe(plain);
      expect(new Set(asked.map(({ branch }) => branch))).toEqual(new Set(['420000', GUANGDONG]));
    } finally {
      stage.close();
    }
  });

  test('is asked of settlement with the branch, once for each amount, channel and branch', async () => {
    const asked: RequestOf<'settlement', 'fees.quote'>['items'][number][] = [];
    const settlement = {
      call: (_: string, { items }: RequestOf<'settlement', 'fees.quote'>) => {
        asked.push(...items);
        const fees = items.map(({ amount, branch = '' }) => ({ fee: `${priceOf(BigInt(amount), branch)}` }));
        return Promise.resolve({ items: fees });
      },
    };
    const module = await Test.createTestingModule({
      providers: [ContractFees, { provide: Peers, useValue: { settlement } }],
    }).compile();
    const history = day('of the contract');
    const groups = buildGroups({ ...history, provider: PROVIDER, date: DAY, carried: [] });
    const questions = feeQuestions(groups.values(), options);
    const quote = await module.get(ContractFees).execute(PROVIDER, DAY, questions);
    const question = { provider: PROVIDER, date: DAY, amount: '5000', channel: 'sms' };
    expect(asked).toEqual([
      { ...question, branch: '420000' },
      { ...question, branch: GUANGDONG },
    ]);
    expect(questions.map((one) => quote(one))).toEqual([contractFee(5000n), priceOf(5000n, GUANGDONG)]);
    expect(quote({ amount: 5000n, channel: 'sms', branch: '430000' })).toBeUndefined();
  });
});
