/**
 * Takes a credit back at its province before any value is given back: held in the ledger, then taken from the subscriber by
 * his province, only then answered as held. What the province has taken and nobody gives back is put back by a cancellation.
 * No answer stays unknown; the same reference is never renewed.
 */
import { Injectable } from '@nestjs/common';
import type { HoldAnswer, KeyAnswer } from '@yidian/contracts';
import { Ledger, resolutionKey } from '@yidian/ledger';
import { fromDigits } from '@yidian/money';
import { dayOfPayment } from '../../calendar';
import { AdvanceOrder } from './advance-order';
import { creditOf, takebackOf, type NewOrder, type OrderRow, type TakebackContent } from './order';
import { OrdersJob } from './orders.job';
import { OrdersStore } from './orders.store';
import { OTHER_POSTING, VOIDED } from './pledge-order';
import { takebackKey } from './takeback.posting';
import { Waiting } from './waiting';

/** What is asked back of one payment. */
export interface Takeback {
  /** Refund or reversal number, or the resolution that orders it. */
  key: string;
  paymentNo: string;
  purpose: TakebackContent['purpose'];
  amount: string;
  holdKey: string;
  actor: string;
}

/** A refund's caller waits with us; one that is quick is answered at once, the rest by its ladder. */
const WAIT_MS = 1_000;

@Injectable()
export class RemoteTakebacks {
  constructor(
    private readonly orders: OrdersStore,
    private readonly advance: AdvanceOrder,
    private readonly job: OrdersJob,
    private readonly waiting: Waiting,
    private readonly ledger: Ledger,
  ) {}

  /** @param credit the order that gave it */
  async hold(wanted: Takeback, credit: OrderRow): Promise<HoldAnswer> {
    const { key } = wanted;
    // Whether the credit will come is not known: nothing may be stored against it.
    if (!credit.booked) return { key, outcome: 'not_found', replay: false };
    if (credit.state !== 'done') return { key, outcome: 'rejected', reason: 'state_conflict', replay: false };
    const { row, replay } = await this.take(wanted, credit);
    const other = difference(row, wanted);
    if (other !== undefined) return { key, outcome: 'conflict', reason: other, replay };
    return { key, ...heldAs(row), replay, ...(await this.chargedOf(row)) };
  }

  /** Past the balance: the province may not refuse for it. */
  async correct(wanted: Takeback, credit: OrderRow): Promise<KeyAnswer> {
    const { key } = wanted;
    if (!credit.booked) return { key, outcome: 'busy', replay: false };
    if (credit.state !== 'done') return { key, outcome: 'rejected', reason: 'state_conflict', replay: false };
    const { row, replay } = await this.take(wanted, credit);
    const other = difference(row, wanted);
    if (other !== undefined) return { key, outcome: 'conflict', reason: other, replay };
    const { outcome, reason } = heldAs(row);
    if (outcome === 'held') return { key, outcome: 'posted', replay };
    if (outcome === 'unknown') return { key, outcome, replay };
    return { key, outcome: 'rejected', reason: reason ?? 'state_conflict', replay };
  }

  /** May the hold end so now? True: the ledger alone decides. False: its province has to say something first. */
  async mayEnd(refNo: string, action: 'post' | 'void'): Promise<boolean> {
    const row = await this.orders.get('reversal', refNo);
    if (!row || (await this.hasEnded(row))) return true;
    if (action === 'post') return row.booked;
    if (row.state === 'done') return this.putBack(row);
    if (row.booked) return true;
    const now = new Date();
    await this.orders.giveUp(row, now);
    if (row.state === 'requested') await this.advance.execute({ ...row, wanted: 'give_up' }, now);
    else if (row.dueAt === null) await this.orders.hurry('reversal', refNo, now);
    this.job.kick(row.branch);
    const after = await this.orders.get('reversal', refNo);
    return after?.booked === true && after.state !== 'done';
  }

  /** What of it goes back to the payer, as the hold was split. */
  private async chargedOf(row: OrderRow): Promise<Pick<HoldAnswer, 'charged'>> {
    const [held] = await this.ledger.find([takebackKey(row)]);
    const charged = held?.outcome === 'posted' ? held.notes?.['charged'] : undefined;
    return charged === undefined ? {} : { charged };
  }

  private async hasEnded(row: OrderRow): Promise<boolean> {
    const key = { key: resolutionKey(takebackOf(row).holdKey), keyDay: dayOfPayment(row.paymentNo) };
    return (await this.ledger.find([key]))[0] !== null;
  }

  /** The province has taken it and nobody gave it back: it is put back there first. */
  private async putBack(taken: OrderRow): Promise<boolean> {
    const { refNo, branch, paymentNo, msisdn, owner, amount, currency, content } = taken;
    const cancel: NewOrder = { refNo, kind: 'cancel', branch, paymentNo, msisdn, owner, amount, currency, content };
    const row = await this.place(cancel);
    return row.state === 'done' && row.booked;
  }

  private async take(wanted: Takeback, credit: OrderRow): Promise<{ row: OrderRow; replay: boolean }> {
    const before = await this.orders.get('reversal', wanted.key);
    if (before?.booked) return { row: before, replay: true };
    return { row: await this.place(orderOf(wanted, credit)), replay: before !== undefined };
  }

  private async place(order: NewOrder): Promise<OrderRow> {
    const now = new Date();
    await this.orders.insert([order], now, now);
    const ended = this.waiting.until(order.kind, order.refNo, WAIT_MS);
    this.job.kick(order.branch);
    const row = await this.orders.get(order.kind, order.refNo);
    if (!row?.booked) await ended;
    const after = await this.orders.get(order.kind, order.refNo);
    if (!after) throw new Error('an order is not there after it was stored');
    return after;
  }
}

function orderOf(wanted: Takeback, credit: OrderRow): NewOrder {
  const { key, paymentNo, purpose, amount, holdKey, actor } = wanted;
  const content: TakebackContent = { purpose, holdKey, actor, credit: creditOf(credit) };
  return {
    refNo: key,
    kind: 'reversal',
    branch: credit.branch,
    paymentNo,
    msisdn: credit.msisdn,
    owner: credit.owner,
    amount: fromDigits(amount),
    currency: credit.currency,
    content: JSON.stringify(content),
  };
}

/** The first field in which the stored order is another one. */
function difference(row: OrderRow, wanted: Takeback): string | undefined {
  if (row.amount !== fromDigits(wanted.amount)) return 'amount';
  if (takebackOf(row).purpose !== wanted.purpose) return 'kind';
  return row.paymentNo === wanted.paymentNo ? undefined : 'paymentNo';
}

function heldAs(row: OrderRow): Pick<HoldAnswer, 'outcome'> & { reason?: string } {
  if (!row.booked) return { outcome: 'unknown' };
  if (row.state === 'done') return { outcome: 'held' };
  if (row.state === 'given_up' && (row.wanted === 'give_up' || row.reason === VOIDED)) return { outcome: 'voided' };
  return { outcome: 'rejected', reason: row.reason === OTHER_POSTING ? 'state_conflict' : row.reason };
}
