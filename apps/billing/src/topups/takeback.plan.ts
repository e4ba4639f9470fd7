/**
 * What comes off a subscriber when a credit is taken back: the face, split over whoever bore it; of its gift the due share, as
 * far as it is unused; of the used rest what the policy of that time says. Decided under the locks of all accounts named here,
 * so that everything taken back of a payment together is never more than it was, and in the end exactly that.
 */
import type { ErrorCode } from '@yidian/errors';
import type { AccountOpening, Decision, Desk, Notes, Plan, TransferInput } from '@yidian/ledger';
import { giftDue, takeBack } from '@yidian/money';
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
import { BEARERS, type MadeOf } from './made-of';
import { NOTHING_TAKEN, type TakenParts } from './taken-parts.store';
import type { CreditOrigin } from './topup.posting';

export interface Takeback {
  paymentNo: string;
  origin: CreditOrigin;
  madeOf: MadeOf;
  /** Of the face, more than 0. */
  amount: bigint;
  /** Kind of the payer's part: refund, reversal, reverse_credit, move_credit. */
  kind: string;
  /** Key of the posting. */
  cause: string;
  /** `hold`: put aside, and refused where the balance is not there; `forced`: past the limit, what was spent becomes arrears. */
  mode: 'hold' | 'forced';
  /** Of nobody who can be reached any more: the branch bears the loss. */
  gone: boolean;
  /** Of a postpaid number: what it paid is open again. */
  bills: { frozen: boolean; day: string } | null;
}

type BalanceOf = (account: string) => bigint;

/** What one taking comes to, in minor units. */
interface Shares {
  charged: bigint;
  parts: TakenParts;
  /** Of the gift: given back unused, and taken from cash for what was used. */
  unused: bigint;
  fromCash: bigint;
}

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const positive = (a: bigint): bigint => (a > 0n ? a : 0n);

const isPlain = ({ charged, added, gift }: MadeOf): boolean =>
  gift === null && charged > 0n && BEARERS.every((bearer) => added[bearer] === 0n);

export function takebackPlan(takeback: Takeback): { opens: AccountOpening[]; plan: Plan } {
  const { paymentNo, origin, madeOf, mode, bills } = takeback;
  const subscriber = origin.subscriberId;
  const opens = [
    cashOpening(subscriber),
    ...(madeOf.gift ? [bonusOpening(subscriber)] : []),
    guardOpening(paymentNo, BigInt(origin.face)),
  ];
  const names = [
    ...(mode === 'hold' ? [rides.invoices(paymentNo)] : []),
    ...(isPlain(madeOf) ? [] : [rides.parts(paymentNo)]),
    ...(bills ? [rides.bills(subscriber, paymentNo)] : []),
  ];
  return {
    opens,
    plan: {
      accounts: opens.map(({ id }) => id),
      ...(names.length > 0 ? { rides: names } : {}),
      decide: (balanceOf, desk) => decide(takeback, balanceOf, desk),
    },
  };
}

function decide(takeback: Takeback, balanceOf: BalanceOf, desk: Desk): Decision {
  const { paymentNo, origin, madeOf, amount, mode, bills, cause } = takeback;
  const plain = isPlain(madeOf);
  const taken = plain ? NOTHING_TAKEN : billingDesk(desk).taken(paymentNo);
  const before = balanceOf(guardAccount(paymentNo));
  if (mode === 'hold' && billingDesk(desk).invoices(paymentNo).stands()) return refused('invoice_issued');
  if (before + amount > BigInt(origin.face)) return refused('refund_exceeds_paid');
  const shares = sharesOf(takeback, before, taken, balanceOf);
  if (shares === null) return refused('bonus_used');
  if (!isCovered(takeback, shares, balanceOf, desk)) return refused('refund_exceeds_balance');
  return {
    transfers: legsOf(takeback, shares),
    notes: notesOf(takeback, shares),
    accepted: () => {
      if (!plain) billingDesk(desk).take(paymentNo, shares.parts);
      if (bills) {
        const move = { cause, branch: origin.branch, balance: balanceOf(cashAccount(origin.subscriberId)), ...bills };
        billingDesk(desk).bills(origin.subscriberId).takeBack(paymentNo, amount, move);
      }
    },
  };
}

