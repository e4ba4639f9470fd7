import type { DataSource, QueryRunner } from 'typeorm';
import type { TopupReply } from '../topup-call';
import { Fact, Payment, PaymentHistory } from './gateway.entities';

/** Writes a payment twice: when it is taken, and when billing has answered. One transaction each. */
export interface PaymentsStore {
  take(payment: Payment): Promise<void>;
  complete(payment: Payment, reply: TopupReply): Promise<void>;
}

export class RawPaymentsStore implements PaymentsStore {
  constructor(private readonly dataSource: DataSource) {}

  take(payment: Payment): Promise<void> {
    return this.inTransaction(async (runner) => {
      await runner.query(
        'INSERT INTO payment (number, partner, reference, idempotencyKey, state, msisdn, branch, amount, currency, teller, ' +
          'balanceAfter, createdAt, updatedAt) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        [
          payment.number,
          payment.partner,
          payment.reference,
          payment.idempotencyKey,
          payment.state,
          payment.msisdn,
          payment.branch,
          payment.amount,
          payment.currency,
          payment.teller,
          payment.balanceAfter,
          payment.createdAt,
          payment.updatedAt,
        ],
      );
      await this.addHistory(runner, payment, 1, 'created');
      await this.addFact(runner, payment, 'paid');
    });
  }

  complete(payment: Payment, { balanceAfter, branch }: TopupReply): Promise<void> {
    return this.inTransaction(async (runner) => {
      await runner.query(
        "UPDATE payment SET state = ?, branch = ?, balanceAfter = ?, updatedAt = ? WHERE number = ? AND state = 'paid'",
        [payment.state, branch, balanceAfter, payment.updatedAt, payment.number],
      );
      await this.addHistory(runner, payment, 2, 'paid');
      await this.addFact(runner, payment, payment.state);
    });
  }

  private addHistory(runner: QueryRunner, payment: Payment, n: number, from: string): Promise<unknown> {
    return runner.query(
      'INSERT INTO payment_history (paymentNumber, n, fromState, toState, at) VALUES (?, ?, ?, ?, ?)',
      [payment.number, n, from, payment.state, payment.updatedAt],
    );
  }

  private addFact(runner: QueryRunner, payment: Payment, kind: string): Promise<unknown> {
    return runner.query('INSERT INTO fact (paymentNumber, kind, partner, amount, body, at) VALUES (?, ?, ?, ?, ?, ?)', [
      payment.number,
      kind,
      payment.partner,
      payment.amount,
      factBody(payment),
      payment.updatedAt,
    ]);
  }

  private async inTransaction(work: (runner: QueryRunner) => Promise<void>): Promise<void> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.startTransaction();
      await work(runner);
      await runner.commitTransaction();
    } catch (error) {
      await runner.rollbackTransaction();
      throw error;
    } finally {
      await runner.release();
    }
  }
}

export class SavePaymentsStore implements PaymentsStore {
  constructor(private readonly dataSource: DataSource) {}

  take(payment: Payment): Promise<void> {
    return this.dataSource.transaction(async (manager) => {
      await manager.getRepository(Payment).save(payment);
      await manager.getRepository(PaymentHistory).save(historyOf(payment, 1, 'created'));
      await manager.getRepository(Fact).save(factOf(payment, 'paid'));
    });
  }

  complete(payment: Payment, { balanceAfter, branch }: TopupReply): Promise<void> {
    return this.dataSource.transaction(async (manager) => {
      payment.branch = branch ?? null;
      payment.balanceAfter = balanceAfter === undefined ? null : BigInt(balanceAfter);
      await manager.getRepository(Payment).save(payment);
      await manager.getRepository(PaymentHistory).save(historyOf(payment, 2, 'paid'));
      await manager.getRepository(Fact).save(factOf(payment, payment.state));
    });
  }
}

const factBody = ({ number, reference, state, amount }: Payment): string =>
  JSON.stringify({ number, reference, state, amount: String(amount) });

function historyOf(payment: Payment, n: number, from: string): PaymentHistory {
  const history = new PaymentHistory();
  history.paymentNumber = payment.number;
  history.n = n;
  history.fromState = from;
  history.toState = payment.state;
  history.at = payment.updatedAt;
  return history;
}

function factOf(payment: Payment, kind: string): Fact {
  const fact = new Fact();
  fact.paymentNumber = payment.number;
  fact.kind = kind;
  fact.partner = payment.partner;
  fact.amount = payment.amount;
  fact.body = factBody(payment);
  fact.at = payment.updatedAt;
  return fact;
}
