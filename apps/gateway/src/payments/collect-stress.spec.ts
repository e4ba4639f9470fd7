import { Problem } from '@yidian/errors';
import { verifyChains } from '@yidian/journal';
import { PlayedGateway } from '../testing/played-gateway';
import { CreatePayment } from './create-payment';
import type { PaymentOrder } from './payment-order';
import type { PaymentRow } from './payment.rows';
import type { Answer, Keyed, PaymentView } from './payment.schema';
import { PaymentsReadStore } from './payments-read.store';

const PARTNERS = ['demo_shop', 'demo_bank'] as const;
const ORDERS = 150;
const COPIES = 3;
const AMOUNT = 500n;

/** Both partners use the same keys and references; each order is sent several times at once, some under a second key. */
describe('hundreds of collections at once', () => {
  let gateway: PlayedGateway;
  let answers: { order: string; answer: Answer<PaymentView> }[];
  let refusals: string[];

  beforeAll(async () => {
    gateway = await PlayedGateway.start();
    for (let n = 0; n < ORDERS; n++) gateway.billing.state.addNumber(numberOf(n));
    const calls = PARTNERS.flatMap((partner) =>
      Array.from({ length: ORDERS }, (_, n) => [
        ...Array.from({ length: COPIES }, () => collect(partner, n, `key ${n}`)),
        ...(n % 10 === 0 ? [collect(partner, n, `other key ${n}`)] : []),
      ]).flat(),
    );
    const ends = await Promise.all(calls);
    answers = ends.flatMap((end) => ('answer' in end ? [end] : []));
    refusals = ends.flatMap((end) => ('code' in end ? [end.code] : []));
  });
  afterAll(() => gateway.close());

  const numberOf = (n: number) => `1390000${String(n).padStart(4, '0')}`;

  type End = { order: string; answer: Answer<PaymentView> } | { code: string };

  async function collect(partner: (typeof PARTNERS)[number], n: number, key: string): Promise<End> {
    const origin = {
      channel: 'partner_api',
      partner,
      collectsAs: partner,
      acquiringBranch: '440000',
      payer: null,
    } as const;
    const body: PaymentOrder = {
      reference: `R${n}`,
      number: numberOf(n),
      amount: Number.parseInt(String(AMOUNT), 10),
      currency: 'CNY',
      funding: { type: 'collected', taken_at: '2026-11-22T04:00:00.000Z' },
    };
    const command: Keyed<PaymentOrder> = { origin: { ...origin, exposureLimit: null }, idempotencyKey: key, body };
    try {
      return { order: `${partner} ${n}`, answer: await gateway.app.get(CreatePayment).execute(command) };
    } catch (error) {
      if (error instanceof Problem) return { code: error.code };
      throw error;
    }
  }

  test('each order is one payment: all its copies are answered alike, one of them first', () => {
    const byOrder = new Map<string, Answer<PaymentView>[]>();
    for (const { order, answer } of answers) byOrder.set(order, [...(byOrder.get(order) ?? []), answer]);
    expect(byOrder.size).toBe(PARTNERS.length * ORDERS);
    for (const copies of byOrder.values()) {
      expect(new Set(copies.map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(1);
      expect(copies.filter((copy) => !copy.replayed)).toHaveLength(1);
      expect(copies[0]).toMatchObject({ status: 201, body: { state: 'completed', amount: 500 } });
    }
    expect(new Set(answers.map(({ answer }) => answer.body.id)).size).toBe(byOrder.size);
  });

  test('a second key for the same reference is refused, whichever key came first', () => {
    expect(refusals.every((code) => code === 'reference_used')).toBe(true);
    expect(answers.length + refusals.length).toBe(PARTNERS.length * (ORDERS * COPIES + ORDERS / 10));
  });

  test('each number was credited once per partner, and every credit is a payment of ours', async () => {
    const { state } = gateway.billing;
    for (let n = 0; n < ORDERS; n++) expect(state.balance(`s${numberOf(n)}`)).toBe(1210n + 2n * AMOUNT);
    const payments = await gateway.database.db.select<{ payment_no: string }>('SELECT payment_no FROM payment');
    expect(new Set(state.credits.keys())).toEqual(new Set(payments.map((row) => row.payment_no)));
  });

  test('rows, history, facts and guards tell one story', async () => {
    const { db } = gateway.database;
    const payments = (await db.select('SELECT * FROM payment')) as unknown as PaymentRow[];
    const history = await gateway.app.get(PaymentsReadStore).historyOfMany(payments);
    expect(await db.select('SELECT * FROM payment_history')).toEqual([]);
    const facts = await db.select<{ payment_no: string; kind: string }>('SELECT payment_no, kind FROM fact');
    const moves = new Map(history.map((row) => [row.payment_no, row]));
    expect([history.length, facts.length]).toEqual([payments.length, payments.length]);
    expect(facts.every((fact) => fact.kind === 'paid')).toBe(true);
    for (const row of payments) {
      expect(row).toMatchObject({ state: 'completed', credit_state: 'credited', version: 2, due_at: null, tries: 0 });
      expect(moves.get(row.payment_no)).toMatchObject({
        n: 2,
        from_state: 'paid',
        to_state: 'completed',
        credit_from: 'requested',
        credit_to: 'credited',
      });
    }
    const [guards] = await db.select<{ keys: bigint; refs: bigint; answers: bigint }>(
      `SELECT (SELECT COUNT(*) FROM idempotency WHERE object_id <> '') AS \`keys\`,
        (SELECT COUNT(*) FROM partner_reference) AS refs, (SELECT COUNT(*) FROM idempotency_answer WHERE status < 400) AS answers`,
    );
    const count = BigInt(payments.length);
    expect(guards).toEqual({ keys: count, refs: count, answers: 0n });
    expect(await verifyChains(db)).toMatchObject({ ok: true });
  });

  test('events: each partner that reads them has one per payment, a counter that does not has none', async () => {
    const rows = await gateway.database.db.select<{ partner: string; n: bigint }>(
      'SELECT partner, COUNT(DISTINCT object_id) AS n FROM event GROUP BY partner',
    );
    expect(rows).toEqual([{ partner: 'demo_shop', n: BigInt(ORDERS) }]);
  });
});
