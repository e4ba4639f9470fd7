import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TopupAnswer, TopupItem } from '@yidian/contracts';
import type { BillingConfig } from '../../billing.config';
import { billingFixture, HUNAN, type BillingFixture } from '../../testing/billing-fixture';
import type { OrderRow } from '../orders/order';
import { OrdersJob } from '../orders/orders.job';
import { OUR_PRIVATE_KEY, PlayedProvince, THEIR_PUBLIC_KEY } from './played-province';

/** Billing as it runs, with Hunan kept by a played province. */
export interface ProvinceFixture extends BillingFixture {
  province: PlayedProvince;
  dir: string;
  /** A credit of 50 yuan to a subscriber of Hunan. */
  remote(subscriberId: string, over?: Partial<TopupItem>): TopupItem;
  order(refNo: string, kind?: OrderRow['kind']): Promise<Record<string, unknown> | undefined>;
  /** The ladder's next step comes now, and the documented delay is over. */
  hurry(refNo: string, kind?: OrderRow['kind']): Promise<void>;
  /** The orders that are due are taken up now, not at the next tick. */
  kick(): void;
  /** Waits until the credit is answered otherwise than `pending`; the ladder is hurried meanwhile. */
  final(paymentNo: string, options?: { hurried?: boolean; withinMs?: number }): Promise<TopupAnswer>;
  ledgerSum(account: string): Promise<bigint>;
}

const DEFAULTS = {
  deadlineMs: 400,
  lookupMs: 200,
  concurrency: 4,
  maxDelayMs: 60_000,
  breakForMs: 300,
  breakAfter: 50,
};

/** @param over of the branch's profile @param extra of billing's configuration */
export async function provinceFixture(over: object = {}, extra: Partial<BillingConfig> = {}): Promise<ProvinceFixture> {
  const province = await PlayedProvince.start();
  const dir = mkdtempSync(join(tmpdir(), 'yd-bss-'));
  const branch = {
    branch: HUNAN,
    adapter: 'remote',
    baseUrl: province.baseUrl,
    theirKeys: [THEIR_PUBLIC_KEY],
    idempotent: true,
  };
  writeFileSync(join(dir, 'profile.json'), JSON.stringify({ branches: [{ ...branch, ...DEFAULTS, ...over }] }));
  writeFileSync(join(dir, 'key.json'), JSON.stringify(OUR_PRIVATE_KEY));
  const billing = await billingFixture({
    BSS_PROFILE: join(dir, 'profile.json'),
    BSS_KEY_FILE: join(dir, 'key.json'),
    DATA_DIR: dir,
    ...extra,
  });
  const { db } = billing.database;
  const order = async (refNo: string, kind: OrderRow['kind'] = 'credit') =>
    (await db.select('SELECT * FROM bss_order WHERE ref_no = ? AND kind = ?', [refNo, kind]))[0];
  const kick = () => billing.running().app.get(OrdersJob, { strict: false }).kick(HUNAN);
  const hurry = async (refNo: string, kind: OrderRow['kind'] = 'credit') => {
    await db.run(
      `UPDATE bss_order SET due_at = NOW(3) - INTERVAL 1 SECOND, sent_at = sent_at - INTERVAL 1 HOUR
       WHERE ref_no = ? AND kind = ? AND due_at IS NOT NULL AND state IN ('requested', 'unknown')`,
      [refNo, kind],
    );
    kick();
  };
  const ask = async (key: string) =>
    (await billing.client.call('topups.query', { items: [{ key, waitMs: 100 }] })).items[0] as TopupAnswer;
  return {
    ...billing,
    province,
    dir,
    remote: (subscriberId, item) => billing.topup({ subscriberId, branch: HUNAN, ...item }),
    order,
    hurry,
    kick,
    final: async (paymentNo, { hurried = true, withinMs = 8_000 } = {}) => {
      const deadline = Date.now() + withinMs;
      for (;;) {
        const answer = await ask(paymentNo);
        if (answer.outcome !== 'pending' || Date.now() > deadline) return answer;
        if (hurried) await hurry(paymentNo);
      }
    },
    ledgerSum: async (account) => {
      const [row] = await db.select<{ total: string | null }>(
        'SELECT SUM(balance) AS total FROM account_part WHERE account_id = ?',
        [account],
      );
      return BigInt(row?.total ?? 0);
    },
    close: async () => {
      await billing.close();
      await province.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
