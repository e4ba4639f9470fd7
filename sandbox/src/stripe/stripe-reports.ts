import { reportCsv, type ReportRow } from '@yidian/connectors/stripe/wire-report';
import { ofPpm } from '@yidian/money';
import { damaged } from '../bank/damage';
import { reply, type Reply } from '../bank/order-answer';
import type { StatementLine } from '../bank/statement-line';
import type { Intent, StripeBook } from './stripe-book';
import { plain, type Form, type Keyed } from './stripe-intents';
import { malformed, missing } from './stripe-words';

/** 3.4 % of what is taken; returns give no fee back, a dispute costs 15 whole units. */
const FEE_PPM = 34_000n;
const DISPUTE_FEE = 1_500n;
const TYPES = /^(balance_change_from_activity|payout_reconciliation)\.itemized\.\d+$/;
/** A run is under way for so many questions about it. */
const QUESTIONS = 1;

/** A line of the day before it is text; `currency` and `intent` are not there for a line that was made up. */
type Line = StatementLine & { category?: string; intent?: Intent };

interface Run {
  id: string;
  type: string;
  from: number;
  columns: readonly string[];
  asked: number;
}

/** Reports of a day: asked for as a run, told when done, fetched as a file. */
export class StripeReports {
  private readonly runs = new Map<string, Run>();

  constructor(private readonly book: StripeBook) {}

  /** Data are complete up to the beginning of the day that is played. */
  type(id: string): Reply {
    const end = Date.parse(`${this.book.date}T00:00:00+08:00`) / 1_000;
    const body = { id, object: 'reporting.report_type', data_available_start: 0, data_available_end: end, version: 3 };
    return TYPES.test(id) ? reply(body) : missing('report_type');
  }

  begin(form: Form): Keyed {
    const type = form.get('report_type') ?? '';
    const from = Number(form.get('parameters[interval_start]'));
    if (!TYPES.test(type) || !Number.isInteger(from)) return plain(malformed('report_type'));
    const columns = [...form].filter(([name]) => name.startsWith('parameters[columns]')).map(([, column]) => column);
    const id = this.idOf(type, from);
    const run: Run = this.runs.get(id) ?? { id, type, from, columns, asked: 0 };
    this.runs.set(id, run);
    // Not kept for its key: the same request finds the same run anyway, after a restart too.
    return { reply: reply(runBody(run)), kept: null };
  }

  retrieve(id: string): Reply {
    const run = this.runs.get(id);
    if (!run) return missing('report_run');
    run.asked += 1;
    return reply(runBody(run));
  }

  /** Undefined: no such file. */
  file(id: string): string | undefined {
    const run = this.runs.get(id.replace(/^file_/, 'frr_'));
    if (!run) return undefined;
    const date = new Date(run.from * 1_000 + 8 * 3_600_000).toISOString().slice(0, 10);
    const lines = damaged(this.linesOf(date), this.book.damages.get(date) ?? []) as Line[];
    return reportCsv(
      lines.map((line) => rowOf(line, run.type, date)),
      run.columns,
    );
  }

  /** Ordered by time, then by id: the file is the same however often it is asked for. */
  private linesOf(date: string): Line[] {
    const { intents, refunds, disputes } = this.book;
    const on = <T extends { date: string }>(all: ReadonlyMap<string, T>) =>
      [...all.values()].filter((one) => one.date === date);
    const line = (over: Pick<Line, 'txnId' | 'amount'> & Partial<Line>, created: number): Line => ({
      ...{ kind: 'PAY', ourNo: '', origTxnId: '', fee: 0n, at: new Date(created * 1_000).toISOString() },
      ...over,
    });
    const paid = on(intents).filter((one) => one.status === 'succeeded');
    const back = on(refunds).filter((one) => one.status === 'succeeded');
    const lines = [
      ...paid.map((intent) => {
        const amount = BigInt(intent.amount);
        const ourNo = intent.metadata['order_no'] ?? '';
        return line(
          { txnId: intent.id, ourNo, amount, fee: ofPpm(amount, FEE_PPM), category: 'charge', intent },
          intent.created,
        );
      }),
      ...back.map((one) => {
        const ourNo = one.metadata['refund_no'] ?? '';
        const of = { origTxnId: one.intentId, category: 'refund', ...withIntent(intents.get(one.intentId)) };
        return line({ kind: 'REFUND', txnId: one.id, ourNo, amount: -BigInt(one.amount), ...of }, one.created);
      }),
      ...on(disputes).map((one) => {
        const of = { origTxnId: one.intentId, category: 'dispute', ...withIntent(intents.get(one.intentId)) };
        return line({ txnId: one.id, amount: -BigInt(one.amount), fee: DISPUTE_FEE, ...of }, one.created);
      }),
    ];
    const key = ({ at, txnId }: Line) => `${at}/${txnId}`;
    return lines.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  }

  private idOf(type: string, from: number): string {
    return `frr_${this.book.token(`${type} ${from}`).slice(0, 24)}`;
  }
}

const withIntent = (intent: Intent | undefined): { intent?: Intent } => (intent ? { intent } : {});

function runBody({ id, type, from, asked }: Run): object {
  const done = asked >= QUESTIONS;
  const file = { id: id.replace('frr_', 'file_'), object: 'file', type: 'csv', purpose: 'finance_report_run' };
  return {
    ...{ id, object: 'reporting.report_run', report_type: type, status: done ? 'succeeded' : 'pending', error: null },
    ...{ parameters: { interval_start: from, interval_end: from + 86_400 }, livemode: false },
    result: done ? file : null,
  };
}

function rowOf(line: Line, type: string, date: string): ReportRow {
  const { txnId, ourNo, amount, fee, at, category = 'charge', intent } = line;
  const payout: Record<string, string> = type.startsWith('payout')
    ? { automatic_payout_id: `po_${date.replaceAll('-', '')}` }
    : {};
  const numbers: Record<string, string> =
    category === 'refund'
      ? { 'payment_metadata[order_no]': intent?.metadata['order_no'] ?? '', 'refund_metadata[refund_no]': ourNo }
      : { 'payment_metadata[order_no]': ourNo || (intent?.metadata['order_no'] ?? '') };
  return {
    ...{ amount, fee, currency: intent?.currency ?? 'cny', at: new Date(at), category },
    cells: {
      ...{ balance_transaction_id: `txn_${txnId.replace(/^[a-z]+_/, '')}`, description: intent?.description ?? '' },
      source_id: category === 'charge' ? (intent?.chargeId ?? txnId) : txnId,
      ...{ charge_id: intent?.chargeId ?? '', payment_intent_id: intent?.id ?? txnId, payment_method_type: 'card' },
      ...payout,
      ...numbers,
    },
  };
}
