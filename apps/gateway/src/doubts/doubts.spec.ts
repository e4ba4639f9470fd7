import { PlayedGateway, success, until } from '../testing/played-gateway';
import { AskAgain } from './ask-again';
import { DecideDoubt } from './decide-doubt';
import { DoubtsStore, type DoubtRow } from './doubts.store';
import { FindDoubtsJob } from './find-doubts.job';

let serial = 0;

interface Payment {
  id: string;
  number: string;
  state: string;
}

describe('the human queue', () => {
  let gateway: PlayedGateway;
  let number: string;
  let agreement: string;
  beforeAll(async () => (gateway = await PlayedGateway.start()));
  afterAll(() => gateway.close());
  beforeEach(async () => {
    gateway.billing.state.faults.clear();
    gateway.billing.state.reverseFault = null;
    number = `1350000${String(++serial).padStart(4, '0')}`;
    gateway.billing.state.addNumber(number, { accepts: { min: '100', max: '500000', step: '1' } });
    agreement = await gateway.agreement(number);
    await gateway.database.db.run(
      'UPDATE agreement SET limit_payment = 500000, limit_day = 5000000, limit_month = 50000000',
    );
  });

  const db = () => gateway.database.db;
  const sweep = () => gateway.app.get(FindDoubtsJob).sweep();
  const decide = () => gateway.app.get(DecideDoubt);
  async function pay(amount: number): Promise<Payment> {
    const reference = `Q${++serial}`;
    const body = { reference, number, amount, currency: 'CNY', funding: { type: 'agreement', agreement } };
    return (await gateway.call<Payment>('POST', '/v1/payments', body, { key: reference })).body;
  }
  const read = async ({ id }: Payment) => (await gateway.call<Payment>('GET', `/v1/payments/${id}`)).body;
  async function doubtOf(objectNo: string): Promise<DoubtRow> {
    const [row] = await db().select<DoubtRow>('SELECT * FROM doubt WHERE object_no = ?', [objectNo]);
    if (!row) throw new Error(`nothing in the queue about ${objectNo}`);
    return row;
  }
  /** A payment that the bank was silent about for a day. */
  async function inDoubt(amount = 4_000): Promise<{ payment: Payment; doubt: DoubtRow }> {
    gateway.bank.play('silent');
    const payment = await pay(amount);
    expect(payment.state).toBe('unknown');
    await db().run('UPDATE payment SET due_at = NULL, tries = 31 WHERE payment_no = ?', [payment.number]);
    await sweep();
    await sweep(); // found twice, in the queue once
    return { payment, doubt: await doubtOf(payment.number) };
  }
  const EVIDENCE = 'statement of 2026-11-22, line 17';

  test('what has no next date is in it, with its age, its sum and what was tried', async () => {
    const { payment, doubt } = await inDoubt();
    expect(doubt).toMatchObject({
      kind: 'payment',
      payment_no: payment.number,
      amount: 4_000n,
      state: 'open',
      owner: '',
    });
    expect(doubt.why).toBe('unknown, credit none, asked 31 times');
    const rows = await gateway.app.get(DoubtsStore).list({ state: 'open' }, 100);
    expect(rows.filter(({ object_no }) => object_no === payment.number)).toHaveLength(1);
  });

  test('taken by one it is not taken by another', async () => {
    const { doubt } = await inDoubt();
    const store = gateway.app.get(DoubtsStore);
    const taken = await Promise.all(['ops.a', 'ops.b'].map((who) => store.take(doubt.id, who)));
    expect(taken.filter(Boolean)).toHaveLength(1);
    const other = (await doubtOf(doubt.object_no)).owner === 'ops.a' ? 'ops.b' : 'ops.a';
    await expect(
      decide().propose(doubt.id, other, { action: 'confirm_declined', evidence: EVIDENCE }),
    ).rejects.toMatchObject({ code: 'state_conflict' });
  });

  test('asked again by hand: the bank answers now, and it leaves the queue', async () => {
    const { payment, doubt } = await inDoubt();
    gateway.bank.play('succeed');
    await gateway.app.get(AskAgain).execute(doubt, 'ops.a');
    await sweep();
    expect((await read(payment)).state).toBe('completed');
    expect(await doubtOf(payment.number)).toMatchObject({ state: 'closed', outcome: 'completed', tries: 1 });
  });

  test('up to the limit one person decides on evidence; it is credited once and kept with who and why', async () => {
    const { payment, doubt } = await inDoubt(50_000);
    const decision = await decide().propose(doubt.id, 'ops.a', {
      action: 'confirm_paid',
      evidence: EVIDENCE,
      providerTxnId: 'T-17',
      businessDate: '2026-11-22',
    });
    expect(decision).toMatchObject({ state: 'done', proposed_by: 'ops.a', decided_by: 'ops.a' });
    expect((await read(payment)).state).toBe('completed');
    expect(gateway.billing.state.balance(`s${number}`)).toBe(51_210n);
    expect(await doubtOf(payment.number)).toMatchObject({ state: 'closed', owner: 'ops.a' });
    const kept = await db().select('SELECT action, actor, evidence FROM resolution WHERE k = ?', [decision.id]);
    expect(kept).toEqual([{ action: 'confirm_paid', actor: 'ops.a', evidence: EVIDENCE }]);
  });

  test('above it a second one approves; until then nothing moves', async () => {
    const { payment, doubt } = await inDoubt(50_001);
    const decision = await decide().propose(doubt.id, 'ops.a', { action: 'confirm_declined', evidence: EVIDENCE });
    expect(decision.state).toBe('proposed');
    expect((await read(payment)).state).toBe('unknown');
    await expect(decide().decide(decision.id, 'ops.a', 'approve')).rejects.toMatchObject({ code: 'own_proposal' });
    await expect(
      decide().propose(doubt.id, 'ops.a', { action: 'confirm_paid', evidence: EVIDENCE }),
    ).rejects.toMatchObject({ code: 'state_conflict' });
    const [first, second] = await Promise.allSettled(
      ['ops.b', 'ops.c'].map((who) => decide().decide(decision.id, who, 'approve')),
    );
    expect([first?.status, second?.status]).toContain('fulfilled');
    expect((await read(payment)).state).toBe('closed');
    await expect(decide().decide(decision.id, 'ops.b', 'reject')).rejects.toMatchObject({ code: 'state_conflict' });
  });

  test('a rejected decision moves nothing, and another may be proposed', async () => {
    const { payment, doubt } = await inDoubt(60_000);
    const first = await decide().propose(doubt.id, 'ops.a', { action: 'confirm_paid', evidence: EVIDENCE });
    expect((await decide().decide(first.id, 'ops.b', 'reject')).state).toBe('rejected');
    expect((await read(payment)).state).toBe('unknown');
    expect((await decide().propose(doubt.id, 'ops.a', { action: 'confirm_declined', evidence: EVIDENCE })).state).toBe(
      'proposed',
    );
  });

  test('a refund that the bank never answers: decided failed, the value held is free again', async () => {
    gateway.bank.play('succeed');
    const payment = await pay(5_000);
    gateway.bank.play('silent');
    await gateway.call(
      'POST',
      '/v1/refunds',
      { payment: payment.id, amount: 2_000, reason: 'x' },
      { key: `q${++serial}` },
    );
    const refundNo = `${payment.number}R01`;
    await db().run('UPDATE refund SET due_at = NULL WHERE refund_no = ?', [refundNo]);
    await sweep();
    const doubt = await doubtOf(refundNo);
    expect(doubt).toMatchObject({ kind: 'refund', amount: 2_000n });
    const decision = await decide().propose(doubt.id, 'ops.a', { action: 'confirm_declined', evidence: EVIDENCE });
    expect(decision).toMatchObject({ state: 'done', outcome: 'refund failed' });
    expect((await read(payment)).state).toBe('completed');
    await until(() => Promise.resolve(gateway.billing.state.balance(`s${number}`) === 6_210n));
  });

  test('a return that billing refuses waits for people, and is settled by two of them when it is above the limit', async () => {
    gateway.bank.play('succeed');
    const payment = await pay(70_000);
    gateway.billing.state.reverseFault = 'rejected';
    const back = { ...success({ attempt_no: `${payment.number}01`, amount: 70_000 }), reason: 'contested' };
    await gateway.callback('debit.returned', back, `${payment.number}_r`);
    const returnNo = `${payment.number}B01`;
    await until(async () => {
      await sweep();
      return (await db().select('SELECT 1 FROM doubt WHERE object_no = ?', [returnNo])).length === 1;
    });
    const doubt = await doubtOf(returnNo);
    const decision = await decide().propose(doubt.id, 'ops.a', { action: 'dismiss', evidence: EVIDENCE });
    expect((await decide().decide(decision.id, 'ops.b', 'approve')).state).toBe('done');
    await sweep();
    expect((await doubtOf(returnNo)).state).toBe('closed'); // and it is not found anew
  });

  test('a callback about no order of ours is looked at by people; dismissed it does not come back', async () => {
    const event = `stray_${++serial}`;
    await gateway.callback('debit.succeeded', success({ attempt_no: '2611220000000000000001', amount: 100 }), event);
    const object = `bank_a ${event}`;
    await until(async () => {
      await sweep();
      return (await db().select('SELECT 1 FROM doubt WHERE object_no = ?', [object])).length === 1;
    });
    const doubt = await doubtOf(object);
    expect(doubt.why).toContain('no such order of this provider');
    await expect(
      decide().propose(doubt.id, 'ops.a', { action: 'confirm_paid', evidence: EVIDENCE }),
    ).rejects.toMatchObject({ code: 'state_conflict' });
    await gateway.app.get(AskAgain).execute(doubt, 'ops.a');
    await sweep();
    expect((await doubtOf(object)).state).toBe('open');
    const decision = await decide().propose(doubt.id, 'ops.a', { action: 'dismiss', evidence: EVIDENCE });
    expect(decision.state).toBe('proposed'); // nobody knows its sum: two people
    await decide().decide(decision.id, 'ops.b', 'approve');
    await sweep();
    expect((await doubtOf(object)).state).toBe('closed');
  });
});
