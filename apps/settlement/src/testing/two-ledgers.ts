import type { RpcClient } from '@yidian/messaging';
import type { SettlementFixture } from './settlement-fixture';

/** The service ledger as far as a flow through both looks at it. */
export interface ServiceLedger {
  client: RpcClient<'billing'>;
  /** Every account that is not zero, credits − debits. */
  balances(): Promise<Record<string, bigint>>;
}

/** What a moment of a flow moves, by account: credits − debits in fen. */
export type Moves = Readonly<Record<string, number>>;

export interface Moment {
  service?: Moves;
  money?: Moves;
}

/** Billing counts behind its lanes: its sums come a moment after its transfers. */
const PATIENCE_MS = 6_000;

/**
 * One moment of a flow through both services: in each ledger every account moved as told and no other; then S1 and S2 with
 * the chains at billing, and M1-M4, S3, S4 and the empty outbox at settlement.
 */
export async function moment(
  service: ServiceLedger,
  money: SettlementFixture,
  work: () => Promise<unknown>,
  expected: Moment,
): Promise<void> {
  const before = [await service.balances(), asBigints(await money.balances())] as const;
  await work();
  await allHold(money);
  const after = [await service.balances(), asBigints(await money.balances())] as const;
  expect({ service: moved(before[0], after[0]), money: moved(before[1], after[1]) }).toEqual({
    service: expected.service ?? {},
    money: expected.money ?? {},
  });
  expect(await service.client.call('ledger.verify', {})).toMatchObject({ ok: true });
}

async function allHold(money: SettlementFixture): Promise<void> {
  for (const until = Date.now() + PATIENCE_MS; ;) {
    try {
      return await money.assertInvariants();
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

const asBigints = (balances: Record<string, string>): Record<string, bigint> =>
  Object.fromEntries(Object.entries(balances).map(([id, amount]) => [id, BigInt(amount)]));

/** Counts of what was taken back, with their other side: no value, only a limit. */
const isCount = (account: string): boolean => account.startsWith('guard/') || account.endsWith('/refunds');

function moved(before: Record<string, bigint>, after: Record<string, bigint>): Moves {
  const accounts = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((id) => !isCount(id)).sort();
  const moves = accounts.map((id) => [id, Number((after[id] ?? 0n) - (before[id] ?? 0n))] as const);
  return Object.fromEntries(moves.filter(([, amount]) => amount !== 0));
}
