import type { Type } from '@nestjs/common';
import type { branchPolicy, TopupAnswer, TopupItem } from '@yidian/contracts';
import { RpcClient } from '@yidian/messaging';
import { testDatabase, type TestDatabase } from '@yidian/testing';
import type { z } from 'zod';
import type { Registration } from '../subscribers/registration';
import { Lifecycle } from '../resources/lifecycle';
import { schema } from '../schema';
import type { BillingConfig } from '../billing.config';
import { startBilling, type RunningBilling } from '../start-billing';

export const HUBEI = '420000';
export const HUNAN = '430000';
export const GUANGDONG = '440000';
export const OPEN_DATE = '2026-11-22';

/** Billing as it runs, on a schema of its own, spoken to over its socket. */
export interface BillingFixture {
  client: RpcClient<'billing'>;
  /** One more client with a socket of its own. */
  connect(): RpcClient<'billing'>;
  /** A second process on the same schema: other lanes, another memory. */
  sibling(): Promise<RpcClient<'billing'>>;
  database: TestDatabase;
  /** The first process, to reach what runs by clock. */
  running(): RunningBilling;
  healthUrl: string;
  /** Registers one number and returns its subscriber id. */
  register(registration: Partial<Registration> & { msisdn: string }): Promise<string>;
  /** A credit of 50 yuan to a subscriber of Hubei, under a payment number of its own. */
  topup(item: Partial<TopupItem> & { subscriberId: string }): TopupItem;
  post(...items: TopupItem[]): Promise<TopupAnswer[]>;
  balance(msisdn: string): Promise<string | undefined>;
  /** Facts of a payment as the credit book shows them. */
  facts(
    paymentNo: string,
  ): Promise<{ kind: string; amount: bigint; refNo: string; provider: string; bookDate: string }[]>;
  /** Every account that is not zero, credits − debits. */
  balances(): Promise<Record<string, bigint>>;
  /** A branch's policy, proposed and approved by two people, in force at once. */
  policy(branch: string, policy: z.input<typeof branchPolicy>): Promise<void>;
  /** A part of the first process, for what no call reaches, such as a job's turn. */
  part<T>(type: Type<T>): T;
  /** Ends the processes, the schema stays. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

let serial = 0;

/** @param extra configuration other than the usual, of this process and its siblings */
export async function billingFixture(extra: Partial<BillingConfig> = {}): Promise<BillingFixture> {
  const database = await testDatabase(schema);
  const running = [await start(database, extra)];
  const clients: RpcClient<'billing'>[] = [];
  const connect = (to = running[0]) => {
    const client = new RpcClient('billing', '127.0.0.1', to?.rpcPort ?? 0);
    clients.push(client);
    return client;
  };
  const client = connect();
  const stop = async () => {
    for (const one of running.splice(0)) await one.stop();
  };
  return {
    client,
    connect: () => connect(),
    sibling: async () => {
      const other = await start(database, extra);
      running.push(other);
      return connect(other);
    },
    database,
    running: () => {
      const [first] = running;
      if (!first) throw new Error('billing was stopped');
      return first;
    },
    healthUrl: `http://127.0.0.1:${running[0]?.app.get(Lifecycle, { strict: false }).healthPort}/health/ready`,
    register: async (registration) => {
      const { items } = await client.call('subscribers.register', { items: [{ ...NUMBER, ...registration }] });
      return items[0]?.subscriberId ?? '';
    },
    topup: (item) => ({ ...TOPUP, key: paymentNumber(), ...(item.face ? { charged: item.face } : {}), ...item }),
    post: async (...items) => (await client.call('topups.post', { items })).items,
    balance: async (msisdn) => {
      const { items } = await client.call('numbers.lookup', { items: [{ msisdn }] });
      return items[0]?.found?.balance ?? undefined;
    },
    facts: (paymentNo) =>
      database.db.select(
        `SELECT kind, amount, ref_no AS refNo, provider, book_date AS bookDate FROM fact WHERE payment_no = ?
         ORDER BY lane_id, seq`,
        [paymentNo],
      ),
    balances: () => balancesOf(database),
    policy: (branch, policy) => decree(client, branch, policy),
    part: (type) => {
      const [first] = running;
      if (!first) throw new Error('the process has ended');
      return first.app.get(type, { strict: false });
    },
    stop,
    close: async () => {
      for (const one of clients) one.close();
      await stop();
      await database.close();
    },
  };
}

const start = (database: TestDatabase, extra: Partial<BillingConfig>): Promise<RunningBilling> =>
  startBilling({
    HOST: '127.0.0.1',
    MODE: 'live',
    DATABASE_URL: database.url,
    RPC_PORT: 0,
    HTTP_PORT: 0,
    LOG_LEVEL: 'silent',
    FIRST_BUSINESS_DATE: OPEN_DATE,
    LOW_BALANCE_FEN: [500n, 1000n, 2000n, 3000n, 5000n, 10_000n],
    ...extra,
  });

async function balancesOf({ db }: TestDatabase): Promise<Record<string, bigint>> {
  const rows = await db.select<{ id: string; total: string }>(
    `SELECT id, SUM(balance) AS total FROM (SELECT id, balance FROM account
       UNION ALL SELECT account_id, balance FROM account_part) every GROUP BY id HAVING total <> 0 ORDER BY id`,
  );
  return Object.fromEntries(rows.map(({ id, total }) => [id, BigInt(total)]));
}

async function decree(
  client: RpcClient<'billing'>,
  branch: string,
  policy: z.input<typeof branchPolicy>,
): Promise<void> {
  const validFrom = new Date(0).toISOString();
  const wanted = { branch, validFrom, policy, reason: 'test', actor: 'clerk.a' };
  const { policy: proposed } = await client.call('policies.propose', wanted);
  const decision = { branch, version: proposed?.version ?? 0, decision: 'approve' as const };
  await client.call('policies.decide', { ...decision, reason: 'test', actor: 'clerk.b' });
}

export function paymentNumber(): string {
  return `261122${String(++serial).padStart(14, '0')}`;
}

const NUMBER: Omit<Registration, 'msisdn'> = {
  branch: HUBEI,
  name: '王秀兰',
  plan: 'prepaid',
  status: 'active',
  balance: '0',
};

const TOPUP: Omit<TopupItem, 'key' | 'subscriberId'> = {
  branch: HUBEI,
  provider: 'bank_a',
  channel: 'sms',
  partner: '',
  acquiringBranch: GUANGDONG,
  face: '5000',
  charged: '5000',
  currency: 'CNY',
  providerTxnId: 'T-1',
  businessDate: OPEN_DATE,
  ttlMs: 5_000,
};
