/**
 * Value taken back from a credit at a province: split and held in the ledger before the province is asked, so that all
 * takebacks of a payment together never pass it; given on only when the province has taken it from its subscriber.
 */
import type { Decision, HoldInput, Notes, PostingKey, ResolveInput } from '@yidian/ledger';
import { fromDigits } from '@yidian/money';
import { dayOfPayment } from '../../calendar';
import { billingDesk, rides } from '../../desk/billing-desk';
import { guardAccount } from '../../ledger/accounts';
import { takenBack } from '../../topups/hold.posting';
import { addedBy, type MadeOf } from '../../topups/made-of';
import { takebackPlan, undoneParts } from '../../topups/takeback.plan';
import { atProvince } from './credit.posting';
import { takebackOf, type CreditContent, type OrderRow } from './order';

export const takebackKey = (row: OrderRow): PostingKey => ({
  key: takebackOf(row).holdKey,
  keyDay: dayOfPayment(row.paymentNo),
});

/** Gifts are the province's own: what came with a credit there is not ours to take back. */
const madeOf = ({ charged, discounts }: CreditContent): MadeOf => ({
  charged: fromDigits(charged),
  added: addedBy(discounts),
  gift: null,
});

/** Decided as for any subscriber, but for the balance: that is the province's to judge. */
export function heldTakeback(row: OrderRow): HoldInput {
  const { purpose, credit, actor } = takebackOf(row);
  const { paymentNo, amount, currency, branch } = row;
  const { key, keyDay } = takebackKey(row);
  const correction = purpose === 'correction';
  const { opens, plan } = takebackPlan({
    ...{ paymentNo, amount, origin: credit, madeOf: madeOf(credit), cause: key, gone: false, bills: null },
    kind: correction ? 'reverse_credit' : purpose,
    mode: correction ? 'forced' : 'hold',
  });
  const guard = guardAccount(paymentNo);
  return {
    ...{ key, keyDay, actor, currency },
    input: { paymentNo, kind: purpose, amount: String(amount), currency },
    opens: opens.filter(({ id }) => id === guard),
    plan: {
      ...plan,
      accounts: [guard],
      decide: (balanceOf, desk) => {
        const decision = plan.decide((account) => (account === guard ? balanceOf(account) : 0n), desk);
        return { ...decision, transfers: legsOf(decision, branch, guard) };
      },
    },
  };
}

/** Everything but what is counted waits for the province. */
const legsOf = ({ transfers }: Decision, branch: string, guard: string): Decision['transfers'] =>
  transfers.map((leg) => (leg.credit === guard ? leg : { ...atProvince(leg, branch), aside: true }));

/** The hold ends: carried out with its fact, or undone with what it had counted. */
export function takebackEnd(row: OrderRow, action: 'post' | 'void', notes: Notes): ResolveInput {
  const { credit, actor } = takebackOf(row);
  const parts = action === 'void' ? undoneParts(notes) : null;
  const at = new Date();
  return {
    ...takebackKey(row),
    action,
    actor,
    facts: (outcome) =>
      action === 'post' && outcome === 'posted' ? [takenBack(row.paymentNo, row.refNo, credit, row.amount, at)] : [],
    ...(parts
      ? { rides: [rides.parts(row.paymentNo)], accepted: (desk) => billingDesk(desk).take(row.paymentNo, parts) }
      : {}),
  };
}
