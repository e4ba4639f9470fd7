import type { Row } from '@yidian/database';
import type { LaneBody, LaneTx, Statement } from '@yidian/journal';
import type { AnswerWrite, AnyResult, ObjectWrite, PaymentWrite, ResolutionWrite, ResultOf } from './payment.writes';
import { openDoubt } from '../doubts/open-doubt';
import type { HistoryRow, PaymentRow } from './payment.rows';
import { loadDependent, lockUsage, plan, type Read } from './payments-load.store';
import { update, updatePayments } from './payments-moves.store';
import { insert } from './payments-write.store';
import { replacedRow } from './replaced.store';
import { tellAttempt } from './rule-attempt';
import { create, exposureOwner, HELD, keep, keyName } from './rule-create';
import { tellCredit } from './rule-credit';
import { block, startRefund } from './rule-refund';
import { tellRefund } from './rule-refund-news';
import { repair, repairRefund } from './rule-repair';
import { takeReturn, tellReturn } from './rule-return';
import type { Notice } from './working-rows';
import { WorkingSet } from './working-set';

/**
 * Keys are nearly always new, and the primary key says so when they are not; then the whole batch is run again. Callers who
 * repeat themselves do so together: from then on that many batches look first, and nobody's repeats slow down the others.
 */
const LOOKING = 256;

interface Plan {
  items: readonly PaymentWrite[];
  reads: Read[];
}

/**
 * Promise: everything that changes the state of money in the gateway passes here, in one transaction of one lane with
 * its history, facts, events, messages and answers. Rows are locked in number order, decided in memory by the rules and
 * written once; a state that moved meanwhile fails the write, never the money.
 */
export class PaymentsBody implements LaneBody<PaymentWrite, AnyResult> {
  /**
   * The batch under way. A lane runs one after the other, and again as a whole or in parts only before the next: what is
   * of this one when it comes again has failed before, and takes nothing for granted.
   */
  private begun: readonly PaymentWrite[] = [];
  /** Its reads, until its rules have them. */
  private planned: Plan | undefined;
  /** Batches that look for keys and references before they write: for a while after one was met again. */
  private looking = 0;

  constructor(
    private readonly livemode: boolean,
    /** Messages to people that a move causes, as statements. */
    private readonly messages: (notices: readonly Notice[], now: Date) => Statement[],
    /** Whether anybody ever reads a partner's events; what nobody reads is not written. */
    private readonly hears: (partner: string) => boolean = () => true,
  ) {}

  reads(items: readonly PaymentWrite[]): Statement[] {
    const trustsKeys = this.looking === 0;
    if (!trustsKeys) this.looking--;
    const [first] = items;
    const isRerun = first !== undefined && this.begun.includes(first);
    if (!isRerun) this.begun = items;
    const reads = plan(items, isRerun, trustsKeys);
    this.planned = { items, reads };
    return reads.map((read) => read.statement);
  }

  async apply(tx: LaneTx, items: readonly PaymentWrite[], reads: readonly Row[][]): Promise<AnyResult[]> {
    const { planned } = this;
    if (planned?.items !== items) throw new Error('a batch is planned before it is applied');
    const set = new WorkingSet(tx, this.livemode, this.hears);
    let stored = 0;
    planned.reads.forEach((read, index) => {
      const rows = reads[index] ?? [];
      if (read.keys) stored += rows.length;
      read.take(set, rows);
    });
    tx.foundStored(stored);
    if (stored > 0) this.looking = LOOKING;
    await loadDependent(tx, set, items);
    await lockUsage(tx, set, items);
    set.remember();
    const results = items.map((item) => decide(tx, set, item));
    this.flush(tx, set);
    return results;
  }

  private flush(tx: LaneTx, set: WorkingSet): void {
    insert(tx, 'payment', [...set.added.payments]);
    insert(tx, 'payment_payer', payersOf(set.added.payments));
    insert(tx, 'payment_chain', set.newChain);
    insert(tx, 'attempt', [...set.added.attempts]);
    insert(tx, 'refund', [...set.added.refunds]);
    insert(tx, 'provider_return', [...set.added.returns]);
    updatePayments(tx, set.changed.payments, set.before, set.adopted);
    update(tx, 'attempt', 'attempt_no', set.changed.attempts, set.before);
    update(tx, 'refund', 'refund_no', set.changed.refunds, set.before);
    update(tx, 'provider_return', 'return_no', set.changed.returns, set.before);
    insert(tx, 'payment_history', set.history);
    for (const row of set.straight) tx.write(writtenDown(row));
    insert(tx, 'routing_decision', set.decisions);
    insert(
      tx,
      'replaced_attempt',
      set.replaced.map((attempt) => replacedRow(attempt, set.now)),
    );
    for (const seed of set.doubts) tx.write(openDoubt(seed, set.now));
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
    for (const [from, amount] of set.freed) tx.write(freeing(from, amount));
    for (const statement of this.messages(set.notices, set.now)) tx.write(statement);
  }
}

/** Given back, it is held no more. A partner without a limit has no counter, and one begun later never falls below nothing. */
function freeing(from: string, amount: bigint): Statement {
  const [provider = '', date = ''] = from.split(' ');
  const sql = 'UPDATE limit_usage SET used = GREATEST(0, used - ?) WHERE owner = ? AND period IN (?)';
  return { sql, params: [amount, exposureOwner(provider), [date, HELD]] };
}

/** Payments of before have it as a row since they were completed. */
function writtenDown({ payment_no, day, n, at, ...move }: HistoryRow): Statement {
  const { from_state, to_state, credit_from, credit_to, evidence } = move;
  const sql = `INSERT INTO payment_history (payment_no, day, n, from_state, to_state, credit_from, credit_to, evidence, at)
    SELECT ? FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM payment_history WHERE payment_no = ? AND day = ? AND n = ?)`;
  const row = [payment_no, day, n, from_state, to_state, credit_from, credit_to, evidence, at];
  return { sql, params: [row, payment_no, day, n] };
}

function payersOf(payments: ReadonlySet<PaymentRow>): object[] {
  return [...payments].flatMap(({ payer_blind, created_at, payment_no }) =>
    payer_blind === null ? [] : [{ payer_blind, created_at, payment_no }],
  );
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
    case 'return':
      return takeReturn(set, item, (statement) => tx.write(statement));
    case 'return_news':
      return tellReturn(set, item);
    case 'block':
      return block(set, item);
    case 'answer':
      return answer(set, item);
    case 'object':
      return object(tx, set, item);
    case 'resolution':
      return resolution(tx, set, item);
    case 'repair':
      return repair(set, item);
    case 'repair_refund':
      return repairRefund(set, item);
    case 'event':
      set.objectEvent(item);
      return { result: 'kept' };
  }
}

function answer(set: WorkingSet, item: AnswerWrite): ResultOf<AnswerWrite> {
  set.keepAnswer(item);
  return { result: 'kept' };
}

function object(tx: LaneTx, set: WorkingSet, item: ObjectWrite): ResultOf<ObjectWrite> {
  const key = set.keys.get(keyName(item.guard));
  if (key) return { result: 'seen', key };
  keep(set, item.guard);
  for (const statement of item.statements) tx.write(statement);
  for (const event of item.events ?? []) set.objectEvent(event);
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
