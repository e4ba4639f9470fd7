import { Books, LaneWriter, verifyChains } from '@yidian/journal';
import { testDatabase, type TestDatabase } from '@yidian/testing';
import { schema } from '../schema';
import { PaymentNumbers } from './numbers';
import { attemptFor, paymentFor } from '../testing/payment-samples';
import type { PaymentRow } from './payment.rows';
import type { AnyResult, PaymentWrite, ResultOf } from './payment.writes';
import { PaymentsBody } from './payments.store';
import { PaymentsReadStore } from './payments-read.store';
import type { AttemptWord, AttemptWrite } from './rule-attempt';
import type { CreateWrite } from './rule-create';

const OPEN = '2026-11-22';
const numbers = new PaymentNumbers(7);
const succeeded: AttemptWord = { word: 'succeeded', providerTxnId: 'T1', businessDate: OPEN, completedAt: new Date() };

describe('the payment door on the real database', () => {
  let database: TestDatabase;
  let lanes: LaneWriter<PaymentWrite, AnyResult>[];
  let store: PaymentsReadStore;

  beforeAll(async () => {
    database = await testDatabase(schema);
    const books = new Books(database.db);
    for (const provider of ['bank_a', 'demo_bank']) await books.ensureProvider(provider, OPEN);
    // Two writers, as two replicas would be: races between them meet in the database only.
    lanes = [1, 2].map((n) => {
      const body = new PaymentsBody(false, () => []);
      return new LaneWriter({ url: database.url, service: 'gateway', instance: `test-${n}`, body });
    });
    for (const lane of lanes) await lane.open();
    store = new PaymentsReadStore(database.db);
  });
  afterAll(async () => {
    for (const lane of lanes) await lane.close();
    await database.close();
  });

  const write = <W extends PaymentWrite>(item: W, lane = 0): Promise<ResultOf<W>> =>
    (lanes[lane] as LaneWriter<PaymentWrite, AnyResult>).submit(item) as Promise<ResultOf<W>>;
  const both = <W extends PaymentWrite>(item: W): Promise<ResultOf<W>[]> =>
    Promise.all([write(item, 0), write(item, 1)]);

  function order(over: Partial<PaymentRow> = {}, key = numbers.next()): CreateWrite {
    const payment = paymentFor({ payment_no: numbers.next(), ...over });
    const guard = {
      scope: 'demo',
      k: key,
      request_hash: 'h',
      members: '{}',
      object_kind: 'payment',
      object_id: payment.payment_no,
    };
    const attempt = payment.funding === 'collected' ? null : attemptFor(payment);
    return { do: 'create', guard, payment, attempt, exposureLimit: null };
  }
  const tell = (payment: PaymentRow, word: AttemptWord, over: Partial<AttemptWrite> = {}): AttemptWrite => ({
    do: 'attempt',
    paymentNo: payment.payment_no,
    attemptNo: `${payment.payment_no}01`,
    word,
    evidence: 'test',
    notFoundAfterMs: 60_000,
    ...over,
  });
  async function made(over: Partial<PaymentRow> = {}): Promise<PaymentRow> {
    const created = await write(order(over));
    if (created.result !== 'created') throw new Error(created.result);
    return created.payment;
  }
  const read = async (payment: PaymentRow): Promise<PaymentRow> => {
    const row = await store.find(payment.payment_no);
    if (!row) throw new Error('gone');
    return row;
  };
  const factsOf = (payment: PaymentRow) =>
    database.db.select<{ kind: string; ref_no: string; amount: bigint }>(
      'SELECT kind, ref_no, amount FROM fact WHERE payment_no = ? ORDER BY lane_id, seq',
      [payment.payment_no],
    );

  test('payment and attempt are there before anybody is called, with history and fact', async () => {
    const payment = await made();
    expect(await read(payment)).toMatchObject({
      state: 'submitted',
      credit_state: 'none',
      business_date: OPEN,
      amount: 5000n,
    });
    expect(await store.attemptsOf(payment.payment_no)).toMatchObject([{ state: 'prepared', kind: 'debit' }]);
    expect((await store.historyOf(payment)).map((row) => [row.from_state, row.to_state])).toEqual([
      ['created', 'submitted'],
    ]);
    expect((await factsOf(payment)).map((fact) => fact.kind)).toEqual(['submitted']);
  });

  test('one key twice at once, on two replicas: one payment, the other is told the first', async () => {
    const key = numbers.next();
    const results = await Promise.all([write(order({}, key), 0), write(order({}, key), 1)]);
    expect(results.map((r) => r.result).sort()).toEqual(['created', 'seen']);
    const made = results.find((r) => r.result === 'created');
    const seen = results.find((r) => r.result === 'seen');
    expect(seen?.result === 'seen' && seen.key.object_id).toBe(made?.result === 'created' && made.payment.payment_no);
  });

  test('a key met again is told the first, however often, and neighbours in its batch are not held up', async () => {
    const first = order();
    await write(first);
    for (let again = 0; again < 3; again++) {
      const [seen, made] = await Promise.all([write({ ...order(), guard: first.guard }), write(order())]);
      expect(seen).toMatchObject({ result: 'seen', key: { object_id: first.guard.object_id } });
      expect(made.result).toBe('created');
    }
  });

  test('one reference under two keys at once: one payment, the other refused by name', async () => {
    const reference = `R${numbers.next()}`;
    const results = await Promise.all([0, 1].map((lane) => write(order({ reference, partner: 'demo' }), lane)));
    expect(results.map((r) => r.result).sort()).toEqual(['created', 'refused']);
    const refused = results.find((r) => r.result === 'refused');
    expect(refused?.result === 'refused' && refused.code).toBe('reference_used');
  });

  test('two callbacks at once pay once', async () => {
    const payment = await made();
    const told = await both(tell(payment, succeeded));
    expect(told.map((one) => one.changed).sort()).toEqual([false, true]);
    expect(await read(payment)).toMatchObject({ state: 'paid', credit_state: 'requested', provider_txn_id: 'T1' });
    expect((await factsOf(payment)).map((fact) => fact.kind)).toEqual(['submitted', 'paid']);
  });

  test('success and refusal at once: whichever is first stands, money is never lost', async () => {
    const payment = await made();
    await Promise.all([
      write(tell(payment, succeeded), 0),
      write(tell(payment, { word: 'declined', reason: 'other' }), 1),
    ]);
    expect((await read(payment)).state).toBe('paid'); // declined first is corrected by late truth
  });

  test('unknown ends by the provider’s word only; not found counts twice and after its time', async () => {
    const payment = await made();
    await write(tell(payment, { word: 'unknown', cause: 'no answer' }));
    for (let i = 0; i < 3; i++) await write(tell(payment, { word: 'not_found' }));
    await write(tell(payment, { word: 'pending' }));
    expect((await read(payment)).state).toBe('unknown');
    await write(tell(payment, { word: 'not_found' }, { notFoundAfterMs: 0 }));
    expect((await read(payment)).state).toBe('closed');
  });

  test('late truth: a closed payment that was paid is marked late and not credited by itself', async () => {
    const payment = await made();
    await write(tell(payment, { word: 'closed', cause: 'expired' }));
    await write(tell(payment, succeeded));
    expect(await read(payment)).toMatchObject({ state: 'paid', credit_state: 'none', late: 1, decline_code: null });
    expect((await factsOf(payment)).map((fact) => fact.kind)).toEqual(['submitted', 'closed', 'paid']);
  });

  test('collected: paid and its credit asked for in one commit; billing’s refusal makes the partner return it', async () => {
    const payment = await made({ funding: 'collected', provider: 'demo_bank' });
    expect(await read(payment)).toMatchObject({ state: 'paid', credit_state: 'requested', book_date: OPEN });
    const rejected = {
      do: 'credit',
      paymentNo: payment.payment_no,
      word: { word: 'rejected', reason: 'number_closed' },
    } as const;
    await both({ ...rejected, evidence: 'billing' });
    expect(await read(payment)).toMatchObject({ state: 'rejected', credit_code: 'number_closed' });
    expect((await factsOf(payment)).map((fact) => fact.kind)).toEqual(['paid', 'reversed']);
  });

  test('a credit refused after we took the money sends it back, once', async () => {
    const payment = await made();
    await write(tell(payment, succeeded));
    const word = { word: 'rejected', reason: 'number_closed' } as const;
    await both({ do: 'credit', paymentNo: payment.payment_no, word, evidence: 'billing' });
    expect((await read(payment)).state).toBe('refunding');
    expect(await store.refundsOf(payment.payment_no)).toMatchObject([{ state: 'held', hold: 'none', amount: 5000n }]);
  });

  describe('news of a credit whose caller knows the row', () => {
    const word = { word: 'credited', balanceAfter: 6210n, at: new Date('2026-11-22T04:00:00.123Z') } as const;
    const collected = () => made({ funding: 'collected', provider: 'demo_bank' });
    const credit = (known: PaymentRow, over: object = {}) =>
      ({ do: 'credit', paymentNo: known.payment_no, word, evidence: 'billing', known, ...over }) as const;

    test('in one batch each row gets its own values, and what is answered is what is stored', async () => {
      const payments = await Promise.all(Array.from({ length: 30 }, collected));
      const told = await Promise.all(
        payments.map((known, n) => write(credit(known, { word: { ...word, balanceAfter: 1000n + BigInt(n) } }))),
      );
      for (const [n, known] of payments.entries()) {
        const row = await read(known);
        expect(row).toMatchObject({ state: 'completed', credit_state: 'credited', balance_after: 1000n + BigInt(n) });
        expect(row).toEqual(told[n]?.payment);
      }
    });

    test('a row that has moved or was claimed since is read again', async () => {
      const [moved, claimed] = await Promise.all([collected(), collected()]);
      await write({ do: 'credit', paymentNo: moved.payment_no, word: { word: 'unknown' }, evidence: 'test' });
      await store.claim(claimed, null);
      const told = await Promise.all([write(credit(moved)), write(credit(claimed))]);
      expect(told.map((one) => one.payment?.state)).toEqual(['completed', 'completed']);
      expect(told[1]?.payment?.last_query_at).not.toBeNull();
      expect((await store.historyOf(await read(moved))).map((row) => row.credit_from)).toEqual([
        'requested',
        'unknown',
      ]);
    });

    test('the key that waits is answered in the same write; an open end keeps its text, once', async () => {
      const [done, open] = await Promise.all([collected(), collected()]);
      const key = { scope: 'demo', k: numbers.next() };
      expect((await write(credit(done, { key: { ...key, k: numbers.next() } }))).answer?.status).toBe(201);
      const unknown = credit(open, { word: { word: 'unknown' }, key });
      expect((await write(unknown)).answer?.status).toBe(202);
      expect((await write(unknown)).answer).toBeUndefined();
      const kept = await database.db.select('SELECT status FROM idempotency_answer WHERE k = ?', [key.k]);
      expect(kept).toEqual([{ status: 202 }]);
    });

    test('told twice at once it is credited once', async () => {
      const known = await collected();
      const told = await both(credit(known, { key: { scope: 'demo', k: numbers.next() } }));
      expect(told.filter((one) => one.answer)).toHaveLength(1);
      expect(await store.historyOf(await read(known))).toHaveLength(1);
    });
  });

  describe('a completion that the payment’s row tells by itself', () => {
    const billing = { do: 'credit', evidence: 'billing' } as const;
    const word = { word: 'credited', balanceAfter: 6210n, at: new Date('2026-11-22T04:00:00.123Z') } as const;
    const start = { do: 'refund', guard: null, kind: 'refund', amount: 3000n, actor: 'demo' } as const;
    const collected = () => made({ funding: 'collected', provider: 'demo_bank' });
    const rowsOf = ({ payment_no }: PaymentRow) =>
      database.db.select('SELECT * FROM payment_history WHERE payment_no = ? ORDER BY n', [payment_no]);
    const refund = (payment: PaymentRow) => write({ ...start, paymentNo: payment.payment_no, reason: 'payer_request' });
    const completion = ({ payment_no, day }: PaymentRow, at: Date) => ({
      ...{ payment_no, day, n: 2, from_state: 'paid', to_state: 'completed', evidence: 'billing', at },
      ...{ credit_from: 'requested', credit_to: 'credited' },
    });

    test('at once, or late by the sweep: no row is stored, and history has it', async () => {
      const [quick, late] = await Promise.all([collected(), collected()]);
      await write({ ...billing, paymentNo: quick.payment_no, word, known: quick });
      await store.claim(late, new Date());
      await write({ ...billing, paymentNo: late.payment_no, word });
      for (const payment of [await read(quick), await read(late)]) {
        expect(payment).toMatchObject({ state: 'completed', version: 2 });
        expect(await rowsOf(payment)).toEqual([]);
        expect(await store.historyOf(payment)).toEqual([completion(payment, payment.updated_at)]);
      }
    });

    test('moved on later, it is written down with the time that it had, once', async () => {
      const payment = await collected();
      await write({ ...billing, paymentNo: payment.payment_no, word });
      const completed = await read(payment);
      await database.db.run('UPDATE payment SET updated_at = ? WHERE payment_no = ?', [word.at, payment.payment_no]);
      const results = await Promise.all([refund(completed), refund(completed)]);
      expect(results.map(({ result }) => result).sort()).toEqual(['refused', 'started']);
      const history = await store.historyOf(await read(payment));
      expect(history).toMatchObject([completion(payment, word.at), { n: 3, to_state: 'refunding' }]);
      expect(await rowsOf(payment)).toEqual(history);
      expect(await store.historyOf(completed)).toEqual(history);
    });

    test('in one batch with what follows, both stand', async () => {
      const payment = await collected();
      const told = write({ ...billing, paymentNo: payment.payment_no, word });
      await Promise.all([told, refund(payment)]);
      const { version } = await read(payment);
      expect((await rowsOf(payment)).map((row) => row['n'])).toEqual([2, version]);
    });

    test('rows of before stay as they are, and are told once', async () => {
      const payment = await collected();
      await write({ ...billing, paymentNo: payment.payment_no, word });
      const old = completion(payment, new Date('2026-11-22T04:00:01.000Z'));
      await database.db.run(
        'INSERT INTO payment_history (payment_no, day, n, from_state, to_state, evidence, at, credit_from, credit_to) VALUES (?)',
        [Object.values(old)],
      );
      expect(await store.historyOf(await read(payment))).toEqual([old]);
      await refund(payment);
      expect(await store.historyOf(await read(payment))).toMatchObject([old, { n: 3 }]);
    });

    test('a process of before has moved it on and written nothing down: it was completed all the same', async () => {
      const payment = await collected();
      await write({ ...billing, paymentNo: payment.payment_no, word });
      await database.db.run('UPDATE payment SET version = 3, state = ?, updated_at = NOW(3) WHERE payment_no = ?', [
        'refunding',
        payment.payment_no,
      ]);
      expect(await store.historyOf(await read(payment))).toEqual([completion(payment, word.at)]);
    });

    test('what went another way keeps its rows: told by a tombstone, repaired, or with its credit unknown before', async () => {
      const [given, doubted] = await Promise.all([collected(), collected()]);
      await write({ ...billing, paymentNo: given.payment_no, word, evidence: 'void' });
      await write({ ...billing, paymentNo: doubted.payment_no, word: { word: 'unknown' } });
      await write({ ...billing, paymentNo: doubted.payment_no, word });
      const lost = paymentFor({ payment_no: numbers.next(), funding: 'collected', provider: 'demo_bank' });
      const repair = { do: 'repair', paymentNo: lost.payment_no, payment: lost, attempt: null } as const;
      const shown = { providerTxnId: 'T9', businessDate: OPEN };
      await write({ ...repair, shown, credit: word, evidence: 'statement line 17' });
      const stored = [];
      for (const payment of [given, doubted, lost]) {
        const rows = await rowsOf(payment);
        expect(await store.historyOf(await read(payment))).toEqual(rows);
        stored.push(rows.map((row) => `${String(row['n'])} ${String(row['evidence'])}`));
      }
      expect(stored).toEqual([['2 void'], ['2 billing', '3 billing'], ['2 statement line 17', '3 billing']]);
    });
  });

  test('paid again knowingly: of two successes the later goes back', async () => {
    const first = await made();
    await write(tell(first, { word: 'unknown', cause: 'no answer' }));
    const second = await made({ replaces: first.payment_no });
    expect(second.root_no).toBe(first.payment_no);
    await Promise.all([
      write(tell(first, succeeded), 0),
      write(tell(second, { ...succeeded, providerTxnId: 'T2' }), 1),
    ]);
    const states = [(await read(first)).state, (await read(second)).state].sort();
    expect(states).toEqual(['paid', 'refunding']);
  });

  test('only an unknown payment can be paid again', async () => {
    const first = await made();
    expect(await write(order({ replaces: first.payment_no }))).toEqual({ result: 'refused', code: 'state_conflict' });
  });

  test('refunds at once never pass what was paid', async () => {
    const payment = await made();
    await write(tell(payment, succeeded));
    const credited = { word: 'credited', balanceAfter: 6000n, at: new Date() } as const;
    await write({ do: 'credit', paymentNo: payment.payment_no, word: credited, evidence: 'billing' });
    const start = { do: 'refund', guard: null, kind: 'refund', paymentNo: payment.payment_no, amount: 3000n } as const;
    const results = await both({ ...start, reason: 'payer_request', actor: 'demo' });
    expect(results.map((r) => r.result).sort()).toEqual(['refused', 'started']);
  });

  test('a reversal of a reference never seen blocks it, also against an original at the same moment', async () => {
    const reference = `R${numbers.next()}`;
    const item = order({ reference, funding: 'collected', provider: 'demo_bank', partner: 'demo' });
    const guard = { ...item.guard, k: numbers.next(), object_kind: 'reversal', object_id: '' };
    const paymentNo = numbers.next();
    const [blocked, original] = await Promise.all([
      write({ do: 'block', guard, partner: 'demo', reference, paymentNo, reason: 'teller_timeout' }, 0),
      write(item, 1),
    ]);
    if (blocked.result === 'started') expect(original).toEqual({ result: 'refused', code: 'reference_reversed' });
    else expect([blocked.result, original.result]).toEqual(['known', 'created']);
  });

  test('of many sweepers one claims a due payment', async () => {
    const payment = await made();
    const due = { ...(await read(payment)) };
    const next = new Date(Date.now() + 60_000);
    const claims = await Promise.all(Array.from({ length: 8 }, () => store.claim(due, next)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await read(payment)).toMatchObject({ tries: 1, due_at: next });
  });

  test('at the end of the ladder a payment leaves the sweep: nobody is asked any more by itself', async () => {
    const payment = await made();
    await write(tell(payment, { word: 'unknown', cause: 'no answer' }));
    expect(await store.claim(await read(payment), null)).toBe(true);
    expect(await read(payment)).toMatchObject({ state: 'unknown', due_at: null });
    expect((await store.due('unknown', 100)).map((row) => row.payment_no)).not.toContain(payment.payment_no);
  });

  test('lists of keys are read by the primary key, also on a table that has just been loaded', async () => {
    for (const [table, column] of [
      ['payment', 'payment_no'],
      ['attempt', 'attempt_no'],
    ]) {
      const list = Array.from({ length: 256 }, () => `${numbers.next()}01`);
      const [plan] = await database.db.select(
        `EXPLAIN SELECT * FROM ${table} FORCE INDEX (PRIMARY) WHERE ${column} IN (?)`,
        [list],
      );
      expect(plan).toMatchObject({ key: 'PRIMARY', type: 'range' });
    }
  });

  test('a move that the table does not allow spoils nobody else in its batch', async () => {
    const good = await made();
    const settled = await Promise.allSettled([
      write(tell(good, succeeded)),
      write({ ...order(), payment: { ...paymentFor({ payment_no: numbers.next() }), branch: 'far too long' } }),
    ]);
    expect(settled.map((one) => one.status)).toEqual(['fulfilled', 'rejected']);
    expect((await read(good)).state).toBe('paid');
  });

  test('every batch hash can be computed again', async () => {
    expect(await verifyChains(database.db)).toMatchObject({ ok: true });
  });
});