/** Null: the gift is used, and then there is no refund. A forced taking cannot be refused; then cash pays what it can. */
function sharesOf(takeback: Takeback, before: bigint, taken: TakenParts, balanceOf: BalanceOf): Shares | null {
  const { madeOf, amount, mode, origin, gone } = takeback;
  const borne = BEARERS.reduce((sum, bearer) => sum + taken[bearer], 0n);
  const all = [
    { given: madeOf.charged, back: before - borne },
    ...BEARERS.map((bearer) => ({ given: madeOf.added[bearer], back: taken[bearer] })),
  ];
  const [charged = 0n, home = 0n, hq = 0n, provider = 0n, partner = 0n] = takeBack(all, amount);
  const { gift } = madeOf;
  const due = gift ? giftDue({ given: gift.bonus, back: taken.bonus }, BigInt(origin.face), before + amount) : 0n;
  const unused = smaller(due, positive(balanceOf(bonusAccount(origin.subscriberId))));
  const used = due - unused;
  if (mode === 'hold' && used > 0n && gift?.refund === 'refuse') return null;
  const inCash = mode === 'hold' ? used : smaller(used, positive(balanceOf(cashAccount(origin.subscriberId)) - amount));
  const fromCash = gift?.refund === 'forfeit' || gone ? 0n : inCash;
  return { charged, parts: { home, hq, provider, partner, bonus: due }, unused, fromCash };
}

/** With bills the balance may fall as far as they are open: what they were paid with is owed again. */
function isCovered(takeback: Takeback, { fromCash }: Shares, balanceOf: BalanceOf, desk: Desk): boolean {
  const { mode, bills, origin, paymentNo, amount } = takeback;
  if (mode === 'forced' || !bills) return true; // forced: may pass it; otherwise the account's own limit decides
  const book = billingDesk(desk).bills(origin.subscriberId);
  const after = balanceOf(cashAccount(origin.subscriberId)) - amount - fromCash;
  return after >= -(book.open() + book.reopens(paymentNo, amount));
}

function legsOf(takeback: Takeback, { charged, parts, unused, fromCash }: Shares): TransferInput[] {
  const { paymentNo, origin, madeOf, amount, kind, mode, gone, bills } = takeback;
  const account = (name: 'receivable' | 'promotion' | 'loss' | 'refunds') => branchAccount(origin.branch, name);
  const cash = gone ? account('loss') : cashAccount(origin.subscriberId);
  const gift = `bonus_${madeOf.gift?.bearer ?? 'home'}`;
  const leg = (debit: string, credit: string, of: bigint, as: string): TransferInput => ({
    ...{ debit, credit, amount: of, kind: as, refersTo: paymentNo },
    ...(mode === 'hold' ? { aside: true, forced: bills !== null } : { forced: true }),
    onFloor: 'refund_exceeds_balance' satisfies ErrorCode,
  });
  const guard = { debit: account('refunds'), credit: guardAccount(paymentNo), amount, kind: 'guard' };
  return [
    leg(cash, account('receivable'), charged, kind),
    leg(cash, account('promotion'), parts.home, 'discount_home'),
    leg(cash, account('receivable'), parts.hq, 'discount_hq'),
    leg(cash, account('receivable'), parts.provider, 'discount_provider'),
    leg(cash, account('receivable'), parts.partner, 'discount_partner'),
    leg(bonusAccount(origin.subscriberId), account('promotion'), unused, gift),
    leg(cash, account('promotion'), fromCash, gift),
    { ...guard, refersTo: paymentNo, onCeiling: 'refund_exceeds_paid' satisfies ErrorCode },
  ].filter((one) => one.amount > 0n);
}

/** What the answer tells, and what a void has to put back. */
function notesOf({ madeOf, bills, origin }: Takeback, { charged, parts, unused, fromCash }: Shares): Notes {
  const told = { charged: String(charged), ...(bills ? { bills: `${origin.branch} ${origin.subscriberId}` } : {}) };
  if (isPlain(madeOf)) return told;
  const shares = Object.fromEntries(Object.entries(parts).map(([bearer, share]) => [bearer, String(share)]));
  return { ...told, ...shares, ...(madeOf.gift ? { giftTaken: String(unused + fromCash) } : {}) };
}

/** Whose bills a hold has opened again; null: nobody's. */
export function billsOf({ bills }: Notes): { branch: string; subscriberId: string } | null {
  if (bills === undefined) return null;
  const [branch = '', subscriberId = ''] = bills.split(' ');
  return { branch, subscriberId };
}

/** Negative: what a hold took goes back. Null: it took of nothing but what was charged. */
export function undoneParts(notes: Notes): TakenParts | null {
  if (notes['bonus'] === undefined) return null;
  const back = (name: keyof TakenParts) => -BigInt(notes[name] ?? '0');
  return {
    home: back('home'),
    hq: back('hq'),
    provider: back('provider'),
    partner: back('partner'),
    bonus: back('bonus'),
  };
}

const refused = (reason: ErrorCode): Decision => ({ transfers: [], reject: reason });
