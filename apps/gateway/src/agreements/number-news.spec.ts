import { PlayedGateway, until } from '../testing/played-gateway';
import { ApplyNumberNews } from './apply-number-news';
import { NumberNewsJob } from './number-news.job';
import { RestAgreement } from './rest-agreement';

interface Told {
  type: string;
  sequence: number;
  data: { object: { id: string; state: string }; previous_state: string };
}

describe('what happens to numbers', () => {
  let gateway: PlayedGateway;
  let serial = 0;
  beforeAll(async () => (gateway = await PlayedGateway.start()));
  afterAll(() => gateway.close());

  const newNumber = (): string => {
    const msisdn = `1380000${String(++serial).padStart(4, '0')}`;
    gateway.billing.state.addNumber(msisdn);
    return msisdn;
  };
  const agreementOf = async (id: string) =>
    (await gateway.call<{ state: string }>('GET', `/v1/agreements/${id}`)).body.state;
  const linkedState = async (id: string) =>
    (await gateway.database.db.select<{ state: string }>('SELECT state FROM linked_number WHERE id = ?', [id]))[0]
      ?.state;
  const pay = (agreement: string, number: string) =>
    gateway.call<{ code?: string; state?: string }>(
      'POST',
      '/v1/payments',
      { reference: `n-${++serial}`, number, amount: 1000, currency: 'CNY', funding: { type: 'agreement', agreement } },
      { key: `n-${serial}` },
    );
  const events = async (id: string): Promise<Told[]> => {
    const all: Told[] = [];
    for (let cursor = ''; ;) {
      const page = await gateway.call<{ data: Told[]; has_more: boolean; next_cursor: string }>(
        'GET',
        `/v1/events?limit=100${cursor}`,
      );
      all.push(...page.body.data);
      cursor = `&cursor=${page.body.next_cursor}`;
      if (!page.body.has_more) return all.filter(({ data }) => data.object.id === id);
    }
  };
  /** An agreement of `payer`, and a number that it may pay for. */
  async function family(): Promise<{ payer: string; member: string; agreement: string; linked: string }> {
    const [payer, member] = [newNumber(), newNumber()];
    const agreement = await gateway.agreement(payer);
    const { body } = await gateway.call<{ id: string }>(
      'POST',
      '/v1/linked_numbers',
      { agreement, number: member, nickname: '妈妈' },
      { key: `l-${member}` },
    );
    const text = await gateway.received(member, /同意回复/);
    await gateway.text(member, /同意回复(\d{4})/.exec(text)?.[1] ?? '');
    await until(async () => (await linkedState(body.id)) === 'active');
    return { payer, member, agreement, linked: body.id };
  }
  const moves = async (id: string) =>
    (
      await gateway.database.db.select<{ version: number; from_state: string; to_state: string; evidence: string }>(
        'SELECT version, from_state, to_state, evidence FROM agreement_move WHERE object_id = ? ORDER BY version',
        [id],
      )
    ).map((row) => [row.version, row.from_state, row.to_state, row.evidence]);

  test.each(['closed', 'ported_out'] as const)(
    'a payer’s number is %s: its agreement and the numbers linked to it end',
    async (kind) => {
      const { payer, agreement, linked } = await family();
      const { id } = gateway.billing.state.tell(payer, kind);
      await until(async () => (await agreementOf(agreement)) === 'ended');
      expect(await linkedState(linked)).toBe('ended');
      expect((await moves(agreement)).slice(1)).toEqual([[2, 'active', 'ended', `number ${kind}, event ${id}`]]);
      expect((await moves(linked)).slice(1)).toEqual([[2, 'active', 'ended', `number ${kind}, event ${id}`]]);
      const told = await events(agreement);
      expect(told.map(({ type, sequence, data }) => [type, sequence, data.previous_state, data.object.state])).toEqual([
        ['agreement.active', 1, 'pending', 'active'],
        ['agreement.ended', 2, 'active', 'ended'],
      ]);
      expect((await events(linked)).map(({ type, sequence }) => [type, sequence])).toEqual([
        ['linked_number.active', 1],
        ['linked_number.ended', 2],
      ]);
    },
  );

  test('a payer’s number has another holder: links end, debits rest by every door, and end with the rest', async () => {
    const { payer, member, agreement, linked } = await family();
    const { id } = gateway.billing.state.tell(payer, 'owner_changed');
    await until(async () => (await agreementOf(agreement)) === 'frozen');
    expect(await linkedState(linked)).toBe('ended');
    for (const number of [payer, member]) expect((await pay(agreement, number)).body.code).toBe('agreement_not_active');
    await gateway.text(payer, '充值10');
    await gateway.received(payer, /没有扣款:本机刚过户/);
    const [row] = await gateway.database.db.select(
      'SELECT TIMESTAMPDIFF(HOUR, UTC_TIMESTAMP(3), frozen_until) AS hours, frozen_by FROM agreement WHERE id = ?',
      [agreement],
    );
    expect(row).toEqual({ hours: 71n, frozen_by: 'owner_changed' });
    // The new holder's new card is no reason to let the former one's account pay again.
    gateway.billing.state.tell(payer, 'sim_changed');
    const last = BigInt(gateway.billing.state.events.length);
    const news = gateway.app.get(ApplyNumberNews, { strict: false });
    await until(async () => (await news.position()) === last);
    await gateway.database.db.run('UPDATE agreement SET frozen_until = UTC_TIMESTAMP(3) WHERE id = ?', [agreement]);
    await until(async () => (await agreementOf(agreement)) === 'ended');
    const made = await moves(agreement);
    expect(made.map(([version, from, to]) => [version, from, to])).toEqual([
      [1, 'pending', 'active'],
      [2, 'active', 'frozen'],
      [3, 'frozen', 'ended'],
    ]);
    expect(made[1]?.[3]).toBe(`number owner_changed, event ${id}`);
    expect(made[2]?.[3]).toMatch(/^owner_changed, not released until /);
    expect((await events(agreement)).map(({ type }) => type)).toEqual([
      'agreement.active',
      'agreement.frozen',
      'agreement.ended',
    ]);
  });

  test('released by somebody who has seen that the account is the new holder’s, it pays again; a link does not', async () => {
    const { payer, member, agreement, linked } = await family();
    gateway.billing.state.tell(payer, 'owner_changed');
    await until(async () => (await agreementOf(agreement)) === 'frozen');
    const rest = gateway.app.get(RestAgreement, { strict: false });
    expect((await rest.release(agreement, 'care', 'one company')).state).toBe('active');
    expect((await pay(agreement, payer)).status).toBe(201);
    expect((await pay(agreement, member)).body.code).toBe('consent_missing');
    expect(await linkedState(linked)).toBe('ended');
    await expect(rest.release(agreement, 'care', 'twice')).rejects.toMatchObject({ code: 'state_conflict' });
  });

  test('a linked number goes to somebody else: the link ends, the payer’s agreement stays', async () => {
    const { payer, member, agreement, linked } = await family();
    gateway.billing.state.tell(member, 'ported_in', { formerSubscriberId: `s${member}` });
    await until(async () => (await linkedState(linked)) === 'ended');
    expect(await agreementOf(agreement)).toBe('active');
    expect((await pay(agreement, payer)).status).toBe(201);
    expect((await pay(agreement, member)).body.code).toBe('consent_missing');
  });

  test('a lost phone: debits rest, by partner and by text, until the number is back in service', async () => {
    const payer = newNumber();
    const agreement = await gateway.agreement(payer);
    gateway.billing.state.tell(payer, 'suspended', { suspendReason: 'loss' });
    await until(async () => (await agreementOf(agreement)) === 'frozen');
    expect((await pay(agreement, payer)).body.code).toBe('agreement_not_active');
    await gateway.text(payer, '充值10');
    await gateway.received(payer, /没有扣款:本机刚换卡或挂失/);
    gateway.billing.state.tell(payer, 'resumed');
    await until(async () => (await agreementOf(agreement)) === 'active');
    expect((await events(agreement)).map(({ type, sequence }) => [type, sequence])).toEqual([
      ['agreement.active', 1],
      ['agreement.frozen', 2],
      ['agreement.active', 3],
    ]);
    expect((await pay(agreement, payer)).status).toBe(201);
  });

  test('a new SIM card: back in service does not end the rest, its time does', async () => {
    const payer = newNumber();
    const agreement = await gateway.agreement(payer);
    const { state } = gateway.billing;
    state.tell(payer, 'suspended', { suspendReason: 'loss' });
    state.tell(payer, 'sim_changed');
    state.tell(payer, 'resumed');
    state.tell(payer, 'low_balance', { balance: '100' });
    const last = BigInt(state.events.length);
    const news = gateway.app.get(ApplyNumberNews, { strict: false });
    await until(async () => (await news.position()) === last);
    expect(await agreementOf(agreement)).toBe('frozen');
    const [row] = await gateway.database.db.select<{ hours: bigint; frozen_by: string }>(
      'SELECT TIMESTAMPDIFF(HOUR, UTC_TIMESTAMP(3), frozen_until) AS hours, frozen_by FROM agreement WHERE id = ?',
      [agreement],
    );
    expect(row).toEqual({ hours: 71n, frozen_by: 'sim_changed' });
    await gateway.database.db.run('UPDATE agreement SET frozen_until = UTC_TIMESTAMP(3) WHERE id = ?', [agreement]);
    await until(async () => (await agreementOf(agreement)) === 'active');
    expect((await moves(agreement)).map(([version, from, to]) => [version, from, to])).toEqual([
      [1, 'pending', 'active'],
      [2, 'active', 'frozen'],
      [3, 'frozen', 'active'],
    ]);
    expect((await pay(agreement, payer)).status).toBe(201);
  });

  test('a frozen agreement may still be ended by its owner', async () => {
    const payer = newNumber();
    const agreement = await gateway.agreement(payer);
    gateway.billing.state.tell(payer, 'sim_changed');
    await until(async () => (await agreementOf(agreement)) === 'frozen');
    await gateway.text(payer, 'JB');
    await until(async () => (await agreementOf(agreement)) === 'ended');
  });

  test('told again from the beginning, by several at once: nothing happens twice, and what was agreed since stands', async () => {
    const payer = newNumber();
    const first = await gateway.agreement(payer);
    gateway.billing.state.tell(payer, 'recycled', { formerSubscriberId: `s${payer}` });
    await until(async () => (await agreementOf(first)) === 'ended');
    const { body } = await gateway.call<{ id: string }>(
      'POST',
      '/v1/agreements',
      { reference: `again-${payer}`, number: payer, provider: 'bank_a', return_url: 'https://shop.example/back' },
      { key: `again-${payer}` },
    );
    await gateway.database.db.run("UPDATE agreement SET state = 'active' WHERE id = ?", [body.id]);
    const before = await gateway.database.db.select('SELECT COUNT(*) AS n FROM agreement_move');
    await gateway.database.db.run("UPDATE feed_cursor SET position = 0 WHERE feed = 'subscriber_events'");
    const job = gateway.app.get(NumberNewsJob, { strict: false });
    await job.sweep(); // all is told: an empty page is no trouble
    await job.sweep();
    await Promise.all([job.sweep(), job.sweep(), job.sweep()]);
    expect(await agreementOf(body.id)).toBe('active');
    expect(await gateway.database.db.select('SELECT COUNT(*) AS n FROM agreement_move')).toEqual(before);
    const [cursor] = await gateway.database.db.select<{ position: bigint }>(
      "SELECT position FROM feed_cursor WHERE feed = 'subscriber_events'",
    );
    expect(cursor?.position).toBe(BigInt(gateway.billing.state.events.length));
  });

  test('a number with another carrier is refused by a code of its own', async () => {
    const payer = newNumber();
    const agreement = await gateway.agreement(payer);
    const away = newNumber();
    gateway.billing.state.portedOut.add(away);
    expect(await gateway.call('POST', '/v1/number_queries', { number: away })).toMatchObject({
      status: 409,
      body: { code: 'number_ported_out', outcome: 'not_executed' },
    });
    expect((await pay(agreement, away)).body.code).toBe('number_ported_out');
  });
});
