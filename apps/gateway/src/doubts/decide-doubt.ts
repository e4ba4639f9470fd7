import { Inject, Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { newId } from '@yidian/http';
import { toDigits } from '@yidian/money';
import type { GatewayConfig } from '../gateway.config';
import { PaymentsReadStore } from '../payments/payments-read.store';
import { RefundSteps } from '../payments/refund-steps';
import { ResolvePayment } from '../payments/resolve-payment';
import { CONFIG } from '../platform';
import { AskAgain, type Outcome } from './ask-again';
import { DoubtsStore, type DecisionRow, type DoubtRow } from './doubts.store';

export const DOUBT_ACTIONS = ['confirm_paid', 'confirm_declined', 'credit', 'refund_payer', 'dismiss'] as const;
export type DoubtAction = (typeof DOUBT_ACTIONS)[number];

export interface Decision {
  action: DoubtAction;
  /** Where the provider said so: file and line, letter, name and time of a call. */
  evidence: string;
  providerTxnId?: string | undefined;
  businessDate?: string | undefined;
}

/** What can be decided about which kind; all else of a kind ends by asking again. */
const ALLOWED: Readonly<Record<DoubtRow['kind'], readonly DoubtAction[]>> = {
  payment: ['confirm_paid', 'confirm_declined', 'credit', 'refund_payer'],
  refund: ['confirm_paid', 'confirm_declined'],
  return: ['dismiss'],
  callback: ['dismiss'],
  attempt: ['dismiss'],
};

/**
 * Promise: nothing in the queue is guessed. A person decides on evidence that is kept, a second one above a limit, and what is
 * decided passes the same write door, under the decision's own key, as any other news.
 */
@Injectable()
export class DecideDoubt {
  constructor(
    private readonly doubts: DoubtsStore,
    private readonly payments: PaymentsReadStore,
    private readonly resolve: ResolvePayment,
    private readonly refunds: RefundSteps,
    private readonly asking: AskAgain,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** @throws Problem not_found, state_conflict when it is closed, somebody else's, or of a kind that is not decided so */
  async propose(id: string, actor: string, decision: Decision): Promise<DecisionRow> {
    const doubt = await this.ownDoubt(id, actor);
    if (!ALLOWED[doubt.kind].includes(decision.action))
      throw new Problem('state_conflict', { detail: `A ${doubt.kind} is not ended by ${decision.action}.` });
    const open = (await this.doubts.decisions([id])).find(({ state }) => state === 'proposed');
    if (open) throw new Problem('state_conflict', { detail: 'A decision waits for a second person already.' });
    const row: DecisionRow = {
      id: newId('dec'),
      doubt_id: id,
      action: decision.action,
      provider_txn_id: decision.providerTxnId ?? '',
      business_date: decision.businessDate ?? null,
      evidence: decision.evidence,
      state: 'proposed',
      proposed_by: actor,
      proposed_at: new Date(),
      decided_by: null,
      decided_at: null,
      outcome: '',
    };
    await this.doubts.addDecision(row);
    return this.needsTwo(doubt) ? row : this.carryOut(doubt, row, actor);
  }

  /** @throws Problem own_proposal when the one who proposed it approves it */
  async decide(decisionId: string, actor: string, verdict: 'approve' | 'reject'): Promise<DecisionRow> {
    const row = await this.doubts.findDecision(decisionId);
    const doubt = row && (await this.doubts.find(row.doubt_id));
    if (!row || !doubt) throw new Problem('not_found');
    if (row.state !== 'proposed' && row.state !== 'working') throw new Problem('state_conflict');
    if (verdict === 'reject') {
      const moved = await this.doubts.moveDecision(row.id, 'proposed', { state: 'rejected', by: actor, outcome: '' });
      if (!moved) throw new Problem('state_conflict');
      return this.read(row.id);
    }
    const own = row.state === 'proposed' && row.proposed_by === actor;
    if (own && this.needsTwo(doubt)) throw new Problem('own_proposal');
    return this.carryOut(doubt, row, actor);
  }

  /** Claimed before it is carried out: of two who approve at once only one does. What broke off is carried on by anybody. */
  private async carryOut(doubt: DoubtRow, row: DecisionRow, actor: string): Promise<DecisionRow> {
    if (row.state === 'proposed') {
      const claimed = await this.doubts.moveDecision(row.id, 'proposed', { state: 'working', by: actor, outcome: '' });
      if (!claimed) throw new Problem('state_conflict');
    }
    const { state, outcome } = await this.act(doubt, await this.read(row.id));
    await this.doubts.moveDecision(row.id, 'working', { state, outcome });
    if (state === 'done') await this.doubts.close(doubt.id, `${row.action}: ${outcome}`);
    return this.read(row.id);
  }

  private act(doubt: DoubtRow, row: DecisionRow): Promise<Outcome> {
    if (row.action === 'dismiss') return this.asking.dismiss(doubt);
    return doubt.kind === 'refund' ? this.decideRefund(doubt, row) : this.decidePayment(doubt, row);
  }

  private async decidePayment(doubt: DoubtRow, row: DecisionRow): Promise<Outcome> {
    const payment = await this.payments.find(doubt.payment_no);
    if (!payment) return { state: 'refused', outcome: 'no such payment' };
    const answer = await this.resolve.execute({
      key: row.id,
      paymentNo: payment.payment_no,
      action: row.action as Exclude<DoubtAction, 'dismiss'>,
      providerTxnId: row.provider_txn_id,
      businessDate: row.business_date ?? payment.business_date ?? payment.day,
      amount: toDigits(payment.charged),
      evidence: row.evidence,
      actor: [...new Set([row.proposed_by, row.decided_by ?? row.proposed_by])].join(', '),
    });
    const said = `payment ${answer.paymentState}, credit ${answer.creditState}`;
    return { state: answer.outcome, outcome: answer.reason ? `${said}: ${answer.reason}` : said };
  }

  private async decideRefund(doubt: DoubtRow, row: DecisionRow): Promise<Outcome> {
    const refund = await this.payments.refund(doubt.object_no);
    if (!refund) return { state: 'refused', outcome: 'no such refund' };
    const evidence = `${row.action} by ${row.proposed_by}: ${row.evidence}`;
    const { provider_txn_id: providerTxnId, business_date: businessDate } = row;
    const word =
      row.action === 'confirm_paid'
        ? ({ word: 'succeeded', providerTxnId, businessDate, at: new Date() } as const)
        : ({ word: 'failed', code: 'decided' } as const);
    const after = await this.refunds.decide(refund, word, evidence);
    const ended = after.state === 'succeeded' || after.state === 'failed';
    return { state: ended ? 'done' : 'refused', outcome: `refund ${after.state}` };
  }

  /** What nobody can put a sum to counts as above the limit. */
  private needsTwo({ amount }: DoubtRow): boolean {
    return amount === null || amount > BigInt(this.config.DECIDE_ALONE_FEN);
  }

  private async ownDoubt(id: string, actor: string): Promise<DoubtRow> {
    const doubt = await this.doubts.find(id);
    if (!doubt) throw new Problem('not_found');
    if (!(await this.doubts.take(id, actor)))
      throw new Problem('state_conflict', { detail: doubt.owner ? `It is ${doubt.owner}'s.` : 'It is closed.' });
    return doubt;
  }

  private async read(id: string): Promise<DecisionRow> {
    const row = await this.doubts.findDecision(id);
    if (!row) throw new Problem('internal');
    return row;
  }
}
