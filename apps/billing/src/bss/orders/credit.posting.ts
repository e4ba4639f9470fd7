/**
 * A credit at a province (MONEY 7a, 7b): pending Dr branch/<b>/receivable Cr branch/<b>/bss as a hold under the payment's own
 * number, so that a key is decided once whoever keeps the balance. Posted with its fact when the province said so, released
 * when it refused or surely never did it. branch/<b>/bss stands for all subscribers of the province.
 */
import type { ErrorCode } from '@yidian/errors';
import type { FactInput } from '@yidian/journal';
import type { HoldInput, ResolveInput, TransferInput } from '@yidian/ledger';
import { branchAccount } from '../../ledger/accounts';
import { factOf, paymentKey, topupPosting } from '../../topups/topup.posting';
import { creditOf, type CreditContent, type OrderRow } from './order';

/** What the same key may not change; part of the key's promise like that of any other credit. */
export const promiseOf = (item: CreditContent): Record<string, string> =>
  topupPosting(item, undefined, new Date()).input;

/** The first field in which the item differs from the one the key stands for. */
export function difference(stored: CreditContent, sent: CreditContent): string | undefined {
  const [a, b] = [promiseOf(stored), promiseOf(sent)];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].sort().find((name) => a[name] !== b[name]);
}

/** The legs of any credit, with the province in place of its subscriber: who bears what is the same wherever he is. */
export function pendingCredit(row: OrderRow): HoldInput {
  const { actor, input, transfers } = topupPosting(creditOf(row), undefined, new Date());
  const legs = transfers.map((leg) => ({ ...atProvince(leg, row.branch), aside: true }));
  const plan = { accounts: [], decide: () => ({ transfers: legs }) };
  // `bss` says that whoever reads the posting has to look for its resolution.
  return { ...paymentKey(row.paymentNo), actor, input: { ...input, bss: row.branch }, currency: row.currency, plan };
}

/** branch/<b>/bss stands for whichever of its subscribers a leg names. */
export const atProvince = (leg: TransferInput, branch: string): TransferInput => ({
  ...leg,
  debit: ofProvince(leg.debit, branch),
  credit: ofProvince(leg.credit, branch),
});

const ofProvince = (account: string, branch: string): string =>
  account.startsWith('subscriber/') ? branchAccount(branch, 'bss') : account;

/** How a decided credit ends in the ledger, with the fact that its book shows. */
export function creditEnd(row: OrderRow): ResolveInput {
  const item = creditOf(row);
  const at = new Date();
  const fact = (kind: FactInput['kind']): FactInput => ({
    ...factOf(row.paymentNo, item, at),
    providerTxnId: item.providerTxnId,
    businessDate: item.businessDate,
    kind,
  });
  const kind = row.state === 'done' ? 'credited' : row.state === 'refused' ? 'credit_rejected' : 'credit_voided';
  return {
    ...paymentKey(row.paymentNo),
    action: row.state === 'done' ? 'post' : 'void',
    actor: 'bss',
    facts: (outcome) => (outcome === 'posted' ? [fact(kind)] : []),
  };
}

const REASONS: Readonly<Record<string, ErrorCode>> = {
  number_unknown: 'number_unknown',
  number_closed: 'number_closed',
  number_suspended: 'number_suspended',
  owner_changed: 'number_owner_changed',
  amount_too_small: 'amount_below_minimum',
  amount_too_large: 'amount_above_maximum',
  balance_used: 'refund_exceeds_balance',
  exceeds_credit: 'refund_exceeds_paid',
};

/** A reason nobody listed is still a refusal: the province's word is explicit, only its cause is not. */
export const reasonOf = (said: string): ErrorCode =>
  Object.hasOwn(REASONS, said) ? (REASONS[said] ?? 'state_conflict') : 'state_conflict';
