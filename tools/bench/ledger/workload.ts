import type { FactInput } from '@yidian/journal';
import { NO_LIMIT, type PostingInput } from '@yidian/ledger';

/**
 * The top-ups of the benchmark, with the names and sizes that production has: 31 branches, subscriber ids of 30
 * characters, payment numbers that begin with day and second, nine promised fields, one fact each.
 */
export const DAY = '2026-11-22';
export const AMOUNT = 5_000n;
export const PROVIDER = 'bank_a';
export const BRANCHES = 31;

export const branchOf = (account: number): string => String(110_000 + (account % BRANCHES) * 10_000);
export const receivable = (account: number): string => `branch/${branchOf(account)}/receivable`;
export const subscriberId = (account: number): string => `sub_01KB3ZQ9T0${String(account).padStart(16, '0')}`;
export const cash = (account: number): string => `subscriber/${subscriberId(account)}/cash`;

/** As payment numbers are: day, second, writer, running number. Each run has seconds of its own, later than all before. */
export function paymentNo(run: number, n: number): string {
  const second = run * SECONDS_OF_A_RUN + Math.floor(n / 100_000);
  return `261122${String(second).padStart(5, '0')}0001${String(n % 100_000).padStart(5, '0')}`;
}

/** First and last possible key of a run. */
export const keysOf = (run: number): [first: string, last: string] => [
  paymentNo(run, 0),
  paymentNo(run, SECONDS_OF_A_RUN * 100_000 - 1),
];

/** 50 million keys. */
const SECONDS_OF_A_RUN = 500;

/** What the key promises, in the order of the names. */
export function promiseOf(account: number): Record<string, string> {
  return {
    subscriberId: subscriberId(account),
    branch: branchOf(account),
    provider: PROVIDER,
    channel: 'partner_api',
    partner: 'demo_bank',
    acquiringBranch: '440000',
    face: String(AMOUNT),
    charged: String(AMOUNT),
    currency: 'CNY',
  };
}

export function topup(key: string, account: number): PostingInput {
  const fact: FactInput = {
    provider: PROVIDER,
    kind: 'credited',
    paymentNo: key,
    refNo: '',
    providerTxnId: `T${key}`,
    amount: AMOUNT,
    currency: 'CNY',
    branch: branchOf(account),
    acquiringBranch: '440000',
    channel: 'partner_api',
    partner: 'demo_bank',
    businessDate: DAY,
    occurredAt: new Date(),
  };
  return {
    key,
    keyDay: DAY,
    actor: 'gateway',
    input: promiseOf(account),
    currency: 'CNY',
    opens: [{ id: cash(account), kind: 'cash', floor: 0n, ceiling: NO_LIMIT }],
    transfers: [{ debit: receivable(account), credit: cash(account), amount: AMOUNT, kind: 'topup' }],
    facts: () => [fact],
  };
}

/** One run of one contestant: keys of its own, accounts by its own rule. */
export interface Run {
  /** 1, 2 …; 0 is what was loaded. */
  run: number;
  accounts: number;
  hot: boolean;
}

/** Endless: every call gives the next key and an account, spread evenly or always the same. */
export function topups({ run, accounts, hot }: Run): () => { key: string; account: number } {
  let n = 0;
  // A step without a common divisor walks over all accounts, far apart from one to the next.
  const step = 7_919;
  return () => {
    n += 1;
    return { key: paymentNo(run, n), account: hot ? 0 : (n * step) % accounts };
  };
}
