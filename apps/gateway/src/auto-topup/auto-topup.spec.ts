import { AutoTopupJob } from './auto-topup.job';
import type { OccasionRow } from './auto.rows';
import { beijingHour, laterDay } from './auto-dates';
import type { SetAutoTopup } from './auto.schema';
import { AutoStore } from './auto.store';
import { CheckRules } from './check-rules';
import { ApplyNumberNews } from '../agreements/apply-number-news';
import { RestAgreement } from '../agreements/rest-agreement';
import { PayOccasions } from './pay-occasions';
import { SetAutoTopups } from './set-auto-topup';
import { SkipAutoTopups } from './skip-auto-topup';
import { beijingDay } from '../payments/beijing';
import { PaymentsSweepJob } from '../payments/payments-sweep.job';
import { DecisionsStore } from '../risk/decisions.store';
import { PlayedCustomer } from '../testing/played-customer';
import { PlayedGateway, until } from '../testing/played-gateway';

const ALL = 'SELECT * FROM auto_occasion WHERE rule_id = ? ORDER BY created_at, id';

/** Standing orders on a real database between a played bank and billing; time is moved by moving dates in rows. */
describe('automatic top-ups', () => {
  let gateway: PlayedGateway;
  let serial = 0;
  beforeAll(async () => {
    gateway = await PlayedGateway.start({ settings: { AUTO_CHECK_MINUTES: '600' } });
    // The test takes the turns itself.
    await get(AutoTopupJob).beforeApplicationShutdown();
  });
  afterAll(() => gateway.close());
  beforeEach(() => gateway.bank.play('succeed'));

  const get = <T>(type: abstract new (...args: never[]) => T): T => gateway.app.get<T>(type, { strict: false });
  const newNumber = (balance = '500'): string => {
    const msisdn = `1373000${String(++serial).padStart(4, '0')}`;
    gateway.billing.state.addNumber(msisdn, { balance });
    return msisdn;
  };
  const occasions = async (rule: string) => (await gateway.database.db.select(ALL, [rule])) as unknown as OccasionRow[];
  const payments = async (number: string) =>
    gateway.database.db.select<{ payment_no: string; amount: bigint; state: string; channel: string }>(
      'SELECT payment_no, amount, state, channel FROM payment WHERE msisdn_blind = ? ORDER BY payment_no',
      [gateway.numbers.blind(number)],
    );
  const turn = async () => {
    await get(CheckRules).sweep();
    await get(PayOccasions).sweep();
  };
  /** The time of what is noticed comes. */
  const later = async (rule: string) => {
    await gateway.database.db.run(
      "UPDATE auto_occasion SET due_at = UTC_TIMESTAMP(3) WHERE rule_id = ? AND state IN ('noticed', 'paying')",
      [rule],
    );
    await get(PayOccasions).sweep();
  };
  const look = async (rule: string) => {
    await gateway.database.db.run('UPDATE auto_rule SET due_at = UTC_TIMESTAMP(3) WHERE id = ?', [rule]);
    await get(CheckRules).sweep();
  };
  const SELF = { type: 'self' } as const;
  const rule3000 = { kind: 'threshold', top_up_to: 3000, times_a_day: 1 } as const;
  const set = (payer: string, target: SetAutoTopup['target'] = SELF, rule: SetAutoTopup['rule'] = rule3000) =>
    get(SetAutoTopups).execute(payer, { target, rule, currency: 'CNY' });
  const linked = async (payer: string, agreement: string, member: string) => {
    const { body } = await gateway.call<{ id: string }>(
      'POST',
      '/v1/linked_numbers',
      { agreement, number: member, nickname: '妈妈' },
      { key: `l-${payer}-${member}` },
    );
    const text = await gateway.received(member, /同意回复/);
    await gateway.text(member, /同意回复(\d{4})/.exec(text)?.[1] ?? '');
    await gateway.received(payer, /已同意/);
    return body.id;
  };

  test('below the threshold: told the day before, sized to what is missing, paid once, and said in the time line', async () => {
    const payer = newNumber();
    await gateway.agreement(payer);
    const rule = await set(payer);
    await gateway.received(payer, /已开通:本机低于10元时自动充到30元,每月最多100元/);
    await turn();
    const tomorrow = laterDay(beijingDay(new Date()), 1);
    expect(await occasions(rule.id)).toMatchObject([
      {
        state: 'noticed',
        amount: 2500n,
        day: tomorrow,
        due_at: beijingHour(tomorrow, 10),
        occasion: `T-${tomorrow}-1`,
      },
    ]);
    await gateway.received(payer, /明天10点给本机自动充25.00元,甲银行尾号8812。不充请回复N/);
    await turn();
    expect(await payments(payer)).toEqual([]);
    await later(rule.id);
    expect(await occasions(rule.id)).toMatchObject([{ state: 'done', amount: 2500n }]);
    expect(await payments(payer)).toMatchObject([{ amount: 2500n, state: 'completed', channel: 'auto' }]);
    await gateway.received(payer, /已充25.00元到本机/);
    const said = await get(DecisionsStore).about(gateway.numbers.blind(payer), 10);
    expect(said.map(({ state }) => state).reverse()).toEqual(['active', 'noticed', 'paying', 'done']);
  });

  test('a low balance that is told rings; a province’s word counts where it keeps the balance itself', async () => {
    const payer = newNumber('5000');
    await gateway.agreement(payer);
    const rule = await set(payer);
    await turn();
    expect(await occasions(rule.id)).toEqual([]);
    const owner = gateway.billing.state.owners.get(payer);
    gateway.billing.state.addNumber(payer, { ...owner, balance: null });
    gateway.billing.state.tell(payer, 'low_balance', { balance: '320' });
    await get(AutoTopupJob).sweep();
    expect(await occasions(rule.id)).toMatchObject([{ amount: 2680n, state: 'noticed' }]);
    await get(AutoTopupJob).sweep();
    expect(await occasions(rule.id)).toHaveLength(1);
  });

  test('of what is told about one number the latest counts, in whatever order it comes; what is a day old rings nothing', async () => {
    const payer = newNumber('5000');
    await gateway.agreement(payer);
    const rule = await set(payer);
    await turn();
    const owner = gateway.billing.state.owners.get(payer);
    gateway.billing.state.addNumber(payer, { ...owner, balance: null });
    const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
    gateway.billing.state.tell(payer, 'low_balance', { balance: '0', at: ago(25 * 60) });
    await get(AutoTopupJob).sweep();
    expect(await occasions(rule.id)).toEqual([]);
    gateway.billing.state.tell(payer, 'low_balance', { balance: '320', at: ago(5), source: 'ledger' });
    gateway.billing.state.tell(payer, 'low_balance', { balance: '900', at: ago(9) });
    await get(AutoTopupJob).sweep();
    expect(await occasions(rule.id)).toMatchObject([{ amount: 2680n, state: 'noticed' }]);
  });

  test('what is under way counts: two payers of one number do not both make up for it', async () => {
    const [payer, other, mother] = [newNumber('9000'), newNumber('9000'), newNumber('500')];
    const [a, b] = [await gateway.agreement(payer), await gateway.agreement(other)];
    const first = await set(payer, { type: 'linked', linked_number: await linked(payer, a, mother) });
    gateway.texts.length = 0;
    const second = await set(other, { type: 'linked', linked_number: await linked(other, b, mother) });
    await turn();
    const all = [...(await occasions(first.id)), ...(await occasions(second.id))];
    expect(all.map(({ amount }) => amount)).toEqual([2500n]);
    await later(all[0]?.rule_id ?? '');
    expect(await payments(mother)).toMatchObject([{ amount: 2500n, state: 'completed' }]);
    await gateway.received(payer, /已给妈妈.*充25.00元/);
  });

  test('by then it has enough: nothing is taken', async () => {
    const payer = newNumber();
    await gateway.agreement(payer);
    const rule = await set(payer);
    await turn();
    gateway.billing.state.addNumber(payer, { balance: '1000' });
    await later(rule.id);
    expect(await occasions(rule.id)).toMatchObject([{ state: 'not_needed' }]);
    expect(await payments(payer)).toEqual([]);
  });

  test('N skips it, once; the rule goes on', async () => {
    const payer = newNumber();
    await gateway.agreement(payer);
    const rule = await set(payer);
    await turn();
    expect(await get(SkipAutoTopups).all(payer)).toBe(1);
    expect(await get(SkipAutoTopups).all(payer)).toBe(0);
    await later(rule.id);
    await look(rule.id);
    expect(await occasions(rule.id)).toMatchObject([{ state: 'skipped' }]);
    expect(await payments(payer)).toEqual([]);
    expect((await get(AutoStore).rule(rule.id))?.state).toBe('active');
  });

  test('once a month for a linked number, and the next date stands', async () => {
    const [payer, mother] = [newNumber(), newNumber('90000')];
    const agreement = await gateway.agreement(payer);
    const link = await linked(payer, agreement, mother);
    const monthly = { kind: 'calendar', day_of_month: 5, amount: 5000 } as const;
    const rule = await set(payer, { type: 'linked', linked_number: link }, monthly);
    expect(rule.due_at?.getUTCHours()).toBe(2);
    await look(rule.id);
    const [occasion] = await occasions(rule.id);
    expect(occasion).toMatchObject({ state: 'noticed', amount: 5000n });
    expect(occasion?.occasion).toMatch(/^C-\d{4}-\d{2}-05$/);
    expect(occasion?.due_at).toEqual(beijingHour(occasion?.day ?? '', 10));
    await gateway.received(payer, /月5日10点给妈妈.*自动充50.00元|明天10点给妈妈|今天10点给妈妈/);
    await later(rule.id);
    expect(await payments(mother)).toMatchObject([{ amount: 5000n, state: 'completed' }]);
    await look(rule.id); // the same day again
    expect(await occasions(rule.id)).toHaveLength(1);
    expect((await get(AutoStore).rule(rule.id))?.due_at?.getTime()).toBeGreaterThan(Date.now());
  });

  test('refused: tried again by the calendar, told each time, stopped after three in a row', async () => {
    const payer = newNumber();
    await gateway.agreement(payer);
    const rule = await set(payer);
    await turn();
    gateway.bank.play('decline');
    await later(rule.id);
    await gateway.received(payer, /自动充值没扣成:甲银行尾号8812.*明天再试一次,不试请回复N/);
    expect(await occasions(rule.id)).toMatchObject([{ state: 'noticed', try_no: 2 }]);
    await later(rule.id);
    expect(await occasions(rule.id)).toMatchObject([{ state: 'noticed', try_no: 3 }]);
    await later(rule.id);
    await gateway.received(payer, /给本机的自动充值连续3次没扣成,已停。换卡后发:ZD 30 重新开通/);
    expect(await occasions(rule.id)).toMatchObject([{ state: 'given_up' }]);
    expect((await get(AutoStore).rule(rule.id))?.state).toBe('stopped');
    expect((await payments(payer)).map(({ state }) => state)).toEqual(['declined', 'declined', 'declined']);
    gateway.bank.play('succeed');
    expect((await set(payer)).state).toBe('active');
    expect((await get(AutoStore).rule(rule.id))?.fails).toBe(0);
  });

  test('unknown is waited for, and is one payment', async () => {
    const payer = newNumber();
    await gateway.agreement(payer);
    const rule = await set(payer);
    await turn();
    gateway.bank.answerBy(() => null);
    await later(rule.id);
    expect(await payments(payer)).toMatchObject([{ state: 'unknown' }]);
    await later(rule.id);
    expect(await occasions(rule.id)).toMatchObject([{ state: 'paying' }]);
    gateway.bank.play('succeed');
    const [payment] = await payments(payer);
    await gateway.database.db.run('UPDATE payment SET due_at = NOW(3) - INTERVAL 1 SECOND WHERE payment_no = ?', [
      payment?.payment_no,
    ]);
    await get(PaymentsSweepJob).sweep();
    await until(async () => (await payments(payer))[0]?.state === 'completed');
    await later(rule.id);
    expect(await occasions(rule.id)).toMatchObject([{ state: 'done' }]);
    expect(await payments(payer)).toHaveLength(1);
  });

  test('killed between intent and payment, and between payment and its row; taken up by several at once: one payment', async () => {
    const payer = newNumber();
    await gateway.agreement(payer);
    const rule = await set(payer);
    await turn();
    // Whoever ordered the payment died before it could write down which one it was, again and again.
    const forgetful = jest.spyOn(get(AutoStore), 'paid').mockRejectedValue(new Error('killed'));
    await later(rule.id);
    await later(rule.id);
    forgetful.mockRestore();
    expect(await occasions(rule.id)).toMatchObject([{ state: 'paying', payment_no: null }]);
    await gateway.database.db.run('UPDATE auto_occasion SET due_at = UTC_TIMESTAMP(3) WHERE rule_id = ?', [rule.id]);
    const pay = get(PayOccasions);
    await Promise.all([pay.sweep(), pay.sweep(), pay.sweep()]);
    await later(rule.id);
    expect(await occasions(rule.id)).toMatchObject([{ state: 'done' }]);
    expect(await payments(payer)).toMatchObject([{ state: 'completed', amount: 2500n }]);
    const [taken] = await gateway.database.db.select<{ n: bigint }>(
      'SELECT COUNT(*) AS n FROM attempt WHERE payment_no LIKE ?',
      [`${(await payments(payer))[0]?.payment_no ?? ''}%`],
    );
    expect(taken?.n).toBe(1n);
  });

  test('a new SIM card: it rests with the agreement, and is not a refusal', async () => {
    const payer = newNumber();
    const agreement = await gateway.agreement(payer);
    const rule = await set(payer);
    await turn();
    gateway.billing.state.tell(payer, 'sim_changed');
    await until(async () => {
      const rows = await gateway.database.db.select('SELECT state FROM agreement WHERE id = ?', [agreement]);
      return rows[0]?.['state'] === 'frozen';
    });
    await later(rule.id);
    const [occasion] = await occasions(rule.id);
    expect(occasion).toMatchObject({ state: 'noticed', code: 'rests', try_no: 2 });
    expect((occasion?.due_at?.getTime() ?? 0) - Date.now()).toBeGreaterThan(71 * 3_600_000);
    expect((await get(AutoStore).rule(rule.id))?.fails).toBe(0);
    expect(await payments(payer)).toEqual([]);
  });

  describe('a number that its branch wrote over to another holder', () => {
    const state = async (agreement: string) =>
      (await gateway.database.db.select('SELECT state FROM agreement WHERE id = ?', [agreement]))[0]?.['state'];
    /** A rule that is about to pay, and its number in other hands. */
    const handedOver = async () => {
      const payer = newNumber();
      const agreement = await gateway.agreement(payer);
      const rule = await set(payer);
      await turn();
      gateway.billing.state.tell(payer, 'owner_changed');
      await until(async () => (await state(agreement)) === 'frozen');
      await later(rule.id);
      expect((await get(AutoStore).rule(rule.id))?.state).toBe('paused');
      expect(await payments(payer)).toEqual([]);
      return { payer, agreement, rule };
    };

    test('the rule rests with the account, and ends with it: nothing is paid, not by what the next holder binds either', async () => {
      const { payer, agreement, rule } = await handedOver();
      await gateway.database.db.run('UPDATE agreement SET frozen_until = UTC_TIMESTAMP(3) WHERE id = ?', [agreement]);
      await get(ApplyNumberNews).thaw();
      expect(await state(agreement)).toBe('ended');
      expect((await get(AutoStore).rule(rule.id))?.state).toBe('ended');
      const signed = { agreement_no: `N${payer}`, status: 'active', agreement_ref: `NR${payer}`, number: payer };
      await gateway.callback(
        'agreement.signed',
        { ...signed, account_tail: '9009', bank_name: '甲银行' },
        `n-${payer}`,
      );
      await gateway.received(payer, /尾号9009/);
      await look(rule.id);
      await turn();
      await later(rule.id);
      expect(await payments(payer)).toEqual([]);
      expect(gateway.texts.filter(({ to, text }) => to === payer && text.includes('没扣成'))).toEqual([]);
    });

    test('whoever releases the account lets the rule go on', async () => {
      const { payer, agreement, rule } = await handedOver();
      await get(RestAgreement).release(agreement, 'ops.a', 'the same company');
      expect((await get(AutoStore).rule(rule.id))?.state).toBe('active');
      // What was noticed is given up, and counts for its day: on another day it is looked anew.
      expect((await occasions(rule.id)).map((row) => row.state)).toEqual(['given_up']);
      await gateway.database.db.run('DELETE FROM auto_occasion WHERE rule_id = ?', [rule.id]);
      await look(rule.id);
      await later(rule.id);
      expect(await payments(payer)).toMatchObject([{ state: 'completed', channel: 'auto' }]);
    });

    test('a rule without an account rests as well', async () => {
      const payer = newNumber();
      const agreement = await gateway.agreement(payer);
      const rule = await set(payer);
      await gateway.database.db.run("UPDATE agreement SET state = 'ended' WHERE id = ?", [agreement]);
      gateway.billing.state.tell(payer, 'owner_changed');
      await until(async () => (await get(AutoStore).rule(rule.id))?.state === 'paused');
    });
  });

  test('the number has another owner, or no longer agrees: the rule ends and nothing is paid', async () => {
    const [payer, mother] = [newNumber(), newNumber()];
    const agreement = await gateway.agreement(payer);
    const own = await set(payer);
    const link = await linked(payer, agreement, mother);
    const hers = await set(payer, { type: 'linked', linked_number: link });
    await turn();
    gateway.billing.state.addNumber(payer, { balance: '0', subscriberId: 'somebody else' });
    await gateway.text(mother, 'PB');
    await until(async () => {
      const rows = await gateway.database.db.select('SELECT state FROM linked_number WHERE id = ?', [link]);
      return rows[0]?.['state'] === 'refused';
    });
    await later(own.id);
    await later(hers.id);
    for (const { id } of [own, hers]) {
      expect((await get(AutoStore).rule(id))?.state).toBe('ended');
      expect(await occasions(id)).toMatchObject([{ state: 'given_up' }]);
    }
    expect([...(await payments(payer)), ...(await payments(mother))]).toEqual([]);
  });

  test('on the portal: set, read, skip, pause, end; another’s is not found', async () => {
    const payer = newNumber();
    await gateway.agreement(payer);
    const page = await PlayedCustomer.signIn(gateway, payer);
    interface View {
      id: string;
      state: string;
      next: { amount: number } | null;
      code?: string;
    }
    const asked = (topUpTo: number) => ({
      ...{ target: { type: 'self' }, currency: 'CNY' },
      rule: { kind: 'threshold', threshold: 1000, top_up_to: topUpTo },
    });
    const { status, body } = await page.call<View>('POST', 'auto_topups', asked(5000));
    expect({ status, state: body.state }).toEqual({ status: 200, state: 'active' });
    await turn();
    const list = await page.call<{ data: View[] }>('GET', 'auto_topups');
    expect(list.body.data).toMatchObject([{ id: body.id, next: { amount: 4500, skippable: true } }]);
    expect((await page.call<View>('POST', `auto_topups/${body.id}/skips`)).body.next).toBeNull();
    expect((await page.call<View>('POST', `auto_topups/${body.id}/changes`, { to: 'paused' })).body.state).toBe(
      'paused',
    );
    expect((await page.call<View>('POST', `auto_topups/${body.id}/changes`, { to: 'active' })).body.state).toBe(
      'active',
    );
    const tooMuch = await page.call<View>('POST', 'auto_topups', asked(60_000));
    expect(tooMuch.body.code).toBe('amount_above_maximum');
    const stranger = await PlayedCustomer.signIn(gateway, newNumber());
    const foreign = await stranger.call<View>('POST', `auto_topups/${body.id}/changes`, { to: 'ended' });
    expect(foreign.body.code).toBe('not_found');
    expect((await page.call<View>('POST', `auto_topups/${body.id}/changes`, { to: 'ended' })).body.state).toBe('ended');
  });
});
