import { moneySteps, type MoneySteps } from '../../apps/billing/src/testing/money-steps';
import { GUANGDONG, HUBEI, matchedItem } from '../../apps/settlement/src/testing/lines';
import {
  settlementFixture,
  type ResolutionRequest,
  type SettlementFixture,
} from '../../apps/settlement/src/testing/settlement-fixture';
import { TREASURY } from '../../apps/settlement/src/testing/treasury-steps';
import { moment, type Moment } from '../../apps/settlement/src/testing/two-ledgers';

const HUNAN = '430000';
const RECEIVABLE = `branch/${HUBEI}/receivable`;
const SETTLED = `branch/${HUBEI}/settled`;
const D2 = '2026-11-23';
const TOLD = { [RECEIVABLE]: 5000, [SETTLED]: -5000 };
const UNTOLD = { [RECEIVABLE]: -5000, [SETTLED]: 5000 };
const PAID_1B = { 'clearing/bank_a': -4970, [`due/${HUBEI}`]: 4945, [`due/${GUANGDONG}`]: 25 };

/** Rows 4, 5, 6, 11 to 15 of the posting table through both services as they run; all invariants after each moment. */
describe('late truth, returns and resolutions in both ledgers', () => {
  let service: MoneySteps;
  let money: SettlementFixture;
  let serial = 0;
  beforeEach(async () => {
    service = await moneySteps();
    money = await settlementFixture({ treasury: TREASURY, billingPort: service.running().rpcPort });
  });
  afterEach(async () => {
    await money.close();
    await service.close();
  });
  const step = (work: () => Promise<unknown>, expected: Moment) => moment(service, money, work, expected);
  const resolve = (given: Partial<ResolutionRequest> & { key: string; itemId: string }) => money.resolve(given);

  async function payer(branch = HUBEI) {
    const subscriberId = await service.register({ msisdn: `1390003${String(++serial).padStart(4, '0')}`, branch });
    const item = service.topup({ subscriberId, branch });
    const cash = `subscriber/${subscriberId}/cash`;
    const line = (id: string, given: Parameters<typeof matchedItem>[1] = {}) =>
      matchedItem(id, { paymentNo: item.key, ...given });
    const credit = () =>
      step(() => service.post(item), { service: { [`branch/${branch}/receivable`]: -5000, [cash]: 5000 } });
    return { no: item.key, cash, line, credit, subscriberId };
  }

  test('4a 4b a late success waits, then is credited and goes to its branch', async () => {
    const one = await payer();
    await step(() => money.settle('r1', [one.line('a', { matched: false, class: 'late_success' })]), {
      money: { 'clearing/bank_a': -4970, 'suspense/bank_a': 4970 },
    });
    await one.credit();
    await step(() => resolve({ key: 'k', itemId: 'a', action: 'credit', paymentNo: one.no }), {
      service: TOLD,
      money: { 'suspense/bank_a': -4970, [`due/${HUBEI}`]: 4945, [`due/${GUANGDONG}`]: 25 },
    });
  });

  test.each([
    ['returned', '-30', { 'clearing/bank_a': 4970, 'suspense/bank_a': -4970 }],
    ['kept', '0', { 'clearing/bank_a': 5000, 'suspense/bank_a': -4970, 'hq/fees': -30 }],
  ])('4a 4c refunded to the payer, the fee %s', async (_, fee, moves) => {
    const one = await payer();
    await step(() => money.settle('r1', [one.line('a', { matched: false, class: 'credit_rejected' })]), {
      money: { 'clearing/bank_a': -4970, 'suspense/bank_a': 4970 },
    });
    await step(() => resolve({ key: 'k', itemId: 'a', action: 'refund_payer', paymentNo: one.no }), {});
    const back = one.line('b', { kind: 'refund', amount: '-5000', fee, refNo: 'R1' });
    await step(() => money.settle('r2', [back], D2), { money: moves });
  });

  test('5 paid twice: the first is settled, the second waits and goes back', async () => {
    const one = await payer();
    await one.credit();
    const second = one.line('z', { matched: false, class: 'duplicate_payment' });
    await step(() => money.settle('r1', [one.line('a'), second]), {
      service: TOLD,
      money: { 'clearing/bank_a': -9940, [`due/${HUBEI}`]: 4945, [`due/${GUANGDONG}`]: 25, 'suspense/bank_a': 4970 },
    });
    await step(() => resolve({ key: 'k', itemId: 'z', action: 'refund_payer', paymentNo: one.no }), {});
    const back = one.line('b', { kind: 'refund', amount: '-5000', fee: '-30', refNo: 'R1' });
    await step(() => money.settle('r2', [back], D2), { money: { 'clearing/bank_a': 4970, 'suspense/bank_a': -4970 } });
  });

  test('6a 6b a charge-back with its fee; the credit is taken back, forced', async () => {
    const one = await payer();
    await one.credit();
    await step(() => money.settle('r1', [one.line('a')]), { service: TOLD, money: PAID_1B });
    const back = one.line('b', {
      kind: 'refund',
      amount: '-5000',
      fee: '100',
      matched: false,
      class: 'provider_return',
    });
    await step(() => money.settle('r2', [back], D2), { money: { 'clearing/bank_a': 5100, 'suspense/bank_a': -5100 } });
    await step(() => service.reverse('k6', one.no, 5000), { service: { [RECEIVABLE]: 5000, [one.cash]: -5000 } });
    const reverse = {
      key: 'k6',
      itemId: 'b',
      date: D2,
      action: 'reverse_credit' as const,
      paymentNo: one.no,
      amount: '-5000',
    };
    await step(() => resolve(reverse), {
      service: UNTOLD,
      money: { 'suspense/bank_a': 5100, [`due/${HUBEI}`]: -5075, [`due/${GUANGDONG}`]: -25 },
    });
  });

  test('6a 6c a dispute that is won: the return and its making good cancel in suspense', async () => {
    const one = await payer();
    await one.credit();
    await step(() => money.settle('r1', [one.line('a')]), { service: TOLD, money: PAID_1B });
    const back = one.line('b', { kind: 'refund', amount: '-5000', fee: '0', matched: false, class: 'provider_return' });
    await step(() => money.settle('r2', [back], D2), { money: { 'clearing/bank_a': 5000, 'suspense/bank_a': -5000 } });
    const won = one.line('c', { fee: '0', matched: false, class: 'platform_missing' });
    await step(() => money.settle('r3', [won], '2026-11-24'), {
      money: { 'clearing/bank_a': -5000, 'suspense/bank_a': 5000 },
    });
    const offset = () =>
      money.client.call('suspense.offset', { key: 'o', provider: 'bank_a', itemIds: ['b', 'c'], actor: 'clerk' });
    await step(offset, {});
    expect(await offset()).toEqual({ replay: true });
    const open = await money.database.db.select('SELECT item_id FROM suspense_item WHERE open <> 0');
    expect(open).toEqual([]);
  });

  test.each([
    ['accepted by its bearer', 'accept' as const, { 'suspense/bank_a': 5, [`due/${HUBEI}`]: -5 }],
    ['taken into the contract', 'correct_fee' as const, { 'suspense/bank_a': 5, [`due/${HUBEI}`]: -5 }],
  ])('12 the file keeps 35 instead of 30: %s', async (_, action, moves) => {
    const one = await payer();
    await one.credit();
    await step(() => money.settle('r1', [one.line('a', { fee: '35' })]), {
      service: TOLD,
      money: { ...PAID_1B, 'clearing/bank_a': -4965, 'suspense/bank_a': -5 },
    });
    await step(() => resolve({ key: 'k', itemId: 'a', action, paymentNo: one.no, amount: '5' }), { money: moves });
  });

  test('12 the claim is won: a later line brings the 5, and both items are closed', async () => {
    const one = await payer();
    await one.credit();
    await step(() => money.settle('r1', [one.line('a', { fee: '35' })]), {
      service: TOLD,
      money: { ...PAID_1B, 'clearing/bank_a': -4965, 'suspense/bank_a': -5 },
    });
    const claim = matchedItem('c', {
      ...{ amount: '5', fee: '0', paymentNo: '', branch: '' },
      matched: false,
      class: 'platform_missing',
    });
    await step(() => money.settle('r2', [claim], D2), { money: { 'clearing/bank_a': -5, 'suspense/bank_a': 5 } });
    const both = { key: 'o', provider: 'bank_a', itemIds: ['a', 'c'], actor: 'clerk' };
    await step(() => money.client.call('suspense.offset', both), {});
    await expect(money.client.call('suspense.offset', { ...both, itemIds: ['a', 'nobody'] })).rejects.toMatchObject({
      cause: { code: 'not_found' },
    });
  });

  test('12 file 25: the mirror image', async () => {
    const one = await payer();
    await one.credit();
    await step(() => money.settle('r1', [one.line('a', { fee: '25' })]), {
      service: TOLD,
      money: { ...PAID_1B, 'clearing/bank_a': -4975, 'suspense/bank_a': 5 },
    });
  });

  test('13 13a a short stays open until the provider concedes', async () => {
    const one = await payer();
    await one.credit();
    await step(() => money.settle('r1', []), {});
    await step(() => money.settle('r2', [one.line('a')], D2), { service: TOLD, money: PAID_1B });
  });

  test('13b a short whose credit is taken back', async () => {
    const one = await payer();
    await one.credit();
    await step(() => service.reverse('k', one.no, 5000), { service: { [RECEIVABLE]: 5000, [one.cash]: -5000 } });
  });

  test('13c a short that headquarters bears', async () => {
    const one = await payer();
    await one.credit();
    await step(() => money.settle('r1', []), {});
    await step(() => resolve({ key: 'k', itemId: 'short', action: 'write_off', paymentNo: one.no, amount: '-5000' }), {
      service: TOLD,
      money: { 'hq/loss': -5000, [`due/${HUBEI}`]: 5000 },
    });
  });

  test('13d a short that the branch bears: the money ledger does not move', async () => {
    const one = await payer();
    await one.credit();
    const item = {
      key: 'k',
      paymentNo: one.no,
      amount: '5000',
      currency: 'CNY' as const,
      reason: 'lost',
      actor: 'clerk.b',
    };
    await step(() => service.client.call('credits.writeOff', { items: [item] }), {
      service: { [RECEIVABLE]: 5000, [`branch/${HUBEI}/loss`]: -5000 },
    });
  });

  test('14 a long that nobody ever claimed', async () => {
    await step(
      () =>
        money.settle('r1', [
          matchedItem('a', { paymentNo: '', branch: '', matched: false, class: 'platform_missing' }),
        ]),
      {
        money: { 'clearing/bank_a': -4970, 'suspense/bank_a': 4970 },
      },
    );
    await step(
      () => resolve({ key: 'k', itemId: 'a', action: 'write_off', paymentNo: '', branch: '', acquiringBranch: '' }),
      {
        money: { 'suspense/bank_a': -4970, 'hq/gain': 4970 },
      },
    );
  });

  test.each([
    ['by its break', 'resolution'],
    ['by its payment alone', 'movement'],
  ])('15 credited at the wrong branch and settled: both ledgers move on, %s', async (_, how) => {
    const one = await payer();
    await one.credit();
    await step(() => money.settle('r1', [one.line('a')]), { service: TOLD, money: PAID_1B });
    const right = await service.register({ msisdn: '13700000015', branch: HUNAN });
    const to = { subscriberId: right, branch: HUNAN };
    const wanted = {
      key: 'k15',
      paymentNo: one.no,
      currency: 'CNY' as const,
      reason: 'wrong branch',
      actor: 'clerk.b',
      to,
    };
    await step(() => service.client.call('credits.move', { items: [wanted] }), {
      service: {
        ...{ [one.cash]: -5000, [RECEIVABLE]: 5000 },
        ...{ [`branch/${HUNAN}/receivable`]: -5000, [`subscriber/${right}/cash`]: 5000 },
      },
    });
    const byBreak = () => resolve({ key: 'k15', itemId: 'a', action: 'move_credit', paymentNo: one.no, to: HUNAN });
    const byPayment = () =>
      money.client.call('principal.move', {
        ...{ key: 'k15', paymentNo: one.no, from: HUBEI, to: HUNAN, amount: '5000', date: D2, actor: 'clerk.b' },
      });
    await step(how === 'resolution' ? byBreak : byPayment, {
      service: {
        ...{ [RECEIVABLE]: -5000, [SETTLED]: 5000 },
        ...{ [`branch/${HUNAN}/receivable`]: 5000, [`branch/${HUNAN}/settled`]: -5000 },
      },
      money: { [`due/${HUBEI}`]: -5000, [`due/${HUNAN}`]: 5000 },
    });
    await step(how === 'resolution' ? byBreak : byPayment, {});
    await service.hold(`${one.no}R1`, one.no, 1000);
    await service.resolve(`${one.no}R1`, one.no, 'post');
    const line = one.line('r', { kind: 'refund', amount: '-1000', fee: '0', refNo: 'R1' });
    await step(() => money.settle('r2', [line], D2), {
      service: { [`branch/${HUNAN}/receivable`]: -1000, [`branch/${HUNAN}/settled`]: 1000 },
      money: { 'clearing/bank_a': 1000, [`due/${HUNAN}`]: -995, [`due/${GUANGDONG}`]: -5 },
    });
  });
});
