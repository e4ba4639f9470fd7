import { connectionOptions } from '@yidian/database';
import mysql from 'mysql2/promise';
import { billingFixture, HUBEI, HUNAN, OPEN_DATE, type BillingFixture } from '../testing/billing-fixture';

describe('open items of a branch, over RPC', () => {
  let billing: BillingFixture;
  let admin: mysql.Connection;
  let subscriberId: string;

  beforeAll(async () => {
    billing = await billingFixture();
    admin = await mysql.createConnection(connectionOptions(billing.database.adminUrl));
    subscriberId = await billing.register({ msisdn: '13900000300', balance: '700' });
  });
  afterAll(async () => {
    await admin.end();
    await billing.close();
  });

  const credit = async (face = '5000') => {
    const item = billing.topup({ subscriberId, face, charged: face });
    expect((await billing.post(item))[0]?.outcome).toBe('credited');
    return item.key;
  };
  const refund = async (paymentNo: string, amount: string) => {
    const key = `${paymentNo}R01`;
    await billing.client.call('holds.place', {
      items: [{ key, paymentNo, kind: 'refund', amount, currency: 'CNY' }],
    });
    await billing.client.call('holds.resolve', { items: [{ key, paymentNo, action: 'post' }] });
  };
  const settle = (key: string, amount: string, branch = HUBEI) =>
    billing.client.call('settled.post', {
      items: [{ key, branch, provider: 'bank_a', date: OPEN_DATE, amount, currency: 'CNY' }],
    });
  const tell = (key: string, page: number, items: readonly (readonly [string, string])[], branch = HUBEI) =>
    billing.client.call('settled.items', {
      ...{ key, branch, page },
      items: items.map(([paymentNo, amount]) => ({ paymentNo, amount, currency: 'CNY' as const })),
    });
  const open = async (branch = HUBEI) => {
    const reply = await billing.client.call('ledger.openItems', { branch });
    expect(reply).toMatchObject({ next: null, complete: true });
    return Object.fromEntries(reply.items.map(({ item, amount }) => [item, amount]));
  };
  const sums = async (branch = HUBEI) => {
    const found = (await billing.client.call('ledger.branches', {})).branches.find((one) => one.branch === branch);
    if (!found) throw new Error('no such branch');
    return found;
  };
  /** S4, recomputed from the list itself. */
  async function expectListed(branch = HUBEI): Promise<void> {
    const listed = Object.values(await open(branch)).reduce((sum, amount) => sum + BigInt(amount), 0n);
    const { receivable, settled, itemised, credits, reversals } = await sums(branch);
    expect(String(listed)).toBe(receivable);
    expect(itemised).toBe(settled);
    expect(BigInt(credits) - BigInt(reversals)).toBe(BigInt(settled) + listed);
    expect(await billing.client.call('ledger.verify', { since: 'start' })).toMatchObject({ ok: true });
  }

  let [first, second, third]: string[] = [];

  test('credited +, taken back −; an opening balance is none', async () => {
    [first, second, third] = [await credit(), await credit('3000'), await credit('1000')];
    await refund(second, '500');
    expect(await open()).toEqual({ [first]: '5000', [second]: '2500', [third]: '1000' });
    await expectListed();
  });

  test('settled payment by payment they leave; told again they do nothing', async () => {
    await settle('b1-420000', '8000');
    await tell('b1-420000', 0, [[first ?? '', '5000']]);
    expect(await sums()).toMatchObject({ settled: '8000', itemised: '5000' });
    expect(await tell('b1-420000', 1, [[second ?? '', '3000']])).toEqual({ replay: false });
    expect(await tell('b1-420000', 1, [[second ?? '', '3000']])).toEqual({ replay: true });
    expect(await open()).toEqual({ [second ?? '']: '-500', [third ?? '']: '1000' });
    await expectListed();
  });

  test('its refund settled closes it; a refund of what was settled is open until then', async () => {
    await settle('b2-420000', '-500');
    await tell('b2-420000', 0, [[second ?? '', '-500']]);
    await refund(first ?? '', '100');
    expect(await open()).toEqual({ [first ?? '']: '-100', [third ?? '']: '1000' });
    await expectListed();
  });

  test('told before the sum, and of no single payment', async () => {
    await tell('b3-430000', 0, [['', '40']], HUNAN);
    expect(await open(HUNAN)).toEqual({ 'settled/b3-430000': '-40' });
    await settle('b3-430000', '40', HUNAN);
    await expectListed(HUNAN);
  });

  test('page by page', async () => {
    const more = await Promise.all(Array.from({ length: 5 }, () => credit('1000')));
    const pages: string[][] = [];
    for (let after: string | null = ''; after !== null;) {
      const reply: { items: { item: string }[]; next: string | null } = await billing.client.call('ledger.openItems', {
        ...{ branch: HUBEI, after, limit: 3 },
      });
      pages.push(reply.items.map(({ item }) => item));
      after = reply.next;
    }
    expect(pages.map((page) => page.length)).toEqual([3, 3, 1]);
    expect(pages.flat()).toEqual([first, third, ...more].sort());
  });

  test('two processes count every transfer once, while credits come in', async () => {
    const other = await billing.sibling();
    const listing = async (client: typeof other) => {
      for (let n = 0; n < 8; n++) await client.call('ledger.openItems', { branch: HUBEI, limit: 1 });
    };
    const crediting = async () => {
      for (let n = 0; n < 30; n++) await credit('1100');
    };
    await Promise.all([crediting(), crediting(), listing(billing.client), listing(other)]);
    await expectListed();
  });

  test('sums and balances are of one moment, counted or not', async () => {
    let working = true;
    const crediting = (async () => {
      while (working) await credit('1200');
    })();
    for (let n = 0; n < 15; n++) {
      const { receivable, settled, credits, reversals } = await sums();
      expect(BigInt(credits) - BigInt(reversals)).toBe(BigInt(settled) + BigInt(receivable));
    }
    working = false;
    await crediting;
  });

  test.each([
    ['an amount', 'UPDATE open_item SET amount = amount + 1 WHERE branch = ? LIMIT 1'],
    ['a line gone', 'DELETE FROM open_item WHERE branch = ? ORDER BY item LIMIT 1'],
  ])('%s in the list that nothing explains is found', async (_, damage) => {
    await admin.query('CREATE TABLE keep AS SELECT * FROM open_item');
    await admin.query(damage, [HUBEI]);
    const { ok, checks } = await billing.client.call('ledger.verify', {});
    expect(ok).toBe(false);
    expect(checks.filter((check) => !check.ok)).toEqual([
      { name: 'open_items', ok: false, detail: expect.stringContaining(`${HUBEI} is off by `) },
    ]);
    await admin.query('DELETE FROM open_item');
    await admin.query('INSERT INTO open_item SELECT * FROM keep');
    await admin.query('DROP TABLE keep');
    expect(await billing.client.call('ledger.verify', {})).toMatchObject({ ok: true });
  });
});
