import { GUANGDONG, HUBEI, matchedItem, paymentNo } from '../testing/lines';
import { settlementFixture, type SettlementFixture } from '../testing/settlement-fixture';
import { OutboxStore } from './outbox.store';

const NOV_23 = '2026-11-23';

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

  const told = (key: string) => fixture.world.settledItems.get(`${key} 0`)?.items.map((item) => Object.values(item));

  test('whose payments a sum stands for; a branch whose payments cancel is told, too', async () => {
    const [first, second] = [paymentNo(1), paymentNo(2)];
    await fixture.settle('run-1', [matchedItem('a'), matchedItem('b', { paymentNo: second, branch: GUANGDONG })]);
    await fixture.assertInvariants();
    expect(told('bank_a-2026-11-22-1-420000')).toEqual([[first, '5000', 'CNY']]);
    const back = { kind: 'refund' as const, amount: '-5000', fee: '-30', refNo: `${first}R01` };
    const again = matchedItem('c', { paymentNo: paymentNo(3) });
    await fixture.settle('run-2', [matchedItem('r', { ...back, paymentNo: first }), again], NOV_23);
    await fixture.assertInvariants();
    expect(told('bank_a-2026-11-23-1-420000')).toEqual([
      [paymentNo(3), '5000', 'CNY'],
      [first, '-5000', 'CNY'],
    ]);
    expect(fixture.world.settled.get('bank_a-2026-11-23-1-420000')).toEqual({ branch: HUBEI, amount: 0n });
  });

  test('a day settled again: what was told of it is taken back, line by line', async () => {
    await fixture.settle('run-1', [matchedItem('a'), matchedItem('b', { paymentNo: paymentNo(2), amount: '300' })]);
    await fixture.assertInvariants();
    await fixture.settle('run-2', [matchedItem('a')]);
    await fixture.assertInvariants();
    expect(told('bank_a-2026-11-22-1-420000-r')).toEqual([
      [paymentNo(1), '-5000', 'CNY'],
      [paymentNo(2), '-300', 'CNY'],
    ]);
    expect(told('bank_a-2026-11-22-2-420000')).toEqual([[paymentNo(1), '5000', 'CNY']]);
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
