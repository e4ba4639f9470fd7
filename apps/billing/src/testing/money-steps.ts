import type { HoldAnswer, KeyAnswer } from '@yidian/contracts';
import { Ledger } from '@yidian/ledger';
import { branchAccount } from '../ledger/accounts';
import { billingFixture, HUBEI, OPEN_DATE, type BillingFixture } from './billing-fixture';

/** What a moment of a flow moves, by account: credits − debits in fen. */
export type Moves = Readonly<Record<string, number>>;
/** Open items per branch: credited and not settled +, taken back and not settled −. */
export type OpenItems = Readonly<Record<string, readonly number[]>>;

export interface MoneySteps extends BillingFixture {
  /**
   * One moment of a flow: every account moved as told and no other, the ledger sums to zero, every balance is the sum of its
   * transfers, the chains hold, and each branch's receivable is the sum of its open items.
   */
  step(work: () => Promise<unknown>, moves: Moves, open: OpenItems): Promise<void>;
  hold(key: string, paymentNo: string, amount: number, kind?: 'refund' | 'reversal'): Promise<HoldAnswer | undefined>;
  resolve(key: string, paymentNo: string, action: 'post' | 'void'): Promise<HoldAnswer | undefined>;
  reverse(key: string, paymentNo: string, amount: number): Promise<KeyAnswer | undefined>;
  settle(key: string, branch: string, amount: number): Promise<KeyAnswer | undefined>;
  /** Calls and texts: Dr the account Cr revenue, within its limit. */
  use(account: string, amount: number): Promise<void>;
}

/** Counts of what was taken back or written off, with their other side: no value, only a limit. */
const isCount = (account: string): boolean => account.startsWith('guard/') || account.endsWith('/refunds');

export async function moneySteps(): Promise<MoneySteps> {
  const billing = await billingFixture();
  const { client } = billing;
  const currency = 'CNY' as const;
  const meter = new Ledger({
    ...{ url: billing.database.url, db: billing.database.db, service: 'billing', instance: 'meter' },
  });
  await meter.open();
  return {
    ...billing,
    close: async () => {
      await meter.close();
      await billing.close();
    },
    use: (account, amount) => use(meter, account, BigInt(amount)),
    step: (work, moves, open) => step(billing, work, moves, open),
    hold: async (key, paymentNo, amount, kind = 'refund') =>
      (await client.call('holds.place', { items: [{ key, paymentNo, kind, amount: String(amount), currency }] }))
        .items[0],
    resolve: async (key, paymentNo, action) =>
      (await client.call('holds.resolve', { items: [{ key, paymentNo, action }] })).items[0],
    reverse: async (key, paymentNo, amount) =>
      (
        await client.call('credits.reverse', {
          items: [{ key, paymentNo, amount: String(amount), currency, reason: 'approved', actor: 'clerk.b' }],
        })
      ).items[0],
    settle: async (key, branch, amount) =>
      (
        await client.call('settled.post', {
          items: [{ key, branch, provider: 'bank_a', date: OPEN_DATE, amount: String(amount), currency }],
        })
      ).items[0],
  };
}

let calls = 0;

async function use(meter: Ledger, account: string, amount: bigint): Promise<void> {
  const { outcome } = await meter.post({
    ...{ key: `usage/${++calls}`, keyDay: OPEN_DATE, actor: 'meter', input: { account, amount: String(amount) } },
    transfers: [{ debit: account, credit: branchAccount(HUBEI, 'revenue'), amount, kind: 'usage' }],
  });
  if (outcome !== 'posted') throw new Error(`${amount} of ${account} is not there`);
}

async function step(
  billing: BillingFixture,
  work: () => Promise<unknown>,
  moves: Moves,
  open: OpenItems,
): Promise<void> {
  const before = await billing.balances();
  await work();
  const after = await billing.balances();
  expect(movedBetween(before, after)).toEqual(moves);
  expect(await billing.client.call('ledger.verify', {})).toMatchObject({ ok: true });
  for (const [branch, items] of Object.entries(open)) {
    const sum = items.reduce((total, item) => total + BigInt(item), 0n);
    expect([branch, -(after[`branch/${branch}/receivable`] ?? 0n)]).toEqual([branch, sum]);
  }
}

function movedBetween(before: Record<string, bigint>, after: Record<string, bigint>): Moves {
  const accounts = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((id) => !isCount(id)).sort();
  const moved = accounts.map((id) => [id, Number((after[id] ?? 0n) - (before[id] ?? 0n))] as const);
  return Object.fromEntries(moved.filter(([, amount]) => amount !== 0));
}
