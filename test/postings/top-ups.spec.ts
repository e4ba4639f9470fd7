import { moneySteps, type MoneySteps } from '../../apps/billing/src/testing/money-steps';
import { schedule } from '../../apps/settlement/src/testing/contracts';
import { GUANGDONG, HUBEI, matchedItem } from '../../apps/settlement/src/testing/lines';
import { settlementFixture, type SettlementFixture } from '../../apps/settlement/src/testing/settlement-fixture';
import { TREASURY, TreasurySteps } from '../../apps/settlement/src/testing/treasury-steps';
import { moment, type Moment } from '../../apps/settlement/src/testing/two-ledgers';

const RECEIVABLE = `branch/${HUBEI}/receivable`;
const SETTLED = `branch/${HUBEI}/settled`;
const D2 = '2026-11-23';
const TOLD = { [RECEIVABLE]: 5000, [SETTLED]: -5000 };
const PAID_1B = { 'clearing/bank_a': -4970, [`due/${HUBEI}`]: 4945, [`due/${GUANGDONG}`]: 25 };

/** Rows 1, 2, 3, 7 of the posting table through both services as they run; all invariants after each moment. */
describe('top-ups, reversals and refunds in both ledgers', () => {
  let service: MoneySteps;
  let money: SettlementFixture;
  let bank: TreasurySteps;
  let serial = 0;
  const begin = async (schedules = [schedule()]) => {
    money = await settlementFixture({ treasury: TREASURY, schedules, billingPort: service.running().rpcPort });
    bank = new TreasurySteps(() => money.client);
  };
  beforeEach(async () => {
    service = await moneySteps();
  });
  afterEach(async () => {
    await money.close();
    await service.close();
  });
  const step = (work: () => Promise<unknown>, expected: Moment) => moment(service, money, work, expected);

  async function credited() {
    const subscriberId = await service.register({ msisdn: `1390002${String(++serial).padStart(4, '0')}` });
    const item = service.topup({ subscriberId });
    const cash = `subscriber/${subscriberId}/cash`;
    const line = (id: string, given: Parameters<typeof matchedItem>[1] = {}) =>
      matchedItem(id, { paymentNo: item.key, ...given });
    const credit = { [RECEIVABLE]: -5000, [cash]: 5000 };
    await step(() => service.post(item), { service: credit });
    return { no: item.key, cash, line };
  }

  test('1a 1b 1d 1e 1f: credited, settled, paid out short, made good, paid on, returned, paid anew', async () => {
    await begin();
    const one = await credited();
    await step(() => money.settle('r1', [one.line('a')]), { service: TOLD, money: PAID_1B });
    const from = 'BANK A SETTLEMENT CO';
    await step(() => bank.import({ amount: 4900n, bankRef: 'P1', from }), {
      money: { 'bank/main': -4900, 'clearing/bank_a': 4900 },
    });
    const match = async (asOf: string) =>
      (await money.client.call('payouts_in.match', { provider: 'bank_a', asOf })).groups.map((g) => [
        g.class,
        g.difference,
      ]);
    expect(await match('2026-11-23')).toEqual([['payout_short', '-70']]);
    await step(() => bank.import({ amount: 70n, bankRef: 'P2', from }), {
      money: { 'bank/main': -70, 'clearing/bank_a': 70 },
    });
    expect(await match('2026-11-23')).toEqual([['matched', '0']]);

    await bank.branchPayees();
    let number = '';
    const send = async () => {
      const run = await bank.send({ parties: [{ kind: 'branch', code: HUBEI }] });
      number = run.payouts[0]?.number ?? '';
    };
    const sent = { money: { [`due/${HUBEI}`]: -4945, 'transit/main': 4945 } };
    const booked = { money: { 'transit/main': -4945, 'bank/main': 4945 } };
    await step(send, sent);
    await step(() => bank.import({ amount: -4945n, bankRef: 'P3', ours: number }), booked);
    await step(() => bank.import({ amount: 4945n, bankRef: 'P4', ours: number, returned: true }), {
      money: { 'bank/main': -4945, [`due/${HUBEI}`]: 4945 },
    });
    await step(send, sent);
    await step(() => bank.import({ amount: -4945n, bankRef: 'P5', ours: number }), booked);
  });

  test('1f refused before it was booked', async () => {
    await begin();
    const one = await credited();
    await step(() => money.settle('r1', [one.line('a')]), { service: TOLD, money: PAID_1B });
    await bank.branchPayees();
    let run = await bank.propose().then(({ run: proposed }) => proposed);
    await money.client.call('payouts.approve', { runId: run?.runId ?? '', actor: 'one' });
    const all = { [`due/${HUBEI}`]: -4945, [`due/${GUANGDONG}`]: -25, 'transit/main': 4970 };
    const second = async () => {
      run = await money.client.call('payouts.approve', { runId: run?.runId ?? '', actor: 'two' });
    };
    await step(second, { money: all });
    const numbers = run?.payouts.map(({ number }) => ({ number, status: 'RJCT', reason: 'AC04' })) ?? [];
    const back = Object.fromEntries(Object.entries(all).map(([id, amount]) => [id, -amount]));
    await step(async () => run && bank.status(run, numbers), { money: back });
  });

  test('1c fee invoiced monthly, paid to the provider', async () => {
    await begin([schedule({ collection: 'invoiced' })]);
    const one = await credited();
    await step(() => money.settle('r1', [one.line('a', { fee: '0' })]), {
      service: TOLD,
      money: { 'clearing/bank_a': -5000, [`due/${HUBEI}`]: 4945, [`due/${GUANGDONG}`]: 25, 'payable/bank_a': 30 },
    });
    await bank.payee('provider', 'bank_a');
    await step(() => bank.send({ parties: [{ kind: 'provider', code: 'bank_a' }] }), {
      money: { 'payable/bank_a': -30, 'transit/main': 30 },
    });
  });

  test('1c set off against what the provider owes, because its contract says so, once', async () => {
    await begin([schedule({ collection: 'invoiced' })]);
    const one = await credited();
    await step(() => money.settle('r1', [one.line('a', { fee: '0' })]), {
      service: TOLD,
      money: { 'clearing/bank_a': -5000, [`due/${HUBEI}`]: 4945, [`due/${GUANGDONG}`]: 25, 'payable/bank_a': 30 },
    });
    const setOff = () => money.client.call('set_off.post', { key: 's1', provider: 'bank_a', date: D2, actor: 'clerk' });
    await step(setOff, { service: {}, money: { 'payable/bank_a': -30, 'clearing/bank_a': 30 } });
    expect(await setOff()).toMatchObject({ amount: '30', replay: true });
  });

  test('2a 2b a reversal on its day: held, given up, held again, done; the statement omits both', async () => {
    await begin();
    const one = await credited();
    const hold = { [`held/${RECEIVABLE}`]: 5000, [one.cash]: -5000 };
    const free = { [`held/${RECEIVABLE}`]: -5000, [one.cash]: 5000 };
    await step(() => service.hold(`${one.no}V1`, one.no, 5000, 'reversal'), { service: hold });
    await step(() => service.resolve(`${one.no}V1`, one.no, 'void'), { service: free });
    await step(() => service.hold(`${one.no}V2`, one.no, 5000, 'reversal'), { service: hold });
    await step(() => service.resolve(`${one.no}V2`, one.no, 'post'), {
      service: { [`held/${RECEIVABLE}`]: -5000, [RECEIVABLE]: 5000 },
    });
    await step(() => money.settle('r1', []), {});
  });

  test('2c the statement shows both: through suspense under one item, and it closes itself', async () => {
    await begin();
    const one = await credited();
    await service.hold(`${one.no}V1`, one.no, 5000, 'reversal');
    await service.resolve(`${one.no}V1`, one.no, 'post');
    const both = [
      one.line('a', { fee: '0' }),
      one.line('b', { kind: 'reversal', amount: '-5000', fee: '0', refNo: 'V1' }),
    ];
    await step(() => money.settle('r1', both), {});
    const charged = [one.line('a'), one.line('b', { kind: 'reversal', amount: '-5000', fee: '0', refNo: 'V1' })];
    await step(() => money.settle('r2', charged), { money: { 'clearing/bank_a': 30, 'suspense/bank_a': -30 } });
  });

  test('3a 3b 3c a refund of 2000: held, done, settled with fee returned and commission clawed back', async () => {
    await begin([schedule({ refundPolicy: 'proportional' })]);
    const one = await credited();
    await step(() => money.settle('r1', [one.line('a')]), { service: TOLD, money: PAID_1B });
    await step(() => service.hold(`${one.no}R1`, one.no, 2000), {
      service: { [`held/${RECEIVABLE}`]: 2000, [one.cash]: -2000 },
    });
    await step(() => service.resolve(`${one.no}R1`, one.no, 'post'), {
      service: { [`held/${RECEIVABLE}`]: -2000, [RECEIVABLE]: 2000 },
    });
    const line = one.line('b', { kind: 'refund', amount: '-2000', fee: '-12', refNo: `${one.no}R1` });
    await step(() => money.settle('r2', [line], D2), {
      service: { [RECEIVABLE]: -2000, [SETTLED]: 2000 },
      money: { 'clearing/bank_a': 1988, [`due/${HUBEI}`]: -1978, [`due/${GUANGDONG}`]: -10 },
    });
  });

  test('3d the provider can refund no more: by bank transfer, and no more than is left of the payment', async () => {
    await begin();
    const one = await credited();
    await step(() => money.settle('r1', [one.line('a')]), { service: TOLD, money: PAID_1B });
    await service.hold(`${one.no}R1`, one.no, 2000);
    await service.resolve(`${one.no}R1`, one.no, 'post');
    await bank.payee('payer', one.no, 'CN001234');
    const refund = (amount: string) =>
      bank.send({ parties: [], refunds: [{ paymentNo: one.no, branch: HUBEI, amount }] });
    let number = '';
    await step(async () => (number = (await refund('2000')).payouts[0]?.number ?? ''), {
      service: { [RECEIVABLE]: -2000, [SETTLED]: 2000 },
      money: { [`due/${HUBEI}`]: -2000, 'transit/main': 2000 },
    });
    await expect(refund('3001')).rejects.toThrow(/more than what is left/);
    await step(() => bank.import({ amount: -2000n, bankRef: 'X1', ours: number }), {
      money: { 'transit/main': -2000, 'bank/main': 2000 },
    });
  });

  test('7a 7b no proof of the credit: its money waits; the branch said yes', async () => {
    await begin();
    const subscriberId = await service.register({ msisdn: '13900029999' });
    const item = service.topup({ subscriberId });
    const line = matchedItem('a', { matched: false, class: 'credit_unknown', paymentNo: item.key });
    await step(() => money.settle('r1', [line]), { money: { 'clearing/bank_a': -4970, 'suspense/bank_a': 4970 } });
    await step(() => service.post(item), {
      service: { [RECEIVABLE]: -5000, [`subscriber/${subscriberId}/cash`]: 5000 },
    });
    await step(() => money.resolve({ key: 'k7', itemId: 'a', action: 'credit', paymentNo: item.key }), {
      service: TOLD,
      money: { 'suspense/bank_a': -4970, [`due/${HUBEI}`]: 4945, [`due/${GUANGDONG}`]: 25 },
    });
  });

  test('18 the day again: same inputs no row, other inputs leg by leg', async () => {
    await begin();
    const [one, two] = [await credited(), await credited()];
    await step(() => money.settle('r1', [one.line('a')]), { service: TOLD, money: PAID_1B });
    await step(() => money.settle('r1'), {});
    await step(() => money.settle('r2', [one.line('a'), two.line('b')]), { service: TOLD, money: PAID_1B });
  });
});
