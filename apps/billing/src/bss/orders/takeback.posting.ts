/**
 * Value taken back from a credit at a province: held in the ledger before the province is asked, so that all takebacks of a
 * payment together never pass it; given on only when the province has taken it from its subscriber.
 */
import type { ErrorCode } from '@yidian/errors';
import type { HoldInput, PostingKey, ResolveInput } from '@yidian/ledger';
import { fromDigits } from '@yidian/money';
import { dayOfPayment } from '../../calendar';
import { branchAccount, guardOpening } from '../../ledger/accounts';
import { guardTransfer, takenBack } from '../../topups/hold.posting';
import { takebackOf, type OrderRow } from './order';

export const takebackKey = (row: OrderRow): PostingKey => ({
  key: takebackOf(row).holdKey,
  keyDay: dayOfPayment(row.paymentNo),
});

export function heldTakeback(row: OrderRow): HoldInput {
  const { purpose, origin, actor } = takebackOf(row);
  const { paymentNo, amount, currency, branch } = row;
  return {
    ...takebackKey(row),
    actor,
    input: { paymentNo, kind: purpose, amount: String(amount), currency },
    currency,
    take: {
      debit: branchAccount(branch, 'bss'),
      credit: branchAccount(branch, 'receivable'),
      amount,
      kind: purpose === 'correction' ? 'reverse_credit' : purpose,
      refersTo: paymentNo,
      onFloor: 'refund_exceeds_balance' satisfies ErrorCode,
    },
    guards: [guardTransfer(paymentNo, branch, amount)],
    opens: [guardOpening(paymentNo, fromDigits(origin.face))],
  };
}

/** The hold ends: carried out with its fact, or undone. */
export function takebackEnd(row: OrderRow, action: 'post' | 'void'): ResolveInput {
  const { origin, actor } = takebackOf(row);
  const at = new Date();
  return {
    ...takebackKey(row),
    action,
    actor,
    facts: (outcome) =>
      action === 'post' && outcome === 'posted' ? [takenBack(row.paymentNo, row.refNo, origin, row.amount, at)] : [],
  };
}
