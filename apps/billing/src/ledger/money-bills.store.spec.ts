import { openDb } from '@yidian/database';
import { HUBEI, paymentNumber } from '../testing/billing-fixture';
import { moneySteps, type MoneySteps } from '../testing/money-steps';

const RECEIVABLE = `branch/${HUBEI}/receivable`;
const REVENUE = `branch/${HUBEI}/revenue`;
const HELD = `held/${RECEIVABLE}`;

/** Rows 10a to 10c: bills, what pays them, and what is owed again when it is taken back. */
describe('the postings of bills', () => {
  let money: MoneySteps;
  let serial = 0;
  beforeAll(async () => (money = await moneySteps()));
  afterAll(() => money.close());

  async function postpaid(balance = '0') {
    const msisdn = `1390002${String(++serial).padStart(4, '0')}`;
    const subscriberId = await money.register({ msisdn, plan: 'postpaid', balance });
    return { msisdn, subscriberId, cash: `subscriber/${subscriberId}/cash` };
  }
  type Postpaid = Awaited<ReturnType<typeof postpaid>>;

  const issue = async ({ subscriberId }: Postpaid, period: string, amount: number, dueOn = `${period}-28`) =>
    (
      await money.client.call('bills.issue', {
        items: [
          {
            ...{ key: `${subscriberId}-${period}`, subscriberId, branch: HUBEI, period, amount: String(amount) },
            ...{ currency: 'CNY' as const, dueOn, actor: 'bss' },
          },
        ],
      })
    ).items[0];
  const pay = async ({ subscriberId }: Postpaid, face: number, key = paymentNumber()) => {
    await money.post(money.topup({ subscriberId, face: String(face), key }));
    return key;
  };
  const due = async ({ msisdn }: Postpaid) =>
    (await money.client.call('numbers.lookup', { items: [{ msisdn }] })).items[0]?.found;
  const bills = async ({ subscriberId }: Postpaid) => {
    const reply = await money.client.call('bills.list', { subscriberId });
    const open = Object.fromEntries(reply.bills.map((bill) => [bill.period, bill.open]));
    const rows = reply.bills.flatMap(({ period, allocations }) =>
      allocations.map(({ amount }) => `${period} ${amount}`),
    );
    return { open, rows, free: reply.free };
  };

  test('10a issued once, forced past the limit; 10b paid, oldest first; 10c taken back, newest first', async () => {
    const one = await postpaid();
    const september = () => issue(one, '2026-09', 5000);
    await money.step(september, { [one.cash]: -5000, [REVENUE]: 5000 }, { [HUBEI]: [] });
    await money.step(september, {}, { [HUBEI]: [] });
    await issue(one, '2026-10', 3000);
    expect(await due(one)).toMatchObject({ balance: '-8000', amountDue: '8000' });

    const no = paymentNumber();
    await money.step(() => pay(one, 10_000, no), { [RECEIVABLE]: -10_000, [one.cash]: 10_000 }, { [HUBEI]: [10_000] });
    expect(await due(one)).toMatchObject({ balance: '2000', amountDue: '0' });
    expect(await bills(one)).toEqual({
      open: { '2026-09': '0', '2026-10': '0' },
      rows: ['2026-10 3000', '2026-09 5000'],
      free: '2000',
    });
    expect(await pay(one, 10_000, no)).toBe(no);
    expect((await bills(one)).free).toBe('2000');

    const held = () => money.hold('10c', no, 10_000, 'reversal');
    await money.step(held, { [one.cash]: -10_000, [HELD]: 10_000 }, { [HUBEI]: [10_000] });
    expect(await due(one)).toMatchObject({ balance: '-8000', amountDue: '8000' });
    const refused = () => money.resolve('10c', no, 'void');
    await money.step(refused, { [one.cash]: 10_000, [HELD]: -10_000 }, { [HUBEI]: [10_000] });
    expect(await due(one)).toMatchObject({ balance: '2000', amountDue: '0' });
    await money.hold('10c-part', no, 4000);
    await money.resolve('10c-part', no, 'post');
    expect((await bills(one)).open).toEqual({ '2026-09': '0', '2026-10': '2000' });
    const rest = () => money.reverse('res-10c', no, 6000);
    await money.step(rest, { [one.cash]: -6000, [RECEIVABLE]: 6000 }, { [HUBEI]: [] });
    expect(await bills(one)).toMatchObject({ open: { '2026-09': '5000', '2026-10': '3000' }, free: '0' });
  });

  test('paid in parts, paid in advance, owed when it was registered', async () => {
    const one = await postpaid('-3000');
    expect(await due(one)).toMatchObject({ amountDue: '3000' });
    await pay(one, 1000);
    expect(await due(one)).toMatchObject({ balance: '-2000', amountDue: '2000' });
    const no = await pay(one, 5000);
    expect(await due(one)).toMatchObject({ balance: '3000', amountDue: '0' });
    await issue(one, '2026-10', 4000);
    expect(await due(one)).toMatchObject({ balance: '-1000', amountDue: '1000' });
    expect(await money.hold('advance', no, 5000)).toMatchObject({ outcome: 'held', balanceAfter: '-6000' });
    expect(await due(one)).toMatchObject({ amountDue: '6000' });
    const rich = await postpaid('2500');
    await issue(rich, '2026-10', 2000);
    expect(await bills(rich)).toEqual({ open: { '2026-10': '0' }, rows: ['2026-10 2000'], free: '500' });
  });

  test('who may be billed', async () => {
    const one = await postpaid();
    expect(await issue(one, '2026-10', 100)).toMatchObject({ outcome: 'posted' });
    expect(await issue(one, '2026-10', 200)).toMatchObject({ outcome: 'conflict', reason: 'amount' });
    const prepaid = { ...one, subscriberId: await money.register({ msisdn: '13900029998' }) };
    expect(await issue(prepaid, '2026-10', 100)).toMatchObject({ reason: 'state_conflict' });
    expect(await issue({ ...one, subscriberId: 'nobody' }, '2026-10', 100)).toMatchObject({ reason: 'number_unknown' });
  });

  test('64 payments and bills at once, at two processes: the rows add up to the balance', async () => {
    const one = await postpaid();
    const other = await money.sibling();
    const elsewhere = () =>
      other.call('topups.post', { items: [money.topup({ subscriberId: one.subscriberId, face: '1000' })] });
    const months = Array.from({ length: 12 }, (_, n) => `2025-${String(n + 1).padStart(2, '0')}`);
    await Promise.all([
      ...months.map((month) => issue(one, month, 3000)),
      ...Array.from({ length: 52 }, (_, n) => (n % 2 ? elsewhere() : pay(one, 1000))),
    ]);
    const { open, free, rows } = await bills(one);
    expect(Object.values(open)).toEqual(months.map(() => '0'));
    expect(free).toBe('16000');
    expect(rows.reduce((sum, row) => sum + Number(row.split(' ')[1]), 0)).toBe(36_000);
    expect(await due(one)).toMatchObject({ balance: '16000', amountDue: '0' });
    expect(await money.client.call('ledger.verify', {})).toMatchObject({ ok: true });
  });

  test('what was put on bills is in the chain: nobody changes it unseen', async () => {
    const { db, adminUrl } = money.database;
    await expect(db.run('UPDATE bill_allocation SET amount = 1')).rejects.toThrow(/denied/);
    const admin = await openDb({ url: adminUrl, poolSize: 1 });
    await admin.run('UPDATE bill_allocation SET amount = amount + 1 ORDER BY subscriber_id, seq LIMIT 1');
    expect(await money.client.call('ledger.verify', {})).toMatchObject({ ok: false });
    await admin.run('UPDATE bill_allocation SET amount = amount - 1 ORDER BY subscriber_id, seq LIMIT 1');
    await admin.close();
    expect(await money.client.call('ledger.verify', {})).toMatchObject({ ok: true });
  });
});
