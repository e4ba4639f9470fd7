import { createConnection, type Connection } from 'mysql2';
import { connectionOptions } from '@yidian/database';

/** What the tables say, read from outside with an administrator's eyes; nothing of the platform's code is in between. */
export interface PaymentFound {
  paymentNumber: string;
  reference: string;
  state: string;
  amount: bigint;
  subscriberId: string;
}

export interface CreditFound {
  paymentNumber: string;
  account: string;
  amount: bigint;
}

export interface BalanceFound {
  account: string;
  balance: bigint;
}

export async function* paymentsOfRun(gatewaySchema: string, run: string): AsyncGenerator<PaymentFound> {
  const rows = stream<[string, string, string, bigint, string]>(
    gatewaySchema,
    'SELECT payment_no, reference, state, amount, subscriber_id FROM payment WHERE reference LIKE ?',
    [`${run}-%`],
  );
  for await (const [paymentNumber, reference, state, amount, subscriberId] of rows)
    yield { paymentNumber, reference, state, amount, subscriberId };
}

/** Every transfer into a subscriber's account but the opening balances. */
export async function* creditsOf(billingSchema: string): AsyncGenerator<CreditFound> {
  const rows = stream<[string, string, bigint]>(
    billingSchema,
    "SELECT k, credit, amount FROM transfer WHERE credit LIKE 'subscriber/%' AND kind <> 'opening'",
  );
  for await (const [paymentNumber, account, amount] of rows) yield { paymentNumber, account, amount };
}

export async function* balancesOf(billingSchema: string): AsyncGenerator<BalanceFound> {
  const rows = stream<[string, bigint]>(billingSchema, "SELECT id, balance FROM account WHERE id LIKE 'subscriber/%'");
  for await (const [account, balance] of rows) yield { account, balance };
}

/** Row by row: a run leaves millions. */
async function* stream<R extends unknown[]>(url: string, sql: string, values: unknown[] = []): AsyncGenerator<R> {
  const connection: Connection = createConnection(connectionOptions(url));
  try {
    for await (const row of connection.query({ sql, values, rowsAsArray: true }).stream()) yield row as R;
  } finally {
    connection.destroy();
  }
}
