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

/** What was put into the day. A payment that the bank never took (a service was away) carries no difference. */
export function injectedDifferences(tools: DemoTools, plan: DayPlan): Injected[] {
  return takenByBank(tools, plan).map(({ payment, paymentNo }) => ({
    class: payment.injected as InjectedClass,
    provider: 'bank_a',
    paymentNo,
  }));
}

/** Tells the bank's back office what to leave out of the day's file and which fees to get wrong. */
export function damageStatement(tools: DemoTools, plan: DayPlan): void {
  const damages = takenByBank(tools, plan).flatMap(({ payment, txnId }) => damageOf(payment, txnId));
  tools.world.bank.damage(plan.date, damages);
}

function takenByBank(
  tools: DemoTools,
  plan: DayPlan,
): { payment: AgreementPayment; paymentNo: string; txnId: string }[] {
  const orders = [...tools.world.bank.book.orders.values()].filter((order) => order.status === 'succeeded');
  const byPayment = new Map(orders.map((order) => [order.attemptNo.slice(0, 20), order.txnId]));
  return injectedOf(plan).flatMap((payment) => {
    const paymentNo = tools.journal.paid(payment.key)?.number ?? '';
    const txnId = byPayment.get(paymentNo);
    return txnId === undefined ? [] : [{ payment, paymentNo, txnId }];
  });
}

function damageOf(payment: AgreementPayment, txnId: string): Damage[] {
  if (payment.injected === 'provider_missing') return [{ how: 'omit', txnId }];
  if (payment.injected === 'fee_mismatch') return [{ how: 'fee', txnId, by: String(payment.feeBy ?? 1) }];
  return [];
}
