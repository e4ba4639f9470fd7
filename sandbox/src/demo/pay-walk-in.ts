import { setTimeout as sleep } from 'node:timers/promises';
import type { Partner, PaymentSeen } from '../partners/partner';
import { Unexpected } from '../wire/web-client';
import { pressOnBankPage } from './become-payer';
import type { WalkInPayment } from './day-plan';
import type { Made } from './demo-journal';
import type { DemoTools } from './demo-tools';

const PATIENCE_MS = 120_000;
const CASHIER_TRIES = 3;

/** A payment at the bank's counter, in the web shop, or on the bank's cashier page; safe to call again. */
export async function payWalkIn(tools: DemoTools, plan: WalkInPayment): Promise<Made> {
  const before = tools.journal.paid(plan.key);
  if (before) return before;
  const made = plan.way === 'cashier' ? await atCashier(tools, plan) : await collected(tools, plan);
  return tools.journal.pay(made);
}

/** A reference of the partner's own, letters and digits. */
export function referenceOf(key: string): string {
  return key.replaceAll(/[^A-Za-z0-9]/g, '');
}

async function collected(tools: DemoTools, plan: WalkInPayment): Promise<Made> {
  const partner = tools.world.partners[plan.way === 'counter' ? 'demo_bank' : 'demo_shop'];
  const reference = referenceOf(plan.key);
  await queryFirst(partner, plan);
  let sale = await partner.collect(reference, plan.number, BigInt(plan.yuan) * 100n, 'T01');
  const deadline = Date.now() + PATIENCE_MS;
  while (sale.payment?.final === false && Date.now() < deadline) {
    await sleep(500);
    sale = (await partner.look(reference).catch(() => undefined)) ?? sale;
  }
  if (!sale.payment) throw new Error(`${partner.id} was refused a payment of ${plan.yuan} yuan (${plan.key})`);
  if (plan.undo === 'reversal') await reverse(tools, partner, reference);
  const { id, number, state, final } = sale.payment;
  return { key: plan.key, id, number, state, final };
}

/** The teller reads the masked name to the customer before taking the money. */
async function queryFirst(partner: Partner, plan: WalkInPayment): Promise<void> {
  const key = `${partner.id}-nq-${referenceOf(plan.key)}`;
  const answer = await partner.persist('/v1/number_queries', key, { number: plan.number });
  if (answer.status !== 200 && answer.status !== 201) throw new Unexpected('number query', answer);
}

async function reverse(tools: DemoTools, partner: Partner, reference: string): Promise<void> {
  const answer = await partner.reverse(reference, 'teller_timeout');
  if ((answer.body as { state?: string }).state !== 'reversed') throw new Unexpected('reversal', answer);
  tools.progress.note(
    'Demo Bank counter reverses a payment the same day, by its own reference → reversed, credit taken back',
    '示范银行柜面当日按自己的流水号冲正一笔 → 已冲正,入账已收回',
  );
}

/**
 * The shop sends its customer to the bank's page; the bank's callback brings the news. When no page came (the platform
 * was restarting) the order is closed unpaid, and the customer orders anew.
 */
async function atCashier(tools: DemoTools, plan: WalkInPayment): Promise<Made> {
  const shop = tools.world.partners.demo_shop;
  for (let tries = 1; ; tries += 1) {
    const reference = tries === 1 ? referenceOf(plan.key) : `${referenceOf(plan.key)}r${tries}`;
    const seen = await cashierOrder(tools, shop, plan, reference);
    if (seen.state === 'closed' && tries < CASHIER_TRIES) continue;
    if (plan.undo === 'refund') await refund(tools, shop, plan, seen);
    const { id, number, state, final } = seen;
    return { key: plan.key, id, number, state, final };
  }
}

async function cashierOrder(
  tools: DemoTools,
  shop: Partner,
  plan: WalkInPayment,
  reference: string,
): Promise<PaymentSeen> {
  const answer = await shop.persist('/v1/payments', `demo_shop-${reference}`, {
    reference,
    number: plan.number,
    amount: plan.yuan * 100,
    currency: 'CNY',
    funding: { type: 'cashier', provider: 'bank_a', presentation: 'redirect' },
    expires_in: 900,
  });
  if (answer.status >= 300) throw new Unexpected('cashier payment', answer);
  const seen = answer.body as PaymentSeen;
  if (seen.next_action) await pressOnBankPage(tools, seen.next_action.url, 'pay');
  return untilFinal(shop, seen);
}

async function untilFinal(partner: Partner, seen: PaymentSeen): Promise<PaymentSeen> {
  const deadline = Date.now() + PATIENCE_MS;
  for (let wait = 100; ; wait = Math.min(wait * 2, 1_000)) {
    const answer = await partner.api.get(`/v1/payments/${seen.id}`).catch(() => null);
    const now = answer?.status === 200 ? (answer.body as PaymentSeen) : seen;
    if (now.final || Date.now() > deadline) return now;
    await sleep(wait);
  }
}

async function refund(tools: DemoTools, shop: Partner, plan: WalkInPayment, payment: PaymentSeen): Promise<void> {
  const key = `demo_shop-rfd-${payment.id}`;
  const body = { payment: payment.id, amount: 2_000, currency: 'CNY', reason: 'payer_request' };
  const answer = await shop.persist('/v1/refunds', key, body);
  const { id, state } = answer.body as { id?: string; state?: string };
  if (answer.status >= 300 || id === undefined) throw new Unexpected('refund', answer);
  const deadline = Date.now() + PATIENCE_MS;
  let now = state;
  while (now !== 'succeeded' && Date.now() < deadline) {
    await sleep(300);
    const asked = await shop.api.get(`/v1/refunds/${id}`).catch(() => null);
    now = (asked?.body as { state?: string } | undefined)?.state ?? now;
  }
  if (now !== 'succeeded') throw new Error(`the refund of ${plan.key} is still ${now ?? 'unknown'}`);
  tools.progress.note(
    'Demo Shop refunds ¥20.00 of a ¥50.00 payment → value taken back first, then returned by Bank A',
    '示范商城退 50.00 元中的 20.00 元 → 先收回话费,再由甲银行退回',
  );
}
