import type { ErrorCode } from '@yidian/errors';
import { beijingDay, beijingMonth, monthBefore } from './beijing';
import type { DecisionRow } from '../routing/route';
import type { AttemptRow, KeyRow, PaymentRow } from './payment.rows';
import type { LimitRow } from './working-rows';
import { usageKey, type WorkingSet } from './working-set';

/** A key and what it promises: the same key with the same input is answered the same way for ever. */
export type Guard = Omit<KeyRow, 'created_at'>;

export interface CreateWrite {
  do: 'create';
  guard: Guard;
  /** State `created`, credit `none`, version 0. */
  payment: PaymentRow;
  /** The call that will be made; null for collected money. */
  attempt: AttemptRow | null;
  /** Most a collecting partner may hold for its open date, or at all; null: no limit. */
  exposureLimit: bigint | null;
  exposureHeld?: boolean;
  /** Why the attempt goes where it goes, when the choice was ours. */
  decision?: DecisionRow | null;
  /** The provider is away and nobody waits: the call is made then. */
  waitUntil?: Date | null;
}

export type Created =
  | { result: 'created'; payment: PaymentRow }
  | { result: 'seen'; key: KeyRow }
  | { result: 'refused'; code: ErrorCode; paymentNo?: string };

/** Guards key and reference, checks limits with everything in flight, then writes payment and attempt: intent before effect. */
export function create(set: WorkingSet, write: CreateWrite): Created {
  const { guard } = write;
  // Copies: a batch that is run again starts from the item as it was submitted.
  const payment = { ...write.payment };
  const attempt = write.attempt ? { ...write.attempt } : null;
  const key = set.keys.get(keyName(guard));
  if (key) return { result: 'seen', key };
  const refusal = referenceRefusal(set, payment) ?? replaceRefusal(set, payment) ?? limitRefusal(set, payment, write);
  if (refusal) return refusal;
  keep(set, guard);
  payment.created_at = set.now;
  payment.updated_at = set.now;
  payment.business_date = set.bookDate(payment.provider);
  set.addPayment(payment);
  if (payment.reference !== '') {
    const row = {
      partner: payment.partner,
      reference: payment.reference,
      payment_no: payment.payment_no,
      reversed_by: null,
      created_at: set.now,
    };
    set.references.set(referenceName(row), row);
    set.newReferences.push(row);
  }
  use(set, payment, 1n);
  const counted = exposurePeriod(write, (provider) => set.bookDate(provider));
  if (counted !== null) set.use(exposureOwner(payment.provider), counted, payment.charged);
  if (write.decision) set.decisions.push(write.decision);
  begin(set, payment, attempt, write.waitUntil ?? null);
  return { result: 'created', payment };
}

/** Collected money is paid at once; a debit is submitted at once; a cashier waits for the provider's page. */
function begin(set: WorkingSet, payment: PaymentRow, attempt: AttemptRow | null, waitUntil: Date | null): void {
  if (attempt) {
    attempt.submitted_at = set.now;
    set.addAttempt(attempt);
  }
  if (payment.funding === 'collected') {
    payment.book_date = set.bookDate(payment.provider);
    set.begin(payment, 'paid', 'requested');
    set.fact(payment, 'paid', payment.payment_no);
  } else if (waitUntil) {
    payment.due_at = waitUntil;
  } else if (payment.funding === 'agreement') {
    set.move(payment, 'submitted', `attempt ${attempt?.attempt_no ?? ''}`);
    set.fact(payment, 'submitted', attempt?.attempt_no ?? '');
  } else {
    payment.due_at = new Date(set.now.getTime() + CASHIER_OPENS_MS);
  }
}

/** After this a page that we never heard of is closed at the provider. */
export const CASHIER_OPENS_MS = 60_000;

export const keyName = (guard: { scope: string; k: string }): string => `${guard.scope} ${guard.k}`;
export const referenceName = (row: { partner: string; reference: string }): string => `${row.partner} ${row.reference}`;

export function keep(set: WorkingSet, guard: Guard): void {
  const { scope, k, request_hash, members, object_kind, object_id } = guard;
  const row = { scope, k, request_hash, members, object_kind, object_id, created_at: set.now };
  set.keys.set(keyName(guard), row);
  set.newKeys.push(row);
}

function referenceRefusal(set: WorkingSet, payment: PaymentRow): Created | null {
  if (payment.reference === '') return null;
  const row = set.references.get(referenceName(payment));
  if (!row) return null;
  if (row.payment_no) return { result: 'refused', code: 'reference_used', paymentNo: row.payment_no };
  return { result: 'refused', code: 'reference_reversed' };
}

