import { Injectable } from '@nestjs/common';
import { toJson } from '@yidian/money';
import { maskNumber } from '@yidian/security';
import { PersonNumbers } from '../notifications/person-number';
import { SmsStore, type SmsRow } from '../notifications/sms.store';
import { NumberDecisions } from '../risk/number-decisions';
import { tellDecision, type DecisionRow } from '../routing/route';
import { RoutingStore } from '../routing/routing.store';
import { paymentId } from './numbers';
import type { AdjustmentRow, HistoryRow, PaymentRow } from './payment.rows';
import { PaymentsReadStore } from './payments-read.store';
import { StatementLines } from './statement-lines';
import type { TimelineEntry, TimelineGap } from './timeline-entry';

const PAYMENTS = 100;
const MESSAGES = 100;

export interface NumberTimeline {
  number: string;
  entries: TimelineEntry[];
  gaps: TimelineGap[];
}

/**
 * Payments for and by a number, their credits, refunds and returns, the providers' lines for them, what was agreed and decided
 * for it and why, and the texts that went to it. Contents of texts are not shown.
 */
@Injectable()
export class Timeline {
  constructor(
    private readonly store: PaymentsReadStore,
    private readonly sms: SmsStore,
    private readonly numbers: PersonNumbers,
    private readonly routing: RoutingStore,
    private readonly decided: NumberDecisions,
    private readonly statements: StatementLines,
  ) {}

  /**
   * A source that did not answer is named as a gap, and the others are shown.
   * @param branch shows only payments of that home branch; null: all
   */
  async execute(number: string, branch: string | null): Promise<NumberTimeline> {
    const blind = this.numbers.blind(number);
    const [received, paid] = await Promise.all([
      this.store.forNumber(blind, PAYMENTS),
      this.store.byPayer(blind, PAYMENTS),
    ]);
    const payments = new Map(
      [...received, ...paid]
        .filter((row) => branch === null || row.branch === branch)
        .map((row) => [row.payment_no, row]),
    );
    const history = await this.store.historyOfMany([...payments.values()]);
    const decisions = await this.routing.decisionsOf([...payments.keys()]);
    const messages = branch === null ? await this.sms.forNumber(blind, MESSAGES) : [];
    const about = branch === null ? await this.decided.about(blind) : [];
    const adjusted = await this.store.adjustmentsOf([...payments.keys()]);
    const lines = await this.statements.of([...payments.values()]);
    const entries = [
      ...[...payments.values()].flatMap(beginning),
      ...decisions.flatMap((row) => decisionEntry(row, payments)),
      ...history.flatMap((row) => historyEntry(row, payments)),
      ...adjusted.flatMap((row) => adjustmentEntry(row, payments)),
      ...about,
      ...(lines ?? []),
      ...messages.map(messageEntry),
    ];
    entries.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
    return { number: maskNumber(number), entries, gaps: lines === null ? ['statement'] : [] };
  }
}

/** Refunds, reversals, and what a provider took back. */
function adjustmentEntry(row: AdjustmentRow, payments: ReadonlyMap<string, PaymentRow>): TimelineEntry[] {
  const payment = payments.get(row.payment_no);
  if (!payment) return [];
  const what = row.code === null ? row.what : `${row.what}: ${row.code}`;
  const amount = row.amount === null ? null : toJson(row.amount);
  const base = { ...entryOf(payment, row.at, what), amount, where: payment.provider };
  return [{ ...base, state: row.state, source: 'adjustment' }];
}

/** What reconciliation has learnt from a provider's file stands as such. */
const sourceOf = (evidence: string): 'statement' | 'payment' => (/statement/.test(evidence) ? 'statement' : 'payment');

/** A move may change both states: the credit is asked for because the payment is paid, and ends it when it is given. */
function historyEntry(row: HistoryRow, payments: ReadonlyMap<string, PaymentRow>): TimelineEntry[] {
  const payment = payments.get(row.payment_no);
  if (!payment) return [];
  const base = entryOf(payment, row.at, row.evidence);
  const moves: TimelineEntry[] = [];
  if (row.from_state !== row.to_state || row.credit_from === row.credit_to)
    moves.push({ ...base, where: 'gateway', state: row.to_state, source: sourceOf(row.evidence) });
  if (row.credit_from !== row.credit_to)
    moves.push({ ...base, where: 'billing', state: row.credit_to, source: 'credit' });
  return row.credit_to === 'requested' ? moves : moves.reverse();
}

/** Collected money begins as paid: no move led there, the payment itself is the first entry. */
function beginning(payment: PaymentRow): TimelineEntry[] {
  if (payment.funding !== 'collected') return [];
  const base = entryOf(payment, payment.created_at, 'collected by the partner');
  return [{ ...base, where: 'gateway', state: 'paid', source: 'payment' }];
}

/** Why an attempt went where it went, when the choice was ours. */
function decisionEntry(row: DecisionRow, payments: ReadonlyMap<string, PaymentRow>): TimelineEntry[] {
  const payment = payments.get(row.payment_no);
  if (!payment) return [];
  return [{ ...entryOf(payment, row.at, tellDecision(row)), where: row.provider, state: 'routed', source: 'decision' }];
}

const entryOf = (payment: PaymentRow, at: Date, what: string) => ({
  at: at.toISOString(),
  what,
  amount: toJson(payment.amount),
  payment: paymentId(payment.payment_no),
});

const messageEntry = (row: SmsRow): TimelineEntry => ({
  at: row.created_at.toISOString(),
  what: row.template,
  amount: null,
  where: 'sms',
  state: row.state,
  source: 'message',
  payment: row.payment_no ? paymentId(row.payment_no) : null,
});
