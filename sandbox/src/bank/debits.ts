import type { BankBook, Order } from './bank-book';
import { type Behaviour, behaviour } from './behaviour';
import type { DebitRequest } from './bank-wire';
import { chooseBehaviour, matchRule } from './faults';
import { orderBody, refusal, reply, type Reply } from './order-answer';
import type { Settler } from './settler';

/**
 * Debits under an agreement. One attempt number is one order for ever: a repeat hears what became of it and takes
 * nothing; the same number with another amount or agreement is refused.
 */
export class Debits {
  private readonly asked = new Map<string, number>();

  constructor(
    private readonly book: BankBook,
    private readonly settler: Settler,
  ) {}

  take(request: DebitRequest): Reply {
    const known = this.book.orders.get(request.attempt_no);
    const amount = BigInt(request.amount);
    if (known && (BigInt(known.amount) !== amount || known.agreementRef !== request.agreement_ref)) {
      return refusal(409, 'order_conflict');
    }
    if (known && known.status !== 'not_found') return this.repeat(known);
    const name = known ? 'succeed' : this.choose(request);
    const order = this.newOrder(request, name);
    const chosen = behaviour(name);
    this.book.saveOrder(order);
    this.settler.afterArrival(order, chosen);
    return firstAnswer(order, chosen);
  }

  query(attemptNo: string): Reply {
    const order = this.book.orders.get(attemptNo);
    if (!order) return reply({ attempt_no: attemptNo, status: 'not_found' });
    const chosen = behaviour(order.behaviour);
    const asked = (this.asked.get(attemptNo) ?? 0) + 1;
    this.asked.set(attemptNo, asked);
    if (asked <= (chosen.silentQueries ?? 0)) return reply({}, { delivery: 'cut' });
    return reply(orderBody(order, told(order, chosen)));
  }

  private repeat(order: Order): Reply {
    const chosen = behaviour(order.behaviour);
    if (chosen.silentQueries === Number.POSITIVE_INFINITY) return reply({}, { delivery: 'cut' });
    return reply(orderBody(order, told(order, chosen)));
  }

  private choose(request: DebitRequest): Order['behaviour'] {
    const traits = { agreementRef: request.agreement_ref, amount: BigInt(request.amount) };
    const rule = matchRule(this.book.rules, traits);
    if (rule) {
      const rules = this.book.rules.map((r) => (r.id === rule.id ? { ...r, times: r.times - 1 } : r));
      this.book.put({ t: 'rules', rules: rules.filter((r) => r.times > 0) });
    }
    return chooseBehaviour(rule, traits.amount);
  }

  private newOrder(request: DebitRequest, name: Order['behaviour']): Order {
    const chosen = behaviour(name);
    const now = new Date();
    const agreement = [...this.book.agreements.values()].find((a) => a.agreementRef === request.agreement_ref);
    const base = {
      attemptNo: request.attempt_no,
      kind: 'debit' as const,
      agreementRef: request.agreement_ref,
      amount: String(request.amount),
      behaviour: name,
      txnId: this.book.nextTxnId(),
      date: this.book.date,
      at: now.toISOString(),
    };
    if (agreement?.status !== 'active') return { ...base, status: 'declined', reason: 'agreement_ended' };
    if (chosen.effect === 'none') return { ...base, status: 'not_found' };
    if (chosen.settlesAfterMs !== undefined) {
      return { ...base, status: 'pending', settlesAt: now.getTime() + chosen.settlesAfterMs };
    }
    if (chosen.effect === 'refuse') return { ...base, status: 'declined', ...why(chosen) };
    return { ...base, status: 'succeeded' };
  }
}

function why(chosen: Behaviour): { reason?: string } {
  return chosen.reason === undefined ? {} : { reason: chosen.reason };
}

function told(order: Order, chosen: Behaviour): Order['status'] {
  return order.status === 'pending' && chosen.hidden ? 'not_found' : order.status;
}

function firstAnswer(order: Order, chosen: Behaviour): Reply {
  const delayMs = chosen.slowMs ?? 0;
  switch (chosen.answer) {
    case 'error':
      return reply({ code: 'internal' }, { delivery: 'error', status: 500, delayMs });
    case 'cut':
    case 'hang':
      return reply({}, { delivery: chosen.answer, delayMs });
    case 'wrong_amount': {
      const wrong = { ...order, amount: (BigInt(order.amount) + 100n).toString() };
      return reply(orderBody(wrong), { delayMs });
    }
    case 'pending':
    case 'truth':
      return reply(orderBody(order), { delayMs });
  }
}