/** Only a payment of the same payer and number that is unknown, or whose page is open, may be paid again knowingly. */
function replaceRefusal(set: WorkingSet, payment: PaymentRow): Created | null {
  if (!payment.replaces) return null;
  const first = set.payments.get(payment.replaces);
  const fits =
    first !== undefined &&
    mayBeReplaced(first) &&
    first.msisdn_blind === payment.msisdn_blind &&
    first.partner === payment.partner &&
    first.payer_blind === payment.payer_blind;
  if (!fits) return { result: 'refused', code: 'state_conflict' };
  if (!first.root_no) {
    first.root_no = first.payment_no;
    set.newChain.push({ root_no: first.root_no, payment_no: first.payment_no });
  }
  payment.root_no = first.root_no;
  set.newChain.push({ root_no: first.root_no, payment_no: payment.payment_no });
  first.version++;
  set.touch(first);
  return null;
}

/** An open page stays so until its expiry, and its own ladder closes it; of two that are paid the later goes back. */
const mayBeReplaced = ({ state, funding }: PaymentRow): boolean =>
  state === 'unknown' || (funding === 'cashier' && (state === 'submitted' || state === 'created'));

function limitRefusal(set: WorkingSet, payment: PaymentRow, write: CreateWrite): Created | null {
  const refused = (code: ErrorCode): Created => ({ result: 'refused', code });
  const over = overLimit(set, payment, set.now);
  if (over) return refused(over);
  const period = exposurePeriod(write, (provider) => set.bookDate(provider));
  if (period !== null && passes(set, payment, [exposureOwner(payment.provider), period, write.exposureLimit ?? 0n]))
    return refused('exposure_exceeded');
  return null;
}

type Charged = Pick<PaymentRow, 'agreement_id' | 'linked_id' | 'charged'>;

const passes = (
  set: WorkingSet,
  { charged }: Pick<PaymentRow, 'charged'>,
  [owner, period, limit]: [owner: string, period: string, limit: bigint],
): boolean => (set.usage.get(usageKey(owner, period)) ?? 0n) + charged > limit;

/** Whatever a new one has paid, it has paid this month, or last month where that has ended meanwhile. */
function cools(set: WorkingSet, payment: Charged, { id, limit_cooling: limit }: LimitRow, month: string): boolean {
  if (limit === null) return false;
  const earlier = set.usage.get(usageKey(id, monthBefore(month))) ?? 0n;
  return passes(set, payment, [id, month, limit - earlier]);
}

/** Judges the limits of what pays, with all that is in flight; null: within them. */
export function overLimit(set: WorkingSet, payment: Charged, at: Date): ErrorCode | null {
  if (payment.agreement_id) {
    const [day, month] = [beijingDay(at), beijingMonth(at)];
    const agreement = set.agreements.get(payment.agreement_id);
    if (agreement?.state !== 'active') return 'agreement_not_active';
    if (cools(set, payment, agreement, month)) return 'limit_cooling';
    if (payment.charged > agreement.limit_payment) return 'limit_payment';
    if (passes(set, payment, [agreement.id, day, agreement.limit_day])) return 'limit_day';
    if (passes(set, payment, [agreement.id, month, agreement.limit_month])) return 'limit_month';
  }
  if (payment.linked_id) {
    const linked = set.linked.get(payment.linked_id);
    if (linked?.state !== 'active') return 'consent_missing';
    if (cools(set, payment, linked, beijingMonth(at))) return 'limit_cooling';
    if (passes(set, payment, [linked.id, beijingMonth(at), linked.limit_month])) return 'limit_month';
  }
  return null;
}

export const exposureOwner = (provider: string): string => `exposure:${provider}`;
/** Counter of what is held until it is remitted. */
export const HELD = 'held';

/** Which counter of the partner's a payment moves; null: none, it has no limit or takes no money itself. */
export function exposurePeriod(
  { exposureLimit, exposureHeld, payment }: Pick<CreateWrite, 'exposureLimit' | 'exposureHeld' | 'payment'>,
  bookDate: (provider: string) => string,
): string | null {
  if (exposureLimit === null || payment.funding !== 'collected') return null;
  return exposureHeld ? HELD : bookDate(payment.provider);
}

/** Limits count what is in flight and unknown; only a sure "nothing was taken" gives them back. */
export function use(set: WorkingSet, payment: PaymentRow, sign: 1n | -1n): void {
  const amount = sign * payment.charged;
  if (payment.agreement_id) {
    set.use(payment.agreement_id, beijingDay(payment.created_at), amount);
    set.use(payment.agreement_id, beijingMonth(payment.created_at), amount);
  }
  if (payment.linked_id) set.use(payment.linked_id, beijingMonth(payment.created_at), amount);
}
