import { join } from 'node:path';
import { Door } from './rpc/door';
import { settlementFixture, type SettlementFixture } from './testing/settlement-fixture';

describe('settlement as a process', () => {
  let fixture: SettlementFixture;
  beforeAll(async () => {
    fixture = await settlementFixture({
      schedules: [],
      plans: [],
      profile: join(__dirname, '..', 'profile.example.json'),
    });
  });
  afterAll(() => fixture.close());

  test('ready says what it checked', async () => {
    const answer = await fetch(fixture.healthUrl);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ ok: true, checks: { database: 'ok', durability: 'ok', lane: 'ok' } });
  });

  test('fees are quoted by the contract', async () => {
    const quote = (amount: string, provider = 'bank_a') => ({ provider, date: '2026-11-22', amount, channel: 'sms' });
    const { items } = await fixture.client.call('fees.quote', {
      items: [quote('5000'), quote('100'), quote('-5000'), quote('5000', 'demo_shop'), quote('-5000', 'demo_shop')],
    });
    expect(items.map((item) => item.fee)).toEqual(['19', '1', '0', '25', '-25']);
    await expect(fixture.client.call('fees.quote', { items: [quote('1', 'stranger')] })).rejects.toThrow(
      /no fee schedule/,
    );
  });

  test('a request that breaks the contract is refused without its values', async () => {
    await expect(
      fixture.client.call('provider_days.settle', { provider: 'BANK', date: '2026-11-22', runId: 'r', digest: '' }),
    ).rejects.toThrow(/provider: invalid_format/);
  });

  test('an empty ledger verifies', async () => {
    const verified = await fixture.client.call('ledger.verify', {});
    expect(verified.ok).toBe(true);
    await fixture.assertInvariants();
  });

  test('what is being answered is waited for, but not for ever', async () => {
    const door = fixture.running.app.get(Door, { strict: false });
    let finish = () => {};
    const answering = door.run(() => new Promise<void>((resolve) => (finish = resolve)));
    await door.drained(20);
    const drained = door.drained(5_000);
    finish();
    await Promise.all([answering, drained]);
  });
});
