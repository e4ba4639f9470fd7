import { Books, LaneWriter } from '@yidian/journal';
import { testDatabase, type TestDatabase } from '@yidian/testing';
import fc from 'fast-check';
import { schema } from '../schema';
import { attemptFor, paymentFor } from '../testing/payment-samples';
import { beijingDay, beijingMonth, monthBefore } from './beijing';
import { PaymentNumbers } from './numbers';
import type { PaymentRow } from './payment.rows';
import type { AnyResult, PaymentWrite, ResultOf } from './payment.writes';
import { PaymentsBody } from './payments.store';
import type { AttemptWord } from './rule-attempt';

const OPEN = '2026-11-22';
const LIMITS = { payment: 4000n, day: 9000n, month: 12_000n };
const numbers = new PaymentNumbers(9);
const sums = fc.integer({ min: 1, max: 50 }).map((n) => BigInt(n) * 100n);

/** Orders come in at two replicas, and words about them in any order, any number of times; some give money back. */
type Step =
  | { do: 'order'; amounts: bigint[] }
  | { do: 'tell'; which: number; word: 'succeeded' | 'declined' | 'unknown' | 'not_executed' | 'pending' }
  | { do: 'refund'; which: number };
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('order' as const),
      amounts: fc.array(sums, { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('tell' as const),
      which: fc.nat(20),
      word: fc.constantFrom('succeeded', 'declined', 'unknown', 'not_executed', 'pending' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('refund' as const), which: fc.nat(20) }) },
);

