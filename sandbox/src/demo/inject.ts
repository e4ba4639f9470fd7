import type { Damage } from '../bank/damage';
import type { AgreementPayment, DayPlan, InjectedClass } from './day-plan';
import { injectedOf } from './day-plan';
import type { DemoTools } from './demo-tools';

/** A difference that was put into the day and must be found, no more and no less. */
export interface Injected {
  class: InjectedClass;
  provider: string;
  paymentNo: string;
}

/** What was put into the day; only payments that went as planned can carry a difference. */
export function injectedDifferences(tools: DemoTools, plan: DayPlan): Injected[] {
  return injectedOf(plan).flatMap((payment) => {
    const made = tools.journal.paid(payment.key);
    if (!made || made.number === '' || payment.injected === undefined) return [];
    return [{ class: payment.injected, provider: 'bank_a', paymentNo: made.number }];
  });
}

/** Tells the bank's back office what to leave out of the day's file and which fees to get wrong. */
export function damageStatement(tools: DemoTools, plan: DayPlan): void {
  const { bank } = tools.world;
  const orders = [...bank.book.orders.values()];
  const damages = injectedOf(plan).flatMap((payment): Damage[] => {
    const number = tools.journal.paid(payment.key)?.number ?? '';
    const order = orders.find((o) => number !== '' && o.attemptNo.startsWith(number) && o.status === 'succeeded');
    return order ? damageOf(payment, order.txnId) : [];
  });
  bank.damage(plan.date, damages);
}

function damageOf(payment: AgreementPayment, txnId: string): Damage[] {
  if (payment.injected === 'provider_missing') return [{ how: 'omit', txnId }];
  if (payment.injected === 'fee_mismatch') return [{ how: 'fee', txnId, by: String(payment.feeBy ?? 1) }];
  return [];
}
