import { PlayedGateway, until } from '../testing/played-gateway';
import { AgreementsSweepJob } from './agreements-sweep.job';
import { ConfirmAccount } from './check-account';
import { EndAgreement } from './end-agreement';
import { EndLinked } from './end-linked';
import { AgreementsStore, type AgreementRow } from './agreements.store';
import { ChangeLimits } from './change-limits';
import { PlayedCustomer } from '../testing/played-customer';

interface View {
  id: string;
  state: string;
  verified: string;
  signed_by: string;
  cooling: { amount: number } | null;
  unsigned: string | null;
}

/** Agreements from both sides, their first hours, their end, on a real database between a played bank and billing. */
describe('terms of agreements', () => {
  let gateway: PlayedGateway;
  let serial = 0;
  beforeAll(async () => {
    gateway = await PlayedGateway.start({ settings: { COOLING_HOURS: '24', COOLING_FEN: '3000', MOST_LINKED: '2' } });
  });
  afterAll(() => gateway.close());
  beforeEach(() => gateway.bank.play('succeed'));

  const newNumber = (): string => {
    const msisdn = `1371000${String(++serial).padStart(4, '0')}`;
    gateway.billing.state.addNumber(msisdn);
    return msisdn;
  };
  const read = async (id: string) => (await gateway.call<View>('GET', `/v1/agreements/${id}`)).body;
  const row = async (id: string) =>
    (await gateway.database.db.select('SELECT * FROM agreement WHERE id = ?', [id]))[0] as unknown as AgreementRow;
  const ofNumber = async (number: string) => {
    const blind = gateway.numbers.blind(number);
    const rows = await gateway.database.db.select('SELECT * FROM agreement WHERE msisdn_blind = ?', [blind]);
    return rows as unknown as AgreementRow[];
  };
  const pay = (agreement: string, number: string, amount: number) =>
    gateway.call<{ code?: string; state?: string }>(
      'POST',
      '/v1/payments',
      { reference: `t-${++serial}`, number, amount, currency: 'CNY', funding: { type: 'agreement', agreement } },
      { key: `t-${serial}` },
    );

  test('a new agreement pays little in its first day, and as agreed after it', async () => {
    const number = newNumber();
    const agreement = await gateway.agreement(number);
    expect(await read(agreement)).toMatchObject({ verified: 'bank', signed_by: 'customer', cooling: { amount: 3000 } });
    expect((await pay(agreement, number, 2000)).body.state).toBe('completed');
    expect((await pay(agreement, number, 1100)).body.code).toBe('limit_cooling');
    expect((await pay(agreement, number, 1000)).body.state).toBe('completed');
    await gateway.database.db.run('UPDATE agreement SET cooling_until = UTC_TIMESTAMP(3) WHERE id = ?', [agreement]);
    expect((await pay(agreement, number, 1100)).body.state).toBe('completed');
    expect((await read(agreement)).cooling).toBeNull();
  });

  test('what is in flight and unknown counts for the day; a sure refusal gives it back', async () => {
    const number = newNumber();
    const agreement = await gateway.agreement(number);
    gateway.bank.answerBy(() => null);
    expect((await pay(agreement, number, 2500)).body.state).toBe('unknown');
    gateway.bank.play('succeed');
    expect((await pay(agreement, number, 600)).body.code).toBe('limit_cooling');
    gateway.bank.play('decline');
    expect((await pay(agreement, number, 500)).body.state).toBe('declined');
    gateway.bank.play('succeed');
    expect((await pay(agreement, number, 500)).body.state).toBe('completed');
  });

  test('ended here is ended at once; the bank is asked until it says so, and silence is not its word', async () => {
    const number = newNumber();
    const agreement = await gateway.agreement(number);
    gateway.bank.answerBy((path) => (path === '/v1/agreements/end' ? null : { body: {} }));
    const ended = await gateway.call<View>('POST', `/v1/agreements/${agreement}/ends`, {}, { key: `e-${number}` });
    expect(ended).toMatchObject({ status: 200, body: { state: 'ended', unsigned: 'asking' } });
    await until(async () => (await row(agreement)).unsign === 'unknown');
    expect((await pay(agreement, number, 1000)).body.code).toBe('agreement_not_active');
    gateway.bank.answerBy((_, body) => ({ body: { agreement_no: body['agreement_no'], status: 'ended' } }));
    await gateway.database.db.run('UPDATE agreement SET unsign_due = UTC_TIMESTAMP(3) WHERE id = ?', [agreement]);
    await gateway.app.get(EndAgreement, { strict: false }).sweep();
    expect(await read(agreement)).toMatchObject({ state: 'ended', unsigned: 'done' });
    const again = await gateway.call<View>('POST', `/v1/agreements/${agreement}/ends`, {}, { key: `e-${number}` });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(gateway.bank.received('/v1/agreements/end').map((body) => body['agreement_no'])).toEqual([
      agreement,
      agreement,
    ]);
  });

  test('JB by text: the bank is asked to unsign', async () => {
    const number = newNumber();
    const agreement = await gateway.agreement(number);
    gateway.bank.answerBy((_, body) => ({ body: { agreement_no: body['agreement_no'], status: 'ended' } }));
    await gateway.text(number, 'JB');
    await gateway.received(number, /已解绑/);
    await until(async () => (await row(agreement)).unsign === 'done');
  });

  test('a number that closes: its agreement ends here, and its bank is asked, too', async () => {
    const number = newNumber();
    const agreement = await gateway.agreement(number);
    gateway.bank.answerBy((_, body) => ({ body: { agreement_no: body['agreement_no'], status: 'ended' } }));
    gateway.billing.state.tell(number, 'closed');
    await until(async () => (await row(agreement)).state === 'ended');
    await gateway.app.get(AgreementsSweepJob, { strict: false }).sweep();
    await until(async () => (await row(agreement)).unsign === 'done');
  });

  test('signed at the bank: told several times it is one agreement, and its owner learns of it', async () => {
    const number = newNumber();
    const data = {
      ...{ agreement_no: `B${number}`, status: 'active', agreement_ref: `BR${number}`, account_tail: '7001' },
      ...{ bank_name: '甲银行', verified: 'four_elements', number },
      limits: { payment: 2000, day: 3000, month: 4000 },
    };
    expect(await gateway.callback('agreement.signed', data, `bank-${number}`, 3)).toEqual(Array(3).fill('200 success'));
    await gateway.callback('agreement.signed', data, `bank-${number}-again`);
    await gateway.received(number, /已绑定甲银行尾号7001/);
    const rows = await ofNumber(number);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      ...{ state: 'active', signed_by: 'bank', verified: 'four_elements', provider_no: `B${number}` },
      ...{ limit_payment: 2000n, limit_day: 3000n, limit_month: 4000n, account_tail: '7001' },
    });
    await gateway.callback('agreement.ended', { agreement_no: `B${number}`, status: 'ended' }, `bank-${number}-end`);
    await until(async () => (await ofNumber(number))[0]?.state === 'ended');
    expect((await ofNumber(number))[0]?.unsign).toBe('done');
  });

  test('signed at the bank for a number that nobody has: it never pays, and the bank is asked to end it', async () => {
    const number = '13799990000';
    gateway.bank.answerBy((_, body) => ({ body: { agreement_no: body['agreement_no'], status: 'ended' } }));
    const data = { agreement_no: 'BX1', status: 'active', agreement_ref: 'BRX', account_tail: '7002', number };
    await gateway.callback('agreement.signed', data, 'bank-nobody');
    await until(async () => (await ofNumber(number))[0]?.state === 'ended');
    await gateway.app.get(EndAgreement, { strict: false }).sweep();
    await until(async () => (await ofNumber(number))[0]?.unsign === 'done');
    expect(gateway.bank.received('/v1/agreements/end').at(-1)).toMatchObject({ agreement_no: 'BX1' });
  });

  test('an account is checked by the bank and signed by its code; nothing of the account is kept', async () => {
    const number = newNumber();
    const page = await PlayedCustomer.signIn(gateway, number);
    gateway.bank.answerBy((path, { agreement_no, code }) => {
      if (path === '/v1/agreements/checks')
        return { body: { agreement_no, status: 'code_sent', expires_at: '2030-01-01T00:00:00Z' } };
      if (code !== '246810') return { body: { agreement_no, status: 'pending' } };
      const account = { agreement_ref: 'ARC', account_tail: '5678', bank_name: '甲银行', verified: 'three_elements' };
      return { body: { agreement_no, status: 'active', ...account } };
    });
    const asked = {
      provider: 'bank_a',
      account: '6222000012345678',
      holder: '王小兰',
      id_number: '42010119800101123X',
    };
    const { status, body } = await page.call<View>('POST', 'account_checks', asked, `check-${number}`);
    expect({ status, state: body.state }).toEqual({ status: 201, state: 'pending' });
    const confirm = (code: string) =>
      page.call<View & { code: string }>('POST', `agreements/${body.id}/confirmations`, { code });
    expect((await confirm('111111')).body.code).toBe('code_wrong');
    expect((await confirm('246810')).body).toMatchObject({ state: 'active', verified: 'three_elements' });
    const kept = JSON.stringify(
      [
        await gateway.database.db.select('SELECT * FROM agreement WHERE id = ?', [body.id]),
        await gateway.database.db.select('SELECT * FROM idempotency WHERE object_id = ?', [body.id]),
        await gateway.database.db.select('SELECT * FROM idempotency_answer'),
      ],
      (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
    );
    for (const secret of ['6222000012345678', '王小兰', '42010119800101123X']) expect(kept).not.toContain(secret);
    const stranger = newNumber();
    await expect(
      gateway.app.get(ConfirmAccount, { strict: false }).execute(stranger, body.id, '246810'),
    ).rejects.toThrow();
  });

  test('an account that the bank does not confirm: no agreement', async () => {
    const number = newNumber();
    const page = await PlayedCustomer.signIn(gateway, number);
    gateway.bank.answerBy((_, { agreement_no }) => ({ body: { agreement_no, status: 'declined', reason: 'other' } }));
    const asked = { provider: 'bank_a', account: '6222000012345678', holder: '王', id_number: '42010119800101123X' };
    const refused = await page.call('POST', 'account_checks', asked, `check-${number}`);
    expect(refused).toMatchObject({ status: 409, body: { code: 'account_check_failed', outcome: 'not_executed' } });
    expect((await ofNumber(number))[0]?.state).toBe('ended');
  });

  test('limits go down, and up again to what was signed, and no further', async () => {
    const number = newNumber();
    const agreement = await gateway.agreement(number);
    const limits = gateway.app.get(ChangeLimits, { strict: false });
    const to = (payment: number) => ({ payment, day: 50_000, month: 200_000, currency: 'CNY' as const });
    expect((await limits.ofAgreement(number, agreement, to(1000))).limit_payment).toBe(1000n);
    expect((await pay(agreement, number, 1100)).body.code).toBe('limit_payment');
    expect((await limits.ofAgreement(number, agreement, to(50_000))).limit_payment).toBe(50_000n);
    await expect(limits.ofAgreement(number, agreement, to(50_001))).rejects.toMatchObject({
      code: 'limit_above_signed',
    });
    await expect(limits.ofAgreement(newNumber(), agreement, to(1000))).rejects.toMatchObject({ code: 'not_found' });
  });

  test('a linked number: its own limit, its first day, so many and no more, ended by either side, and its block list', async () => {
    const [payer, mother, aunt, uncle] = [newNumber(), newNumber(), newNumber(), newNumber()];
    const agreement = await gateway.agreement(payer);
    const link = (number: string, key = `l-${number}-${++serial}`) =>
      gateway.call<{ id: string; code: string }>(
        'POST',
        '/v1/linked_numbers',
        { agreement, number, nickname: '亲' },
        { key },
      );
    const { body: first } = await link(mother);
    const text = await gateway.received(mother, /同意回复/);
    await gateway.text(mother, /同意回复(\d{4})/.exec(text)?.[1] ?? '');
    const store = gateway.app.get(AgreementsStore, { strict: false });
    await until(async () => (await store.findLinked(first.id))?.state === 'active');
    expect((await store.findLinked(first.id))?.cooling_limit).toBe(3000n);
    expect((await link(aunt)).status).toBe(201);
    expect((await link(uncle)).body.code).toBe('linked_numbers_full');
    const links = gateway.app.get(EndLinked, { strict: false });
    await links.byLinked(mother, first.id, true);
    expect((await store.findLinked(first.id))?.state).toBe('refused');
    expect((await pay(agreement, mother, 1000)).body.code).toBe('consent_missing');
    const other = await gateway.agreement(newNumber());
    const asks = (number: string) =>
      gateway.call<{ code: string }>(
        'POST',
        '/v1/linked_numbers',
        { agreement: other, number, nickname: '亲' },
        { key: `o-${++serial}` },
      );
    expect((await asks(mother)).status).toBe(201); // blocked was one payer
    await gateway.text(mother, 'PB');
    await until(async () => (await links.blocksOf(mother)).length === 2);
    const third = await gateway.agreement(newNumber());
    const blocked = await gateway.call<{ code: string }>(
      'POST',
      '/v1/linked_numbers',
      { agreement: third, number: mother, nickname: '亲' },
      { key: `b-${++serial}` },
    );
    expect(blocked.body.code).toBe('consent_blocked');
    for (const { id } of await links.blocksOf(mother)) await links.unblock(mother, id);
    expect(await links.blocksOf(mother)).toEqual([]);
  });
});
