import { toJson } from '@yidian/money';
import { reply, refusal, type Reply } from '../bank/order-answer';
import { dayAfter } from '../bank/statement-source';
import { creditFile } from './credit-file';
import { behaviourNamed, behaviourOf, ruleFor, type ProvinceBehaviour } from './province-behaviour';
import type { ProvinceAccount, ProvinceBook, ProvinceOrder } from './province-book';
import type { CreditRequest, ReversalRequest } from './province-wire';

/** What becomes of an order for a subscriber's balance: done under its own number, or refused with a reason. */
type Verdict = { refused: string } | { by: bigint };

/**
 * One province's billing system: its subscribers' balances, which only it moves. One reference has one effect for ever: a
 * repeat hears what became of it.
 */
export class Province {
  constructor(
    readonly branch: string,
    readonly book: ProvinceBook,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** The date that effects of now belong to, in Asia/Shanghai; after one that was closed early it is the next. */
  get date(): string {
    const today = new Date(this.now().getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
    return today <= this.book.closedThrough ? dayAfter(this.book.closedThrough) : today;
  }

  /** Takes in who is not known yet. */
  open(accounts: readonly ProvinceAccount[]): void {
    for (const account of accounts)
      if (!this.book.accounts.has(account.number)) this.book.put({ t: 'account', account });
  }

  credit(request: CreditRequest): Reply {
    const { reference, number } = request;
    const order = { reference, kind: 'credit' as const, credit: reference, number, amount: String(request.amount) };
    return this.take(order, () => this.judgeCredit(request));
  }

  reverse(request: ReversalRequest): Reply {
    const { reference, credit, purpose } = request;
    const number = this.book.orders.get(credit)?.number ?? '';
    const order = { reference, kind: 'reversal' as const, credit, number, amount: String(request.amount) };
    return this.take(order, () => this.judgeReversal(order, purpose));
  }

  /** Puts back what a reversal took. */
  cancel(reference: string): Reply {
    const order = this.settled(reference);
    if (order?.kind !== 'reversal' || (order.status !== 'reversed' && order.status !== 'cancelled'))
      return reply({ reference, status: order ? 'refused' : 'not_found' });
    if (order.status === 'cancelled') return reply(this.body(order));
    return reply(this.body(this.effect({ ...order, status: 'cancelled' }, 'CANCEL', BigInt(order.amount))));
  }

  query(reference: string): Reply {
    const order = this.settled(reference);
    if (!order || order.status === 'not_found') return reply({ reference, status: 'not_found' });
    if (behaviourNamed(order.behaviour).silentQueries) return reply({}, { delivery: 'cut' });
    return reply(this.body(order));
  }

  number(number: string): Reply {
    const account = this.book.accounts.get(number);
    if (!account) return reply({ number, status: 'unknown' });
    const { status, name, balance } = account;
    return reply({ number, status, owner: masked(name), balance: toJson(BigInt(balance)), currency: 'CNY' });
  }

  /** `not_ready` until the date is over, and while it is withheld; null: nothing happened that day. */
  file(date: string): { text: string } | 'not_ready' | null {
    if (date >= this.date || this.book.withheld.has(date)) return 'not_ready';
    for (const reference of this.book.orders.keys()) this.settled(reference);
    const text = creditFile(this.branch, date, [...this.book.orders.values()], this.book.damages.get(date));
    return text === null ? null : { text };
  }

  private take(
    asked: Pick<ProvinceOrder, 'reference' | 'kind' | 'credit' | 'number' | 'amount'>,
    judge: () => Verdict,
  ): Reply {
    const known = this.settled(asked.reference);
    if (known && (known.amount !== asked.amount || known.credit !== asked.credit || known.kind !== asked.kind))
      return refusal(409, 'reference_conflict');
    if (known && known.status !== 'not_found') return reply(this.body(known));
    // What came once and was pretended never to have come is done when it comes again.
    const behaviour = known ? 'succeed' : this.choose(asked);
    const chosen = behaviourNamed(behaviour);
    const order: ProvinceOrder = { ...asked, behaviour, status: 'pending', effects: [] };
    if (chosen.effect === 'none') this.save({ ...order, status: 'not_found' });
    else if (chosen.settlesAfterMs !== undefined)
      this.save({ ...order, settlesAt: this.now().getTime() + chosen.settlesAfterMs });
    else this.end(order, chosen.effect === 'refuse' ? { refused: 'number_suspended' } : judge());
    return this.answer(asked.reference, chosen);
  }

  private choose(asked: Pick<ProvinceOrder, 'number' | 'amount'>): ProvinceOrder['behaviour'] {
    const traits = { number: asked.number, amount: BigInt(asked.amount) };
    const rule = ruleFor(this.book.rules, traits);
    if (rule) {
      const rules = this.book.rules.map((one) => (one.id === rule.id ? { ...one, times: one.times - 1 } : one));
      this.book.put({ t: 'rules', rules: rules.filter((one) => one.times > 0) });
    }
    return behaviourOf(rule, traits.amount);
  }

  private judgeCredit({ number, owner, amount }: CreditRequest): Verdict {
    const account = this.book.accounts.get(number);
    if (!account) return { refused: 'number_unknown' };
    if (account.status === 'closed' || account.status === 'pre_closed') return { refused: 'number_closed' };
    if (masked(account.name) !== owner) return { refused: 'owner_changed' };
    return { by: BigInt(amount) };
  }

  private judgeReversal(
    order: Pick<ProvinceOrder, 'credit' | 'number' | 'amount'>,
    purpose: ReversalRequest['purpose'],
  ): Verdict {
    const credit = this.settled(order.credit);
    if (credit?.status !== 'credited') return { refused: 'credit_unknown' };
    const taken = [...this.book.orders.values()].filter(
      (one) => one.kind === 'reversal' && one.credit === order.credit && one.status === 'reversed',
    );
    const amount = BigInt(order.amount);
    const left = taken.reduce((rest, one) => rest - BigInt(one.amount), BigInt(credit.amount));
    if (amount > left) return { refused: 'exceeds_credit' };
    const balance = BigInt(this.book.accounts.get(order.number)?.balance ?? '0');
    return purpose !== 'correction' && amount > balance ? { refused: 'balance_used' } : { by: -amount };
  }

  private end(order: ProvinceOrder, verdict: Verdict): ProvinceOrder {
    if ('refused' in verdict) return this.save({ ...order, status: 'refused', reason: verdict.refused });
    return order.kind === 'credit'
      ? this.effect({ ...order, status: 'credited' }, 'CREDIT', verdict.by)
      : this.effect({ ...order, status: 'reversed' }, 'REVERSAL', verdict.by);
  }

  private effect(order: ProvinceOrder, kind: 'CREDIT' | 'REVERSAL' | 'CANCEL', by: bigint): ProvinceOrder {
    const { date } = this;
    const account = this.book.accounts.get(order.number);
    if (account)
      this.book.put({ t: 'account', account: { ...account, balance: String(BigInt(account.balance) + by) } });
    const effect = { kind, id: this.book.nextId(date), date, at: this.now().toISOString() };
    return this.save({ ...order, effects: [...order.effects, effect] });
  }

  /** A pending order reaches its effect when its time has come and somebody looks. */
  private settled(reference: string): ProvinceOrder | undefined {
    const order = this.book.orders.get(reference);
    if (order?.status !== 'pending' || order.settlesAt === undefined || order.settlesAt > this.now().getTime())
      return order;
    const { kind, amount } = order;
    return this.end(order, { by: kind === 'credit' ? BigInt(amount) : -BigInt(amount) });
  }

  private save(order: ProvinceOrder): ProvinceOrder {
    this.book.put({ t: 'order', order });
    return order;
  }

  private answer(reference: string, chosen: ProvinceBehaviour): Reply {
    const order = this.book.orders.get(reference);
    const delayMs = chosen.slowMs ?? 0;
    if (!order || chosen.answer === 'cut' || chosen.answer === 'hang')
      return reply({}, { delivery: chosen.answer === 'hang' ? 'hang' : 'cut', delayMs });
    if (chosen.answer === 'error') return reply({ code: 'internal' }, { delivery: 'error', status: 500, delayMs });
    const told = chosen.answer === 'wrong_amount' ? { ...order, amount: String(BigInt(order.amount) + 100n) } : order;
    return reply(this.body(told), { delayMs });
  }

  private body(order: ProvinceOrder): object {
    const { reference, status, reason, amount, number, effects } = order;
    const last = effects.at(-1);
    if (!last) return { reference, status, ...(reason === undefined ? {} : { reason }) };
    const balance = toJson(BigInt(this.book.accounts.get(number)?.balance ?? '0'));
    const sums = { amount: toJson(BigInt(amount)), currency: 'CNY', balance };
    return { reference, status, id: last.id, ...sums, date: last.date, completed_at: last.at };
  }
}

/** 王秀兰 → 王*兰, 李明 → 李*: how a payer was shown the owner. */
export function masked(name: string): string {
  const signs = [...name];
  return signs.length <= 2
    ? `${signs[0] ?? ''}*`
    : `${signs[0] ?? ''}${'*'.repeat(signs.length - 2)}${signs.at(-1) ?? ''}`;
}
