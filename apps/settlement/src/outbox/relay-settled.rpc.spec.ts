import { matchedItem } from '../testing/lines';
import { HUBEI } from '../testing/lines';
import { settlementFixture, type SettlementFixture } from '../testing/settlement-fixture';
import { OutboxStore } from './outbox.store';

describe('telling billing what principal was settled', () => {
  let fixture: SettlementFixture;
  beforeEach(async () => void (fixture = await settlementFixture()));
  afterEach(() => fixture.close());

  const pending = () => fixture.running.app.get(OutboxStore, { strict: false }).pending();
  const until = async (done: () => boolean | Promise<boolean>) => {
    for (let n = 0; n < 200 && !(await done()); n++) await new Promise((resolve) => setTimeout(resolve, 50));
  };

  test('one message per branch and batch; a lost answer, then busy, then posted: moved once', async () => {
    fixture.world.moods.push('silent', 'busy');
    await fixture.settle('run-1', [matchedItem('a'), matchedItem('b', { amount: '300', fee: '2' })]);
    await until(() => fixture.world.settled.size > 0);
    expect([...fixture.world.settled.entries()]).toEqual([
      ['bank_a-2026-11-22-1-420000', { branch: HUBEI, amount: 5300n }],
    ]);
    expect(fixture.world.settledCalls).toBe(3);
    await fixture.assertInvariants();
  });

  test('billing posted and the answer was lost: the same key again moves nothing', async () => {
    await fixture.settle('run-1', [matchedItem('a')]);
    await until(async () => (await pending()).open === 0);
    await fixture.database.db.run(`UPDATE settled_outbox SET state = 'open', due_at = NOW(3)`);
    await until(async () => (await pending()).open === 0);
    expect(fixture.world.settledCalls).toBe(2);
    expect(fixture.world.settledOf(HUBEI)).toBe(5000n);
  });

  test('a refusal stays for people and S3 names it', async () => {
    fixture.world.moods.push('rejected');
    await fixture.settle('run-1', [matchedItem('a')]);
    await until(async () => (await pending()).refused === 1);
    expect(await pending()).toEqual({ open: 0, refused: 1 });
    const { ok, checks } = await fixture.client.call('ledger.invariants', {});
    expect(ok).toBe(false);
    expect(checks.filter((check) => !check.ok).map((check) => check.detail)).toEqual([
      '0 wait for billing, 1 refused',
      'differs: 420000',
      'differs: 420000',
    ]);
  });

  test('a row left open by a dead process is found by the sweep', async () => {
    fixture.world.moods.push('silent');
    await fixture.settle('run-1', [matchedItem('a')]);
    await fixture.restart();
    await until(() => fixture.world.settled.size > 0);
    await fixture.assertInvariants();
  });
});
