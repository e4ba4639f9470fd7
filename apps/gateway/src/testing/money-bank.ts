import type { BankAnswer, PlayedBank } from '@yidian/connectors/bank-direct/played-bank';
import { success } from '@yidian/connectors/bank-direct/played-bank';

/** What goes wrong with a call; `before` and `after` say whether the bank has done it. */
export type BankFault =
  | 'silent_before'
  | 'silent_after'
  | 'error_before'
  | 'error_after'
  | 'cut_after'
  | 'forged_after'
  | 'wrong_amount_after'
  | 'wrong_order_after'
  | 'unlisted_after'
  | 'decline';

type Body = Record<string, unknown>;

/**
 * A bank with a ledger of its own: it takes and gives back once per number, whatever it says, and tells the truth when it is
 * asked. A fault strikes the next call of a path only.
 */
export class MoneyBank {
  /** Fen by attempt number. */
  readonly taken = new Map<string, number>();
  readonly returned = new Map<string, { order: string; amount: number }>();
  private readonly closed = new Set<string>();
  private readonly opened = new Map<string, number>();
  private readonly declined = new Set<string>();
  private readonly faults = new Map<string, BankFault>();

  play(bank: PlayedBank): void {
    bank.answerBy((path, body) => this.answer(path, body));
  }

  strike(path: string, fault: BankFault): void {
    this.faults.set(path, fault);
  }

  /** Whether every fault has struck. */
  calm(): boolean {
    return this.faults.size === 0;
  }

  /** The payer pays on the page. */
  payPage(attempt: string): Body {
    const amount = this.opened.get(attempt);
    if (amount === undefined || this.closed.has(attempt)) throw new Error('there is no page to pay on');
    this.taken.set(attempt, amount);
    return success({ attempt_no: attempt, amount });
  }

  /** Fen that the payer is short of for a payment now. */
  charged(paymentNo: string): number {
    let sum = 0;
    for (const [attempt, amount] of this.taken) if (attempt.startsWith(paymentNo)) sum += amount;
    for (const { order, amount } of this.returned.values()) if (order.startsWith(paymentNo)) sum -= amount;
    return sum;
  }

  private answer(path: string, body: Body): BankAnswer {
    const fault = this.faults.get(path);
    this.faults.delete(path);
    if (fault === 'silent_before') return null;
    if (fault === 'error_before') return { status: 500, body: { code: 'internal' } };
    if (fault === 'decline') {
      const order = body['refund_no'] ? { refund_no: body['refund_no'] } : {};
      this.declined.add(orderOf(body));
      const status = body['refund_no'] ? 'failed' : 'declined';
      return { body: { attempt_no: body['attempt_no'], ...order, status, reason: 'insufficient_funds' } };
    }
    return damaged(this.carryOut(path, body), fault);
  }

  private carryOut(path: string, body: Body): Body {
    const order = orderOf(body);
    const named = { attempt_no: body['attempt_no'] };
    switch (path) {
      case '/v1/debits':
        this.taken.set(order, this.taken.get(order) ?? Number(body['amount']));
        return success({ ...named, amount: body['amount'] });
      case '/v1/cashiers':
        this.opened.set(order, Number(body['amount']));
        return {
          ...named,
          pay_url: `http://bank.example/${order}`,
          expires_at: new Date(Date.now() + 60_000).toISOString(),
        };
      case '/v1/cashiers/close':
        if (this.taken.has(order)) return success({ ...named, amount: this.taken.get(order) });
        if (!this.opened.has(order)) return { ...named, status: 'not_found' };
        this.closed.add(order);
        return { ...named, status: 'closed' };
      case '/v1/debits/query':
        return this.state(named, order, this.taken.get(order));
      case '/v1/refunds':
        if (!this.returned.has(order))
          this.returned.set(order, { order: String(body['attempt_no']), amount: Number(body['amount']) });
        return success({ ...named, refund_no: order, amount: body['amount'] });
      case '/v1/refunds/query':
        return this.state({ ...named, refund_no: order }, order, this.returned.get(order)?.amount);
      default:
        return { ...named, status: 'not_found' };
    }
  }

  private state(named: Body, order: string, amount: number | undefined): Body {
    if (amount !== undefined) return success({ ...named, amount });
    if (this.declined.has(order))
      return { ...named, status: named['refund_no'] ? 'failed' : 'declined', reason: 'other' };
    if (this.opened.has(order)) return { ...named, status: this.closed.has(order) ? 'closed' : 'pending' };
    return { ...named, status: 'not_found' };
  }
}

const orderOf = (body: Body): string => String(body['refund_no'] ?? body['attempt_no']);

function damaged(body: Body, fault: BankFault | undefined): BankAnswer {
  switch (fault) {
    case 'silent_after':
      return null;
    case 'error_after':
      return { status: 500, body: { code: 'internal' } };
    case 'cut_after':
      return { body, cut: true };
    case 'forged_after':
      return { body, forged: true };
    case 'wrong_amount_after':
      return { body: { ...body, amount: Number(body['amount']) + 100 } };
    case 'wrong_order_after':
      return { body: { ...body, ...(body['refund_no'] ? { refund_no: 'X1' } : { attempt_no: 'X1' }) } };
    case 'unlisted_after':
      return { body: { ...body, status: 'perhaps' } };
    default:
      return { body };
  }
}