describe('limits', () => {
  let database: TestDatabase;
  let lanes: LaneWriter<PaymentWrite, AnyResult>[];
  let serial = 0;
  beforeAll(async () => {
    database = await testDatabase(schema);
    await new Books(database.db).ensureProvider('bank_a', OPEN);
    lanes = [1, 2].map((n) => {
      const body = new PaymentsBody(false, () => []);
      return new LaneWriter({ url: database.url, service: 'gateway', instance: `limits-${n}`, body });
    });
    for (const lane of lanes) await lane.open();
  });
  afterAll(async () => {
    for (const lane of lanes) await lane.close();
    await database.close();
  });

  const write = <W extends PaymentWrite>(item: W, lane = 0): Promise<ResultOf<W>> =>
    (lanes[lane % 2] as LaneWriter<PaymentWrite, AnyResult>).submit(item) as Promise<ResultOf<W>>;

  async function agreement(cooling: bigint | null = null): Promise<string> {
    const id = `agr_limits_${++serial}`;
    const now = new Date();
    const row = {
      ...{ id, partner: '', reference: id, provider: 'bank_a', state: 'active', msisdn_masked: '138****1234' },
      ...{
        msisdn_blind: 'a'.repeat(32),
        msisdn_sealed: 'sealed',
        branch: '440000',
        bank_name: '甲银行',
        currency: 'CNY',
      },
      ...{ limit_payment: LIMITS.payment, limit_day: LIMITS.day, limit_month: LIMITS.month },
      ...{ most_payment: LIMITS.payment, most_day: LIMITS.day, most_month: LIMITS.month, preferred: 0 },
      ...{ expires_at: now, tries: 0, created_at: now, updated_at: now, version: 0 },
      ...{ cooling_until: cooling === null ? null : new Date(Date.now() + 3_600_000), cooling_limit: cooling },
    };
    await database.db.run(`INSERT INTO agreement (${Object.keys(row).join(', ')}) VALUES (?)`, [Object.values(row)]);
    return id;
  }
  async function order(agreementId: string, amount: bigint, lane = 0) {
    const payment = paymentFor({
      ...{
        payment_no: numbers.next(),
        agreement_id: agreementId,
        amount,
        charged: amount,
        subscriber_id: `s${serial}`,
      },
    });
    const guard = { scope: 'limits', k: payment.payment_no, request_hash: 'h', members: '', object_kind: 'payment' };
    const attempt = attemptFor(payment);
    const keyed = { ...guard, object_id: payment.payment_no };
    return write({ do: 'create', guard: keyed, payment, attempt, exposureLimit: null }, lane);
  }
  const word = (name: Extract<Step, { do: 'tell' }>['word']): AttemptWord => {
    if (name === 'succeeded')
      return { word: name, providerTxnId: `T${++serial}`, businessDate: OPEN, completedAt: new Date() };
    if (name === 'declined') return { word: name, reason: 'other' };
    return name === 'pending' ? { word: name } : { word: name, cause: 'test' };
  };
  const tell = (paymentNo: string, name: Extract<Step, { do: 'tell' }>['word'], lane: number) =>
    write(
      {
        ...({ do: 'attempt', paymentNo, attemptNo: `${paymentNo}01`, word: word(name) } as const),
        ...{ evidence: 'test', notFoundAfterMs: 60_000 },
      },
      lane,
    );
  const rows = (id: string) =>
    database.db.select<PaymentRow & Record<string, unknown>>('SELECT * FROM payment WHERE agreement_id = ?', [id]);
  const used = async (id: string, period: string) =>
    (
      await database.db.select<{ used: bigint }>('SELECT used FROM limit_usage WHERE owner = ? AND period = ?', [
        id,
        period,
      ])
    )[0]?.used ?? 0n;
  /** Whatever may have been taken, in flight and unknown as well; what went back later is not given back. */
  const taken = (all: readonly PaymentRow[]): bigint =>
    all.filter(({ state }) => state !== 'declined' && state !== 'closed').reduce((sum, row) => sum + row.charged, 0n);

  test('no order of attempts, unknowns, late truths and refunds, at two replicas, lets one more pass', async () => {
    let refused = 0;
    const history = fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
      const id = await agreement();
      const made: string[] = [];
      for (const one of steps) {
        const before = taken(await rows(id));
        if (one.do === 'order') {
          const results = await Promise.all(one.amounts.map((amount, n) => order(id, amount, n)));
          const created = results.flatMap((result) => (result.result === 'created' ? [result.payment] : []));
          made.push(...created.map(({ payment_no: paymentNo }) => paymentNo));
          refused += results.length - created.length;
          expect(created.every(({ charged }) => charged <= LIMITS.payment)).toBe(true);
          const after = before + created.reduce((sum, { charged }) => sum + charged, 0n);
          // What came late over the limit is there; nothing new is let through beside it.
          if (created.length > 0) expect(after <= LIMITS.day && after <= LIMITS.month).toBe(true);
          // Nothing that alone would fit is refused.
          if (one.amounts.length === 1 && created.length === 0) {
            const amount = one.amounts[0] ?? 0n;
            expect(amount > LIMITS.payment || before + amount > LIMITS.day || before + amount > LIMITS.month).toBe(
              true,
            );
          }
        } else if (made.length > 0) {
          const paymentNo = made[one.which % made.length] ?? '';
          if (one.do === 'tell') await tell(paymentNo, one.word, one.which);
          else
            await write({
              ...({ do: 'refund', guard: null, kind: 'refund', paymentNo, amount: null } as const),
              ...{ reason: 'test', actor: 'test' },
            });
        }
        const all = await rows(id);
        const now = new Date();
        expect(await used(id, beijingDay(now))).toBe(taken(all));
        expect(await used(id, beijingMonth(now))).toBe(taken(all));
      }
    });
    await fc.assert(history, { numRuns: 40 });
    expect(refused).toBeGreaterThan(0);
  }, 120_000);

  test('what a new one has paid before midnight of the month counts after it', async () => {
    const id = await agreement(3000n);
    const last = monthBefore(beijingMonth(new Date()));
    await database.db.run('INSERT INTO limit_usage (owner, period, used) VALUES (?)', [[id, last, 2000n]]);
    expect(await order(id, 1100n)).toEqual({ result: 'refused', code: 'limit_cooling' });
    expect((await order(id, 1000n)).result).toBe('created');
    expect(await order(id, 100n)).toEqual({ result: 'refused', code: 'limit_cooling' });
    await database.db.run('UPDATE agreement SET cooling_until = UTC_TIMESTAMP(3) WHERE id = ?', [id]);
    expect((await order(id, 4000n)).result).toBe('created');
    expect(await used(id, last)).toBe(2000n);
  });

  test.each([
    ['2026-11', '2026-10'],
    ['2026-01', '2025-12'],
    ['2026-03', '2026-02'],
  ])('before %s comes %s', (month, before) => expect(monthBefore(month)).toBe(before));
});
