import type { Row } from '@yidian/database';
import type { LaneTx, Statement } from '@yidian/journal';
import { beijingDay, beijingMonth, monthBefore } from './beijing';
import type { AttemptRow, KeyRow, PaymentRow, ReferenceRow, RefundRow, ReturnRow } from './payment.rows';
import type { PaymentWrite } from './payment.writes';
import { exposureOwner, exposurePeriod, keyName, referenceName } from './rule-create';
import type { LimitRow, SeenRow } from './working-rows';
import { wantedBy, type Wanted } from './wanted-rows';
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
const COOLING = 'IF(cooling_until > UTC_TIMESTAMP(3), cooling_limit, NULL) AS limit_cooling';
const REFUNDS_OF = 'SELECT * FROM refund FORCE INDEX (refund_payment) WHERE payment_no IN (?)';

/** Which rows a batch needs. Payments first and locked, keys after them: who waited for a payment sees the other's key. */
export function plan(items: readonly PaymentWrite[], isRerun: boolean, trustsKeys: boolean): Read[] {
  const wanted = wantedBy(items, isRerun, trustsKeys);
  return [...moneyReads(wanted), ...limitReads(wanted), ...keyReads(wanted)].filter((read) => read !== null);
}

function moneyReads(wanted: Wanted): (Read | null)[] {
  return [
    read<PaymentRow>(LOCK_PAYMENTS, wanted.payments, (set, row) => set.payments.set(row.payment_no, row)),
    read<SeenRow>(
      'SELECT payment_no, version, tries FROM payment FORCE INDEX (PRIMARY) WHERE payment_no IN (?) ORDER BY payment_no FOR UPDATE',
      wanted.doubted,
      (set, row) => set.seen.set(row.payment_no, row),
    ),
    read<AttemptRow>(
      'SELECT * FROM attempt FORCE INDEX (PRIMARY) WHERE attempt_no IN (?)',
      wanted.attempts,
      (set, row) => set.attempts.set(row.attempt_no, row),
    ),
    read<RefundRow>(REFUNDS_OF, wanted.refundsOf, (set, row) => set.refunds.set(row.refund_no, row)),
    read<ReturnRow>(
      'SELECT * FROM provider_return FORCE INDEX (provider_return_payment) WHERE payment_no IN (?)',
      wanted.returnsOf,
      (set, row) => set.returns.set(row.return_no, row),
    ),
  ];
}

function limitReads(wanted: Wanted): (Read | null)[] {
  return [
    read<LimitRow>(
      `SELECT id, state, limit_payment, limit_day, limit_month, ${COOLING} FROM agreement WHERE id IN (?)`,
      wanted.agreements,
      (set, row) => set.agreements.set(row.id, row),
    ),
    read<LimitRow>(
      `SELECT id, state, limit_month AS limit_payment, limit_month AS limit_day, limit_month, ${COOLING}
        FROM linked_number WHERE id IN (?)`,
      wanted.linked,
      (set, row) => set.linked.set(row.id, row),
    ),
  ];
}

function keyReads(wanted: Wanted): (Read | null)[] {
  return [
    guardRead<KeyRow>('SELECT * FROM idempotency', ['scope', 'k'], wanted.keys, (set, row) =>
      set.keys.set(keyName(row), row),
    ),
    guardRead<{ scope: string; k: string }>(
      'SELECT scope, k FROM idempotency_answer',
      ['scope', 'k'],
      wanted.answers,
      (set, row) => set.answered.add(keyName(row)),
    ),
    guardRead<ReferenceRow>(
      'SELECT * FROM partner_reference',
      ['partner', 'reference'],
      wanted.references,
      (set, row) => set.references.set(referenceName(row), row),
    ),
    read<{ k: string; input_hash: string }>(
      'SELECT k, input_hash FROM resolution FORCE INDEX (PRIMARY) WHERE k IN (?)',
      wanted.resolutions,
      (set, row) => set.resolutions.set(row.k, row.input_hash),
      true,
    ),
  ];
}

function read<T extends object>(
  sql: string,
  list: ReadonlySet<string>,
  take: (set: WorkingSet, row: T) => unknown,
  keys = false,
): Read | null {
  if (list.size === 0) return null;
  return readOf({ sql, params: [[...list].sort()] }, take, keys);
}

