import type { Row } from '@yidian/database';
import type { LaneBody, LaneTx, Statement } from '@yidian/journal';
import type { AnswerWrite, AnyResult, ObjectWrite, PaymentWrite, ResolutionWrite, ResultOf } from './payment.writes';
import { loadDependent, lockUsage, plan } from './payments-load.store';
import { tellAttempt } from './rule-attempt';
import { create, keep, keyName } from './rule-create';
import { tellCredit } from './rule-credit';
import { block, startRefund } from './rule-refund';
import { tellRefund } from './rule-refund-news';
import { WorkingSet, type Notice } from './working-set';

/**
 * Promise: everything that changes the state of money in the gateway passes here, in one transaction of one lane with
 * its history, facts, events, messages and answers. Rows are locked in number order, decided in memory by the rules and
 * written once; a state that moved meanwhile fails the write, never the money.
 */
export class PaymentsBody implements LaneBody<PaymentWrite, AnyResult> {
  constructor(
    private readonly livemode: boolean,
    /** Messages to people that a move causes, as statements. */
    private readonly messages: (notices: readonly Notice[], now: Date) => Statement[],
  ) {}

  reads(items: readonly PaymentWrite[]): Statement[] {
    return plan(items).map((read) => read.statement);
  }

  async apply(tx: LaneTx, items: readonly PaymentWrite[], reads: readonly Row[][]): Promise<AnyResult[]> {
    const set = new WorkingSet(tx, this.livemode);
    let stored = 0;
    plan(items).forEach((read, index) => {
      const rows = reads[index] ?? [];
      if (read.keys) stored += rows.length;
      read.take(set, rows);
    });
    tx.foundStored(stored);
    await loadDependent(tx, set, items);
    await lockUsage(tx, set, items);
    const before = snapshot(set);
    const results = items.map((item) => decide(tx, set, item));
    this.flush(tx, set, before);
    return results;
  }

  private flush(tx: LaneTx, set: WorkingSet, before: Snapshot): void {
    insert(tx, 'payment', [...set.added.payments]);
    insert(tx, 'attempt', [...set.added.attempts]);
    insert(tx, 'refund', [...set.added.refunds]);
    for (const row of set.changed.payments) update(tx, 'payment', 'payment_no', row, before.get(row));
    for (const row of set.changed.attempts) update(tx, 'attempt', 'attempt_no', row, before.get(row));
    for (const row of set.changed.refunds) update(tx, 'refund', 'refund_no', row, before.get(row));
    insert(tx, 'payment_history', set.history);
    insert(tx, 'idempotency', set.newKeys);
    insert(tx, 'partner_reference', set.newReferences);
    insert(tx, 'idempotency_answer', set.newAnswers);
    insert(
      tx,
      'event',
      set.events.map((event, n) => ({ lane_id: tx.laneId, batch_no: tx.batchNo, n, ...event })),
    );
    for (const [key, delta] of set.usageDelta) {
      const [owner, period] = key.split(' ');
      tx.write(
        {
          sql: 'UPDATE limit_usage SET used = used + ? WHERE owner = ? AND period = ?',
          params: [delta, owner, period],
        },
        1,
      );
    }
    for (const statement of this.messages(set.notices, set.now)) tx.write(statement);
  }
}

function decide(tx: LaneTx, set: WorkingSet, item: PaymentWrite): AnyResult {
  switch (item.do) {
    case 'create':
      return create(set, item);
    case 'attempt':
      return tellAttempt(set, item);
    case 'credit':
      return tellCredit(set, item);
    case 'refund':
      return startRefund(set, item);
    case 'refund_news':
      return tellRefund(set, item);
    case 'block':
      return block(set, item);
    case 'answer':
      return answer(set, item);
    case 'object':
      return object(tx, set, item);
    case 'resolution':
      return resolution(tx, set, item);
    case 'event':
      set.events.push({
        partner: item.partner,
        object_id: item.objectId,
        sequence: item.sequence,
        type: item.type,
        previous_state: item.previousState,
        body: item.body,
        created_at: set.now,
      });
      return { result: 'kept' };
  }
}

function answer(set: WorkingSet, item: AnswerWrite): ResultOf<AnswerWrite> {
  const { scope, k, status, body } = item;
  if (!set.answered.has(keyName(item))) set.newAnswers.push({ scope, k, status, body, created_at: set.now });
  set.answered.add(keyName(item));
  return { result: 'kept' };
}

function object(tx: LaneTx, set: WorkingSet, item: ObjectWrite): ResultOf<ObjectWrite> {
  const key = set.keys.get(keyName(item.guard));
  if (key) return { result: 'seen', key };
  keep(set, item.guard);
  for (const statement of item.statements) tx.write(statement);
  return { result: 'kept' };
}

function resolution(tx: LaneTx, set: WorkingSet, item: ResolutionWrite): ResultOf<ResolutionWrite> {
  const known = set.resolutions.get(item.key);
  if (known !== undefined) return { result: 'resolution', conflict: known !== item.inputHash };
  set.resolutions.set(item.key, item.inputHash);
  const { key: k, paymentNo: payment_no, action, inputHash: input_hash, actor, evidence } = item;
  insert(tx, 'resolution', [{ k, payment_no, action, input_hash, actor, evidence, created_at: set.now }]);
  return { result: 'resolution', conflict: false };
}

type Snapshot = Map<object, Record<string, unknown>>;

/** Loaded rows as they were, so that only what changed is written, and only if nobody else has moved it. */
function snapshot(set: WorkingSet): Snapshot {
  const rows: object[] = [...set.payments.values(), ...set.attempts.values(), ...set.refunds.values()];
  return new Map(rows.map((row) => [row, { ...row }]));
}

/** Members of a row are columns of its table. */
function insert(tx: LaneTx, table: string, rows: readonly object[]): void {
  const first = rows[0];
  if (!first) return;
  const columns = Object.keys(first);
  const values = rows.map((row) => columns.map((column) => (row as Record<string, unknown>)[column]));
  tx.write({ sql: `INSERT INTO ${table} (${columns.join(', ')}) VALUES ?`, params: [values] }, rows.length);
}

function update(
  tx: LaneTx,
  table: string,
  key: string,
  row: object,
  before: Record<string, unknown> | undefined,
): void {
  if (!before) throw new Error(`a changed row of ${table} was never loaded`);
  const now = row as Record<string, unknown>;
  const columns = Object.keys(before).filter((column) => now[column] !== before[column]);
  if (columns.length === 0) return;
  tx.write(
    {
      sql: `UPDATE ${table} SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE ${key} = ? AND day = ? AND state = ?`,
      params: [...columns.map((column) => now[column]), before[key], before['day'], before['state']],
    },
    1,
  );
}
