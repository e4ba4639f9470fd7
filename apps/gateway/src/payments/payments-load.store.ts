import type { Row } from '@yidian/database';
import type { LaneTx, Statement } from '@yidian/journal';
import { beijingDay, beijingMonth } from './beijing';
import type { AttemptRow, KeyRow, PaymentRow, ReferenceRow, RefundRow } from './payment.rows';
import type { PaymentWrite } from './payment.writes';
import { exposureOwner, keyName, referenceName } from './rule-create';
import type { LimitRow, SeenRow } from './working-rows';
import { usageKey, type WorkingSet } from './working-set';

/** One SELECT of a batch and where its rows go. */
export interface Read {
  statement: Statement;
  /** Its rows are keys of this batch that somebody has stored. */
  keys: boolean;
  take(set: WorkingSet, rows: readonly Row[]): void;
}

const LOCK_PAYMENTS =
  'SELECT * FROM payment FORCE INDEX (PRIMARY) WHERE payment_no IN (?) ORDER BY payment_no FOR UPDATE';
const REFUNDS_OF = 'SELECT * FROM refund FORCE INDEX (refund_payment) WHERE payment_no IN (?)';

/** Which rows a batch needs. Payments first and locked, keys after them: who waited for a payment sees the other's key. */
export function plan(items: readonly PaymentWrite[]): Read[] {
  return [...moneyReads(items), ...limitReads(items), ...keyReads(items)].filter((read) => read !== null);
}

function moneyReads(items: readonly PaymentWrite[]): (Read | null)[] {
  return [
    read<PaymentRow>(LOCK_PAYMENTS, [items.flatMap(paymentsOf)], (set, row) => set.payments.set(row.payment_no, row)),
    read<SeenRow>(
      'SELECT payment_no, version, tries FROM payment FORCE INDEX (PRIMARY) WHERE payment_no IN (?) ORDER BY payment_no FOR UPDATE',
      [items.flatMap((item) => knownOf(item)?.payment_no ?? [])],
      (set, row) => set.seen.set(row.payment_no, row),
    ),
    read<AttemptRow>(
      'SELECT * FROM attempt FORCE INDEX (PRIMARY) WHERE attempt_no IN (?)',
      [items.flatMap((item) => (item.do === 'attempt' ? [item.attemptNo] : []))],
      (set, row) => set.attempts.set(row.attempt_no, row),
    ),
    read<RefundRow>(REFUNDS_OF, [items.flatMap((item) => (touchesRefunds(item) ? [item.paymentNo] : []))], (set, row) =>
      set.refunds.set(row.refund_no, row),
    ),
  ];
}

function limitReads(items: readonly PaymentWrite[]): (Read | null)[] {
  const created = items.flatMap((item) => (item.do === 'create' ? [item.payment] : []));
  return [
    read<LimitRow>(
      'SELECT id, state, limit_payment, limit_day, limit_month FROM agreement WHERE id IN (?)',
      [created.flatMap((payment) => payment.agreement_id ?? [])],
      (set, row) => set.agreements.set(row.id, row),
    ),
    read<LimitRow>(
      'SELECT id, state, limit_month AS limit_payment, limit_month AS limit_day, limit_month FROM linked_number WHERE id IN (?)',
      [created.flatMap((payment) => payment.linked_id ?? [])],
      (set, row) => set.linked.set(row.id, row),
    ),
  ];
}

function keyReads(items: readonly PaymentWrite[]): (Read | null)[] {
  const guards = items.flatMap((item) => ('guard' in item && item.guard ? [item.guard] : []));
  const answers = items.flatMap(answerOf);
  const references = items.flatMap(referencesOf);
  return [
    read<KeyRow>(
      'SELECT * FROM idempotency FORCE INDEX (PRIMARY) WHERE scope IN (?) AND k IN (?)',
      [guards.map((guard) => guard.scope), guards.map((guard) => guard.k)],
      (set, row) => set.keys.set(keyName(row), row),
      true,
    ),
    read<{ scope: string; k: string }>(
      'SELECT scope, k FROM idempotency_answer FORCE INDEX (PRIMARY) WHERE scope IN (?) AND k IN (?)',
      [answers.map((answer) => answer.scope), answers.map((answer) => answer.k)],
      (set, row) => set.answered.add(keyName(row)),
      true,
    ),
    read<ReferenceRow>(
      'SELECT * FROM partner_reference FORCE INDEX (PRIMARY) WHERE partner IN (?) AND reference IN (?)',
      [references.map((row) => row.partner), references.map((row) => row.reference)],
      (set, row) => set.references.set(referenceName(row), row),
      true,
    ),
    read<{ k: string; input_hash: string }>(
      'SELECT k, input_hash FROM resolution FORCE INDEX (PRIMARY) WHERE k IN (?)',
      [items.flatMap((item) => (item.do === 'resolution' ? [item.key] : []))],
      (set, row) => set.resolutions.set(row.k, row.input_hash),
      true,
    ),
  ];
}

function read<T extends object>(
  sql: string,
  lists: readonly (readonly string[])[],
  take: (set: WorkingSet, row: T) => unknown,
  keys = false,
): Read | null {
  if (lists.some((list) => list.length === 0)) return null;
  const params = lists.map((list) => [...new Set(list)].sort());
  return {
    statement: { sql, params },
    keys,
    take: (set, rows) => (rows as unknown as T[]).forEach((row) => take(set, row)),
  };
}

