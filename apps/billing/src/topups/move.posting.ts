/**
 * The credit of a payment went to a subscriber of the wrong branch: what is left of it goes back to that branch's
 * receivable and from the right branch's to the right subscriber, in one posting, once per payment. What is spent becomes
 * arrears of whom it was not for; of a gift only what is unused moves. From then on takebacks are asked of the new subscriber.
 */
import type { creditsMove } from '@yidian/contracts';
import type { ErrorCode } from '@yidian/errors';
import type { FactInput } from '@yidian/journal';
import type { Decision, Desk, PostingInput, PostingKey, TransferInput } from '@yidian/ledger';
import type { z } from 'zod';
import { dayOfPayment } from '../calendar';
import { billingDesk, rides } from '../desk/billing-desk';
import {
  bonusAccount,
  bonusOpening,
  branchAccount,
  cashAccount,
  cashOpening,
  guardAccount,
  guardOpening,
} from '../ledger/accounts';
import type { BillsNow } from '../policies/billing-terms';
import { takenBack, type TakenCredit } from './hold.posting';
import { factOf } from './topup.posting';

export type MoveItem = z.output<typeof creditsMove>['items'][number];

/** By the payment, not by the resolution: a credit moves once. */
export const moveKey = (paymentNo: string): PostingKey => ({
  key: `move/${paymentNo}`,
  keyDay: dayOfPayment(paymentNo),
});

interface Side {
  subscriberId: string;
  branch: string;
  bills: BillsNow | null;
}

export interface Move {
  item: MoveItem;
  credit: TakenCredit;
  from: Side & { gone: boolean };
  to: Side;
}

export function movePosting(move: Move): PostingInput {
  const { item, credit, from, to } = move;
  const { paymentNo, key, currency } = item;
  const opens = [
    ...[from, to].map((side) => cashOpening(side.subscriberId)),
    ...(credit.madeOf.gift ? [from, to].map((side) => bonusOpening(side.subscriberId)) : []),
    guardOpening(paymentNo, BigInt(credit.origin.face)),
  ];
  const names = [from, to].flatMap(({ bills, subscriberId }) => (bills ? [rides.bills(subscriberId, paymentNo)] : []));
  // The facts are asked for after the decision, and their amount is what was left then.
  let left = 0n;
  return {
    ...moveKey(paymentNo),
    actor: item.actor,
    input: { resolution: key, paymentNo, toSubscriber: to.subscriberId, toBranch: to.branch, currency },
    currency,
    opens,
    transfers: [],
    plan: {
      accounts: opens.map(({ id }) => id),
      rides: [rides.parts(paymentNo), ...names],
      decide: (balanceOf, desk) => {
        left = BigInt(credit.origin.face) - balanceOf(guardAccount(paymentNo));
        return decide(move, left, balanceOf, desk);
      },
    },
    facts: (outcome) => (outcome === 'posted' ? factsOf(move, left, new Date()) : []),
  };
}

function decide(move: Move, left: bigint, balanceOf: (account: string) => bigint, desk: Desk): Decision {
  const { item, credit, from, to } = move;
  if (left <= 0n) return { transfers: [], reject: 'state_conflict' satisfies ErrorCode };
  const rows = billingDesk(desk);
  const taken = rows.taken(item.paymentNo);
  const [home, hq] = [credit.madeOf.added.home - taken.home, credit.madeOf.added.hq - taken.hq];
  const due = (credit.madeOf.gift?.bonus ?? 0n) - taken.bonus;
  const unused = balanceOf(bonusAccount(from.subscriberId));
  return {
    transfers: legsOf(move, { funded: left - home - hq, home, hq, gift: due < unused ? due : unused }),
    accepted: () => {
      const at = (side: Side) => ({ branch: side.branch, balance: balanceOf(cashAccount(side.subscriberId)) });
      const cause = moveKey(item.paymentNo).key;
      if (from.bills)
        rows.bills(from.subscriberId).takeBack(item.paymentNo, left, { cause, ...at(from), ...from.bills });
      if (to.bills) rows.bills(to.subscriberId).credit(item.paymentNo, left, { cause, ...at(to), ...to.bills });
    },
  };
}

interface Shares {
  /** Charged, and what whoever brought the money has added. */
  funded: bigint;
  home: bigint;
  /** Headquarters owes it to the right branch from now on, and settlement reads it from the kind. */
  hq: bigint;
  gift: bigint;
}

function legsOf({ item, credit, from, to }: Move, { funded, home, hq, gift }: Shares): TransferInput[] {
  const [cash, nextCash] = [cashAccount(from.subscriberId), cashAccount(to.subscriberId)];
  const [bonus, nextBonus] = [bonusAccount(from.subscriberId), bonusAccount(to.subscriberId)];
  const payer = from.gone ? branchAccount(from.branch, 'loss') : cash;
  const giftKind = `bonus_${credit.madeOf.gift?.bearer ?? 'home'}`;
  const leg = (debit: string, account: string, amount: bigint, kind: string): TransferInput => ({
    ...{ debit, credit: account, amount, kind, refersTo: item.paymentNo, forced: true },
  });
  return [
    leg(payer, branchAccount(from.branch, 'receivable'), funded, 'move_credit'),
    leg(payer, branchAccount(from.branch, 'receivable'), hq, 'discount_hq'),
    leg(payer, branchAccount(from.branch, 'promotion'), home, 'discount_home'),
    leg(branchAccount(to.branch, 'receivable'), nextCash, funded, 'move_credit'),
    leg(branchAccount(to.branch, 'receivable'), nextCash, hq, 'discount_hq'),
    leg(branchAccount(to.branch, 'promotion'), nextCash, home, 'discount_home'),
    leg(bonus, branchAccount(from.branch, 'promotion'), gift, giftKind),
    leg(branchAccount(to.branch, 'promotion'), nextBonus, gift, giftKind),
  ].filter(({ amount }) => amount > 0n);
}

function factsOf({ item, credit, from, to }: Move, left: bigint, at: Date): FactInput[] {
  const { origin } = credit;
  return [
    takenBack(item.paymentNo, item.key, { ...origin, branch: from.branch }, left, at),
    { ...factOf(item.paymentNo, { ...origin, branch: to.branch }, at), refNo: item.key, amount: left },
  ];
}