/** Keys of each owner by themselves: owners times keys would be ranges by the ten thousand. */
function guardRead<T extends object>(
  select: string,
  [owner, key]: readonly [owner: string, key: string],
  wanted: ReadonlyMap<string, ReadonlySet<string>>,
  take: (set: WorkingSet, row: T) => unknown,
): Read | null {
  if (wanted.size === 0) return null;
  const owners = [...wanted].sort(([a], [b]) => (a < b ? -1 : 1));
  const where = owners.map(() => `(${owner} = ? AND ${key} IN (?))`).join(' OR ');
  const params = owners.flatMap(([name, keys]) => [name, [...keys].sort()]);
  return readOf({ sql: `${select} FORCE INDEX (PRIMARY) WHERE ${where}`, params }, take, true);
}

function readOf<T extends object>(
  statement: Statement,
  take: (set: WorkingSet, row: T) => unknown,
  keys: boolean,
): Read {
  return {
    statement,
    keys,
    take: (set, rows) => {
      for (const row of rows as unknown as T[]) take(set, row);
    },
  };
}

/** Rows that only the first rows name: other payments of a chain, later attempts, earlier reversals of a reference. */
export async function loadDependent(tx: LaneTx, set: WorkingSet, items: readonly PaymentWrite[]): Promise<void> {
  await adoptKnown(tx, set, items);
  await loadLaterAttempts(tx, set);
  const roots = rootsOf(set);
  if (roots.length > 0) {
    const chain = await tx.select<{ payment_no: string }>(
      'SELECT payment_no FROM payment_chain FORCE INDEX (PRIMARY) WHERE root_no IN (?)',
      [roots],
    );
    const rows = await tx.select(LOCK_PAYMENTS, [unique(chain.map((row) => row.payment_no))]);
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

function rootsOf({ payments }: WorkingSet): string[] {
  const roots: string[] = [];
  for (const { root_no } of payments.values()) if (root_no !== null) roots.push(root_no);
  return unique(roots);
}

/** Another came after it, or none: that can be asked only of an attempt that has ended, so nearly never. */
async function loadLaterAttempts(tx: LaneTx, set: WorkingSet): Promise<void> {
  const ended = [...set.attempts.values()].filter(({ ended_at }) => ended_at !== null);
  if (ended.length === 0) return;
  const where = ended.map(() => '(attempt_no > ? AND attempt_no <= ?)').join(' OR ');
  const rows = await tx.select(
    `SELECT * FROM attempt FORCE INDEX (PRIMARY) WHERE ${where}`,
    ended.flatMap(({ attempt_no, payment_no }) => [attempt_no, `${payment_no}99`]),
  );
  for (const row of rows as unknown as AttemptRow[])
    if (!set.attempts.has(row.attempt_no)) set.attempts.set(row.attempt_no, row);
}

/**
 * Every change of a row moves its version, every claim its tries: where both stand still, the row is the known one. Nearly
 * always they do, so a first run takes it for granted and its UPDATE finds out; a second run looks.
 */
async function adoptKnown(tx: LaneTx, set: WorkingSet, items: readonly PaymentWrite[]): Promise<void> {
  const moved: string[] = [];
  for (const item of items) {
    const known = item.do === 'credit' ? item.known : undefined;
    if (!known || set.payments.has(known.payment_no)) continue;
    const seen = set.seen.get(known.payment_no) ?? known;
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
  /** A new one is judged by all that it has paid, since before the month began. */
  const wantNew = (row: LimitRow | undefined, of: string): void => {
    if (row && row.limit_cooling !== null) want(row.id, monthBefore(of));
  };
  for (const item of items) {
    const began = item.do === 'attempt' && item.next ? set.payments.get(item.paymentNo)?.created_at : undefined;
    if (item.do === 'attempt' && item.next && began) {
      want(item.next.agreementId, beijingDay(began), beijingMonth(began));
      want(item.next.linkedId, beijingMonth(began));
      wantNew(set.agreements.get(item.next.agreementId ?? ''), beijingMonth(began));
      wantNew(set.linked.get(item.next.linkedId ?? ''), beijingMonth(began));
    }
    if (item.do !== 'create') continue;
    const { payment } = item;
    want(payment.agreement_id, day, month);
    want(payment.linked_id, month);
    wantNew(set.agreements.get(payment.agreement_id ?? ''), month);
    wantNew(set.linked.get(payment.linked_id ?? ''), month);
    const counted = exposurePeriod(item, (provider) => tx.bookDate(provider));
    if (counted !== null) want(exposureOwner(payment.provider), counted);
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