function paymentsOf(item: PaymentWrite): string[] {
  switch (item.do) {
    case 'create':
      return item.payment.replaces ? [item.payment.replaces] : [];
    case 'credit':
      return item.known ? [] : [item.paymentNo];
    case 'attempt':
    case 'refund':
    case 'refund_news':
      return [item.paymentNo];
    case 'block':
    case 'answer':
    case 'object':
    case 'resolution':
    case 'event':
      return [];
  }
}

function answerOf(item: PaymentWrite): { scope: string; k: string }[] {
  if (item.do === 'answer') return [item];
  return item.do === 'credit' && item.key && item.word.word === 'unknown' ? [item.key] : [];
}

/** The row that the caller of a credit's news has just written: most news find it as it was. */
const knownOf = (item: PaymentWrite): PaymentRow | undefined => (item.do === 'credit' ? item.known : undefined);

/** Every kind of news may start or end a refund; only money that a partner holds himself is never returned by us. */
function touchesRefunds(
  item: PaymentWrite,
): item is Extract<PaymentWrite, { do: 'attempt' | 'credit' | 'refund' | 'refund_news' }> {
  if (knownOf(item)?.funding === 'collected') return false;
  return item.do === 'attempt' || item.do === 'credit' || item.do === 'refund' || item.do === 'refund_news';
}

function referencesOf(item: PaymentWrite): { partner: string; reference: string }[] {
  if (item.do === 'block') return [item];
  if (item.do === 'create' && item.payment.reference !== '') return [item.payment];
  return [];
}

/** Rows that only the first rows name: other payments of a chain of replacements, earlier reversals of a reference. */
export async function loadDependent(tx: LaneTx, set: WorkingSet, items: readonly PaymentWrite[]): Promise<void> {
  await adoptKnown(tx, set, items);
  const roots = unique([...set.payments.values()].flatMap((payment) => payment.root_no ?? []));
  if (roots.length > 0) {
    const rows = await tx.select<Row>(
      'SELECT * FROM payment FORCE INDEX (payment_root) WHERE root_no IN (?) ORDER BY payment_no FOR UPDATE',
      [roots],
    );
    for (const row of rows as unknown as PaymentRow[]) {
      if (!set.payments.has(row.payment_no)) set.payments.set(row.payment_no, row);
    }
  }
  const blocked = items.flatMap((item) =>
    item.do === 'block' ? (set.references.get(referenceName(item))?.reversed_by ?? []) : [],
  );
  if (blocked.length === 0) return;
  const rows = await tx.select<Row>('SELECT * FROM refund FORCE INDEX (PRIMARY) WHERE refund_no IN (?)', [
    unique(blocked),
  ]);
  for (const row of rows as unknown as RefundRow[]) set.refunds.set(row.refund_no, row);
}

/** Every change of a row moves its version, every claim its tries: where both stand still, the row is the known one. */
async function adoptKnown(tx: LaneTx, set: WorkingSet, items: readonly PaymentWrite[]): Promise<void> {
  const moved: string[] = [];
  for (const item of items) {
    const known = knownOf(item);
    const seen = known && set.seen.get(known.payment_no);
    if (!seen || set.payments.has(seen.payment_no)) continue;
    if (seen.version === known.version && seen.tries === known.tries) set.adopt(known);
    else moved.push(seen.payment_no);
  }
  if (moved.length === 0) return;
  const numbers = [unique(moved)];
  for (const row of (await tx.select(LOCK_PAYMENTS, numbers)) as unknown as PaymentRow[])
    set.payments.set(row.payment_no, row);
  for (const row of (await tx.select(REFUNDS_OF, numbers)) as unknown as RefundRow[])
    set.refunds.set(row.refund_no, row);
}

/** Makes and locks the counters of every limit that this batch will judge: nobody else can judge them meanwhile. */
export async function lockUsage(tx: LaneTx, set: WorkingSet, items: readonly PaymentWrite[]): Promise<void> {
  const wanted = new Map<string, [owner: string, period: string]>();
  const want = (owner: string | null, ...periods: string[]): void => {
    if (owner !== null) for (const period of periods) wanted.set(usageKey(owner, period), [owner, period]);
  };
  const [day, month] = [beijingDay(tx.now), beijingMonth(tx.now)];
  for (const item of items) {
    if (item.do !== 'create') continue;
    const { payment, exposureLimit } = item;
    want(payment.agreement_id, day, month);
    want(payment.linked_id, month);
    if (exposureLimit !== null) want(exposureOwner(payment.provider), tx.bookDate(payment.provider));
  }
  if (wanted.size === 0) return;
  const rows = [...wanted.values()].sort(([a, b], [c, d]) => (a + b < c + d ? -1 : 1));
  await tx.run('INSERT INTO limit_usage (owner, period, used) VALUES ? ON DUPLICATE KEY UPDATE used = used', [
    rows.map((row) => [...row, 0n]),
  ]);
  const found = await tx.select<{ owner: string; period: string; used: bigint }>(
    'SELECT owner, period, used FROM limit_usage FORCE INDEX (PRIMARY) WHERE owner IN (?) AND period IN (?) FOR UPDATE',
    [unique(rows.map(([owner]) => owner)), unique(rows.map(([, period]) => period))],
  );
  for (const row of found) set.usage.set(usageKey(row.owner, row.period), row.used);
}

const unique = (list: readonly string[]): string[] => [...new Set(list)].sort();
