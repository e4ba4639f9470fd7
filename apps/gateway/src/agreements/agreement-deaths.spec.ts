import { AgreementsSweepJob } from './agreements-sweep.job';
import { AgreementsStore, type AgreementRow } from './agreements.store';
import { EndAgreement } from './end-agreement';
import { PlayedCustomer } from '../testing/played-customer';
import { PlayedGateway, until } from '../testing/played-gateway';

/** Signing and ending with a process that dies before a commit, and a bank whose words are lost, doubled or late. */
describe('agreements through deaths and lost words', () => {
  let gateway: PlayedGateway;
  let store: AgreementsStore;
  let serial = 0;
  beforeAll(async () => {
    gateway = await PlayedGateway.start();
    store = gateway.app.get(AgreementsStore, { strict: false });
    await gateway.app.get(AgreementsSweepJob, { strict: false }).beforeApplicationShutdown(); // the test takes the turns itself
  });
  afterAll(() => gateway.close());
  beforeEach(() => gateway.bank.play('succeed'));
  afterEach(() => jest.restoreAllMocks());

  const newNumber = (): string => {
    const msisdn = `1372000${String(++serial).padStart(4, '0')}`;
    gateway.billing.state.addNumber(msisdn);
    return msisdn;
  };
  const rows = async (number: string): Promise<AgreementRow[]> => {
    const sql = 'SELECT * FROM agreement WHERE msisdn_blind = ?';
    return (await gateway.database.db.select(sql, [gateway.numbers.blind(number)])) as unknown as AgreementRow[];
  };
  const only = async (number: string): Promise<AgreementRow> => {
    const [row, ...more] = await rows(number);
    expect(more).toEqual([]);
    if (!row) throw new Error('no agreement');
    return row;
  };
  const ask = (number: string) =>
    gateway.call<{ id: string; state: string }>(
      'POST',
      '/v1/agreements',
      { reference: `D${number}`, number, provider: 'bank_a', return_url: 'https://shop.example/back' },
      { key: `death-${number}` },
    );
  const page = () => {
    const { baseUrl } = gateway.bank;
    const opened = { sign_url: `${baseUrl}/sign`, expires_at: '2030-01-01T00:00:00Z' };
    gateway.bank.answerBy((_, body) => ({ body: { agreement_no: body['agreement_no'], ...opened } }));
  };
  const active = (id: string) => ({
    ...{ agreement_no: id, status: 'active', agreement_ref: `R${id}`, account_tail: '8812', bank_name: '甲银行' },
  });
  const sweep = async (id: string) => {
    await gateway.database.db.run(
      `UPDATE agreement SET due_at = IF(state = 'pending', UTC_TIMESTAMP(3), due_at),
        unsign_due = IF(unsign IN ('due', 'unknown'), UTC_TIMESTAMP(3), unsign_due) WHERE id = ?`,
      [id],
    );
    await gateway.app.get(AgreementsSweepJob, { strict: false }).sweep();
  };
  const bound = (number: string) =>
    gateway.texts.filter(({ to, text }) => to === number && text.includes('已绑定')).length;
  const pay = async (agreement: string, number: string) => {
    const funding = { type: 'agreement', agreement };
    const order = { reference: `d-${++serial}`, number, amount: 1000, currency: 'CNY', funding };
    return (
      await gateway.call<{ code?: string; state?: string }>('POST', '/v1/payments', order, { key: `d-${serial}` })
    ).body;
  };

  test('dies before the page is written down: the same request is the same agreement, and the bank tells its end', async () => {
    const number = newNumber();
    page();
    jest.spyOn(store, 'setNextAction').mockRejectedValueOnce(new Error('killed'));
    expect((await ask(number)).status).toBe(500);
    const { id } = await only(number);
    const again = await ask(number);
    expect([again.status, again.body.id]).toEqual([202, id]);
    await gateway.callback('agreement.signed', active(id), `${id}-s`);
    await until(async () => (await only(number)).state === 'active');
    gateway.bank.play('succeed');
    expect((await pay(id, number)).state).toBe('completed');
  });

  test('the answer to its beginning is lost, its end is told thrice and asked for: active once, told once', async () => {
    const number = newNumber();
    gateway.bank.answerBy(() => null);
    expect((await ask(number)).status).toBe(202);
    const { id } = await only(number);
    gateway.bank.answerBy(() => ({ body: active(id) }));
    await Promise.all([gateway.callback('agreement.signed', active(id), `${id}-s`, 3), sweep(id)]);
    await until(async () => (await only(number)).state === 'active' && bound(number) > 0);
    await gateway.callback('agreement.signed', active(id), `${id}-again`);
    await sweep(id);
    expect(bound(number)).toBe(1);
    expect(await rows(number)).toHaveLength(1);
  });

  test('dies before it is written that it is signed: the word is kept and carried out', async () => {
    const number = newNumber();
    page();
    await ask(number);
    const { id } = await only(number);
    const activate = jest.spyOn(store, 'activate').mockRejectedValueOnce(new Error('killed'));
    await gateway.callback('agreement.signed', active(id), `${id}-s`);
    await until(() => Promise.resolve(activate.mock.calls.length > 0));
    gateway.bank.answerBy(() => ({ body: active(id) }));
    await sweep(id);
    await until(async () => (await only(number)).state === 'active' && bound(number) > 0);
    expect(bound(number)).toBe(1);
  });

  test('signed after nobody waited any more: it stays ended, pays nothing, and ends at the bank, too', async () => {
    const number = newNumber();
    page();
    await ask(number);
    const { id } = await only(number);
    await gateway.database.db.run('UPDATE agreement SET expires_at = UTC_TIMESTAMP(3) - INTERVAL 1 HOUR WHERE id = ?', [
      id,
    ]);
    gateway.bank.answerBy(() => ({ body: { agreement_no: id, status: 'pending' } }));
    await sweep(id);
    expect(await only(number)).toMatchObject({ state: 'ended', unsign: 'none' });
    await gateway.callback('agreement.signed', active(id), `${id}-s`, 2);
    await until(async () => (await only(number)).unsign === 'due');
    gateway.bank.answerBy((path) => ({
      body: path.endsWith('/end') ? { agreement_no: id, status: 'ended' } : active(id),
    }));
    expect((await pay(id, number)).code).toBe('agreement_not_active');
    await sweep(id);
    expect(await only(number)).toMatchObject({ state: 'ended', unsign: 'done' });
    await gateway.callback('agreement.signed', active(id), `${id}-later`);
    await sweep(id);
    expect(gateway.bank.received('/v1/agreements/end').filter((body) => body['agreement_no'] === id)).toHaveLength(1);
    expect(bound(number)).toBe(0);
  });

  test('dies before its end is written: it goes on; before the bank’s word on its end: the bank is asked again', async () => {
    const number = newNumber();
    const id = await gateway.agreement(number);
    const end = (key: string) => gateway.call('POST', `/v1/agreements/${id}/ends`, {}, { key });
    jest.spyOn(store, 'end').mockRejectedValueOnce(new Error('killed'));
    expect((await end(`e1-${number}`)).status).toBe(500);
    expect((await pay(id, number)).state).toBe('completed');
    gateway.bank.answerBy(() => ({ body: { agreement_no: id, status: 'ended' } }));
    const unsigned = jest.spyOn(store, 'unsigned').mockRejectedValueOnce(new Error('killed'));
    expect((await end(`e2-${number}`)).status).toBe(200);
    await until(() => Promise.resolve(unsigned.mock.calls.length > 0));
    expect((await pay(id, number)).code).toBe('agreement_not_active');
    await sweep(id);
    expect(await only(number)).toMatchObject({ state: 'ended', unsign: 'done' });
    await gateway.app.get(EndAgreement, { strict: false }).sweep();
    expect(gateway.bank.received('/v1/agreements/end').filter((body) => body['agreement_no'] === id)).toHaveLength(2);
  });

  test('an account check whose answers are lost: it waits, and the code that is given again signs it', async () => {
    const number = newNumber();
    const customer = await PlayedCustomer.signIn(gateway, number);
    gateway.bank.answerBy(() => null);
    const asked = { provider: 'bank_a', account: '6222000012345678', holder: '王', id_number: '42010119800101123X' };
    const { body } = await customer.call<{ id: string; state: string }>('POST', 'account_checks', asked, `c-${number}`);
    expect(body.state).toBe('pending');
    const confirm = () =>
      customer.call<{ state: string }>('POST', `agreements/${body.id}/confirmations`, { code: '246810' });
    expect((await confirm()).body.state).toBe('pending');
    gateway.bank.answerBy(() => ({ body: active(body.id) }));
    expect((await confirm()).body.state).toBe('active');
    expect((await confirm()).body.state).toBe('active');
    expect(bound(number)).toBe(1);
  });
});
