/**
 * A credit of the face, once per payment number: Dr branch/<home>/receivable Cr subscriber/<id>/cash, the home branch's own
 * discount out of its promotions. A gift stands apart, on subscriber/<id>/bonus, and bills are paid, all in one posting. A refusal
 * is stored under the same key: a late retry cannot turn refunded money into a credit. The fact rides along.
 */
import type { BonusRefund, TopupItem } from '@yidian/contracts';
import type { ErrorCode } from '@yidian/errors';
import type { FactInput } from '@yidian/journal';
import type { AccountOpening, Notes, Plan, PostingInput, TransferInput } from '@yidian/ledger';
import { fromDigits } from '@yidian/money';
import { dayOfPayment } from '../calendar';
import { billingDesk, rides } from '../desk/billing-desk';
import { bonusAccount, bonusOpening, branchAccount, cashAccount, cashOpening } from '../ledger/accounts';
import type { Gift } from '../policies/terms';
import { addedBy, BEARERS, discountsText, giftNotes, type GivenGift } from './made-of';

/** Who is behind a credit: all of it is part of the promise of the key. */
export type CreditOrigin = {
  subscriberId: string;
  branch: string;
  provider: string;
  channel: string;
  partner: string;
  acquiringBranch: string;
  face: string;
};

export const paymentKey = (paymentNo: string): { key: string; keyDay: string } => ({
  key: paymentNo,
  keyDay: dayOfPayment(paymentNo),
});

/** What the branch adds to a credit, as it stood when the credit was judged. No part of the promise: it may change meanwhile. */
export interface CreditTerms {
  gift: Gift | null;
  bonusRefund: BonusRefund;
  /** Of a postpaid number: the credit pays its bills, unless the billing run is on. */
  bills: { frozen: boolean; day: string } | null;
}

const PLAIN: CreditTerms = { gift: null, bonusRefund: 'forfeit', bills: null };

/** Not in the promise: the provider's transaction id and date may be learned between two tries of the same credit. */
function promise(item: TopupItem): CreditOrigin & { charged: string; currency: string; discounts?: string } {
  const { subscriberId, branch, provider, channel, partner, acquiringBranch, face, charged, currency } = item;
  // In the order of the names, in which they are written.
  const made = { acquiringBranch, branch, channel, charged, currency, face, partner, provider, subscriberId };
  const discounts = discountsText(item.discounts);
  return discounts === '' ? made : { ...made, discounts };
}

export function topupPosting(
  item: TopupItem,
  reject: ErrorCode | undefined,
  at: Date,
  terms: CreditTerms = PLAIN,
): PostingInput {
  const fact = factOf(item.key, item, at);
  fact.providerTxnId = item.providerTxnId;
  fact.businessDate = item.businessDate;
  const given = reject ? undefined : giving(item, terms);
  return {
    key: item.key,
    keyDay: dayOfPayment(item.key),
    actor: 'gateway',
    input: promise(item),
    currency: item.currency,
    transfers: given?.transfers ?? [],
    reject,
    opens: given?.opens,
    notes: given?.notes,
    plan: given?.plan,
    facts: (outcome) => {
      fact.kind = outcome === 'posted' ? 'credited' : 'credit_rejected';
      return [fact];
    },
  };
}

interface Given {
  transfers: readonly TransferInput[];
  opens: readonly AccountOpening[];
  notes: Notes | undefined;
  plan: Plan | undefined;
}

function giving(item: TopupItem, { gift: given, bonusRefund, bills }: CreditTerms): Given {
  const cash = cashOpening(item.subscriberId);
  const transfers = cashLegs(item, cash.id);
  const opens = [cash];
  let notes: Notes | undefined;
  if (given) {
    const gift = { ...given, refund: bonusRefund };
    transfers.push(giftLeg(item, gift));
    opens.push(bonusOpening(item.subscriberId));
    notes = giftNotes(gift);
  }
  if (!bills) return { transfers, opens, notes, plan: undefined };
  return { transfers: [], opens, notes: undefined, plan: payingBills(item, { transfers, notes }, opens, bills) };
}

/** One leg per bearer, so that each transfer says by its kind whose it is; only the home branch's is not owed by headquarters. */
function cashLegs(item: TopupItem, credit: string): TransferInput[] {
  const receivable = branchAccount(item.branch, 'receivable');
  const paid = { debit: receivable, credit, amount: fromDigits(item.charged), kind: 'topup' };
  if (!item.discounts) return [paid];
  const added = addedBy(item.discounts);
  const promotion = branchAccount(item.branch, 'promotion');
  return [
    paid,
    ...BEARERS.map((bearer) => ({
      ...{ debit: bearer === 'home' ? promotion : receivable, credit },
      ...{ amount: added[bearer], kind: `discount_${bearer}`, refersTo: item.key },
    })),
  ].filter(({ amount }) => amount > 0n);
}

const giftLeg = ({ key, branch, subscriberId }: TopupItem, { bonus, bearer }: GivenGift): TransferInput => ({
  debit: branchAccount(branch, 'promotion'),
  credit: bonusAccount(subscriberId),
  amount: bonus,
  kind: `bonus_${bearer}`,
  refersTo: key,
});

function payingBills(
  { key, subscriberId, branch, face }: TopupItem,
  decision: Pick<Given, 'transfers' | 'notes'>,
  opens: readonly { id: string }[],
  bills: NonNullable<CreditTerms['bills']>,
): Plan {
  const cash = cashAccount(subscriberId);
  return {
    accounts: opens.map(({ id }) => id),
    rides: [rides.bills(subscriberId)],
    decide: (balanceOf, desk) => ({
      ...decision,
      accepted: () => {
        const move = { cause: key, branch, balance: balanceOf(cash), ...bills };
        billingDesk(desk).bills(subscriberId).credit(key, fromDigits(face), move);
      },
    }),
  };
}

/** Members that every credit fact of a payment has alike; kind `credited`, amount = face until the caller says otherwise. */
export function factOf(paymentNo: string, origin: Omit<CreditOrigin, 'subscriberId'>, at: Date): FactInput {
  return {
    provider: origin.provider,
    kind: 'credited',
    paymentNo,
    refNo: '',
    providerTxnId: '',
    amount: fromDigits(origin.face),
    currency: 'CNY',
    branch: origin.branch,
    acquiringBranch: origin.acquiringBranch,
    channel: origin.channel,
    partner: origin.partner,
    businessDate: null,
    occurredAt: at,
  };
}
