/**
 * A refund failed for good and its value was taken from the subscriber all the same: what that taking moved is moved back, in
 * one posting, once per refund number whatever the number of resolutions. The payment may be refunded again afterwards.
 */
import type { creditsGiveBack } from '@yidian/contracts';
import type { Decision, Desk, PostingInput, PostingKey, TransferInput } from '@yidian/ledger';
import { dayOfPayment } from '../calendar';
import type { z } from 'zod';
import { billingDesk, rides } from '../desk/billing-desk';
import {
  bonusAccount,
  branchAccount,
  cashAccount,
  cashOpening,
  bonusOpening,
  guardAccount,
  guardOpening,
} from '../ledger/accounts';
import type { BillsNow } from '../policies/billing-terms';
import { takenBack, type StoredHold } from './hold.posting';
import type { MadeOf } from './made-of';
import { billsOf, undoneParts } from './takeback.plan';

export type GiveBackItem = z.output<typeof creditsGiveBack>['items'][number];

export const giveBackKey = (refNo: string, paymentNo: string): PostingKey => ({
  key: `give_back/${refNo}`,
  keyDay: dayOfPayment(paymentNo),
});

export interface GiveBack {
  item: GiveBackItem;
  hold: StoredHold;
  madeOf: MadeOf;
  bills: BillsNow | null;
}

export function giveBackPosting(back: GiveBack): PostingInput {
  const { item, hold } = back;
  const { paymentNo, refNo, currency, actor } = item;
  const subscriber = hold.origin.subscriberId;
  const gift = giftOf(back);
  const opens = [
    cashOpening(subscriber),
    ...(gift > 0n ? [bonusOpening(subscriber)] : []),
    guardOpening(paymentNo, BigInt(hold.origin.face)),
  ];
  const parts = undoneParts(hold.notes);
  const hasBills = back.bills !== null && billsOf(hold.notes) !== null;
  const names = [...(parts ? [rides.parts(paymentNo)] : []), ...(hasBills ? [rides.bills(subscriber, paymentNo)] : [])];
  return {
    ...giveBackKey(refNo, paymentNo),
    actor,
    // Not the resolution: two of them that give the same refund back are one.
    input: { paymentNo, refNo, currency },
    currency,
    opens,
    transfers: [],
    plan: {
      accounts: opens.map(({ id }) => id),
      ...(names.length > 0 ? { rides: names } : {}),
      decide: (balanceOf, desk) => decide(back, gift, balanceOf, desk),
    },
    facts: (outcome) =>
      outcome === 'posted' ? [takenBack(paymentNo, refNo, hold.origin, -hold.amount, new Date())] : [],
  };
}

const giftOf = ({ hold }: GiveBack): bigint => BigInt(hold.notes['giftTaken'] ?? '0');

function decide(back: GiveBack, gift: bigint, balanceOf: (account: string) => bigint, desk: Desk): Decision {
  const { item, hold, bills } = back;
  const subscriber = hold.origin.subscriberId;
  const parts = undoneParts(hold.notes);
  return {
    transfers: legsOf(back, gift),
    accepted: () => {
      if (parts) billingDesk(desk).take(item.paymentNo, parts);
      if (!bills || !billsOf(hold.notes)) return;
      const at = { branch: hold.origin.branch, balance: balanceOf(cashAccount(subscriber)) };
      const cause = giveBackKey(item.refNo, item.paymentNo).key;
      billingDesk(desk)
        .bills(subscriber)
        .giveBack(item.paymentNo, hold.amount, { cause, ...at, ...bills });
    },
  };
}

function legsOf({ item, hold, madeOf }: GiveBack, gift: bigint): TransferInput[] {
  const { origin, amount, notes } = hold;
  const account = (name: 'receivable' | 'promotion' | 'refunds') => branchAccount(origin.branch, name);
  const cash = cashAccount(origin.subscriberId);
  const share = (name: string) => BigInt(notes[name] ?? '0');
  const leg = (debit: string, credit: string, of: bigint, kind: string): TransferInput => ({
    ...{ debit, credit, amount: of, kind, refersTo: item.paymentNo, forced: true },
  });
  return [
    leg(account('receivable'), cash, notes['charged'] === undefined ? amount : share('charged'), 'give_back'),
    leg(account('promotion'), cash, share('home'), 'discount_home'),
    leg(account('receivable'), cash, share('hq'), 'discount_hq'),
    leg(account('receivable'), cash, share('provider'), 'discount_provider'),
    leg(account('receivable'), cash, share('partner'), 'discount_partner'),
    leg(account('promotion'), bonusAccount(origin.subscriberId), gift, `bonus_${madeOf.gift?.bearer ?? 'home'}`),
    leg(guardAccount(item.paymentNo), account('refunds'), amount, 'guard'),
  ].filter((one) => one.amount > 0n);
}
