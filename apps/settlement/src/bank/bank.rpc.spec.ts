import type { BankUnexplained } from '@yidian/contracts';
import { ResumeBatchesJob } from '../provider-days/resume-batches.job';
import { PostBatch } from '../batches/post-batch';
import { matchedItem, paymentNo } from '../testing/lines';
import { settlementFixture, type SettlementFixture } from '../testing/settlement-fixture';
import { base64, camtOf, OUR_IBAN, TREASURY, TreasurySteps } from '../testing/treasury-steps';
import { TreasuryJob } from './treasury.job';

const refused = (code: string) => ({ cause: { code } });
const FROM = 'BANK A SETTLEMENT CO';

describe('entries of our bank', () => {
  let fixture: SettlementFixture;
  let bank: TreasurySteps;
  const part = <T>(type: new (...parts: never[]) => T): T => fixture.running.app.get<T>(type, { strict: false });
  beforeEach(async () => {
    fixture = await settlementFixture({ treasury: TREASURY });
    bank = new TreasurySteps(() => fixture.client);
    await fixture.settle('run-1', [matchedItem('a')]);
  });
  afterEach(() => fixture.close());

  const match = async (asOf: string) => {
    const { groups, held, clearing } = await fixture.client.call('payouts_in.match', { provider: 'bank_a', asOf });
    expect(held).toBe(clearing);
    return groups.map((group) => [group.class, group.dates.map(({ date }) => date).join(' '), group.difference]);
  };
  const importText = (content: string) =>
    fixture.client.call('bank.import', { account: 'main', contentBase64: base64(content), actor: 'clerk' });

  test('1d over a weekend: the dates of Thursday to Saturday come as one on their working day', async () => {
    for (const [n, day] of ['2026-11-27', '2026-11-28', '2026-11-29'].entries())
      await fixture.settle(`w-${n}`, [matchedItem(`w${n}`, { paymentNo: paymentNo(10 + n) })], day);
    await bank.import({ amount: 4970n, bankRef: 'P0', from: FROM }, { amount: 3n * 4970n, bankRef: 'P1', from: FROM });
    expect(await match('2026-12-01')).toEqual([
      ['matched', '2026-11-22', '0'],
      ['matched', '2026-11-27 2026-11-28 2026-11-29', '0'],
    ]);
    expect((await fixture.balances())['clearing/bank_a']).toBeUndefined();
    await fixture.assertInvariants();
  });

  test('missing, then short; given up by two people, headquarters bears it and the date is matched', async () => {
    expect(await match('2026-11-22')).toEqual([['not_due', '2026-11-22', '0']]);
    expect(await match('2026-11-24')).toEqual([['payout_missing', '2026-11-22', '-4970']]);
    await bank.import({ amount: 4900n, bankRef: 'P0', from: FROM });
    expect(await match('2026-11-24')).toEqual([['payout_short', '2026-11-22', '-70']]);
    const difference = { key: 'd1', provider: 'bank_a', date: '2026-11-22', difference: '-70', proposedBy: 'maker' };
    const giveUp = (actor: string) => fixture.client.call('differences.post', { ...difference, actor });
    await expect(giveUp('maker')).rejects.toMatchObject(refused('own_proposal'));
    expect(await giveUp('checker')).toMatchObject({ replay: false });
    expect(await giveUp('checker')).toMatchObject({ replay: true });
    expect(await fixture.balances()).toMatchObject({ 'hq/loss': '-70' });
    expect(await match('2026-11-24')).toEqual([['matched', '2026-11-22', '0']]);
    await fixture.assertInvariants();
  });

  test('paid over, kept by headquarters', async () => {
    await bank.import({ amount: 5000n, bankRef: 'P0', from: FROM });
    expect(await match('2026-11-24')).toEqual([['payout_over', '2026-11-22', '30']]);
    await fixture.client.call('differences.post', {
      ...{ key: 'd2', provider: 'bank_a', date: '2026-11-22', difference: '30', proposedBy: 'maker', actor: 'checker' },
    });
    expect(await fixture.balances()).toMatchObject({ 'hq/gain': '30' });
    await fixture.assertInvariants();
  });

  test('a payout that the bank takes back', async () => {
    await bank.import({ amount: 4970n, bankRef: 'P0', from: FROM });
    await bank.import({ amount: -4970n, bankRef: 'P1', from: FROM, returned: true });
    expect(await match('2026-11-24')).toEqual([
      ['payout_returned', '', '0'],
      ['payout_missing', '2026-11-22', '-4970'],
    ]);
    expect(await fixture.balances()).toMatchObject({ 'clearing/bank_a': '-4970' });
    await fixture.assertInvariants();
  });

  test('what nobody explains waits for two people, and nothing moves until then', async () => {
    const before = await fixture.balances();
    const { unexplained } = await bank.import({ amount: 4970n, bankRef: 'P0', from: 'SOMEBODY' });
    expect([unexplained, await fixture.balances()]).toEqual([1, before]);
    const { entries } = await fixture.client.call('bank.unexplained', {});
    expect(entries).toMatchObject([{ amount: '4970', counterparty: 'SOMEBODY', bankRef: 'P0', state: 'open' }]);
    const entryId = entries[0]?.entryId ?? '';
    const decide = (actor: string, decision: 'approve' | 'reject' = 'approve') =>
      fixture.client.call('bank.decide', { entryId, decision, actor });
    const propose = () => fixture.client.call('bank.propose', { entryId, provider: 'bank_a', actor: 'maker' });
    await expect(decide('checker')).rejects.toMatchObject(refused('state_conflict'));
    expect(await propose()).toMatchObject({ state: 'proposed', meaning: 'provider_payout' });
    expect(await decide('checker', 'reject')).toMatchObject({ state: 'open', meaning: '' });
    await propose();
    await expect(decide('maker')).rejects.toMatchObject(refused('own_proposal'));
    expect(await decide('checker')).toMatchObject({ state: 'booked' });
    await expect(decide('checker')).rejects.toMatchObject(refused('state_conflict'));
    expect((await fixture.balances())['clearing/bank_a']).toBeUndefined();
    await fixture.assertInvariants();
  });

  test('two who could claim an entry: neither gets it; a debit nobody announced is nobody’s', async () => {
    const both = await bank.import({ amount: 100n, bankRef: 'P0', from: `${FROM} for DEMO SHOP LTD` });
    expect(both).toMatchObject({ booked: 0, unexplained: 1 });
    expect(await bank.import({ amount: -100n, bankRef: 'P1', from: FROM })).toMatchObject({
      booked: 0,
      unexplained: 2,
    });
    expect(await bank.import({ amount: -100n, bankRef: 'P2', ours: 'PO999999AAAAAAAAAAAA', from: FROM })).toMatchObject(
      {
        ...{ booked: 0, unexplained: 3 },
      },
    );
    const all = (await fixture.client.call('bank.unexplained', {})).entries.map(({ entryId }) => entryId);
    const paged: string[] = [];
    for (let after: BankUnexplained['next'] | undefined = null; after !== undefined;) {
      const page: BankUnexplained = await fixture.client.call('bank.unexplained', { after, limit: 2 });
      paged.push(...page.entries.map(({ entryId }) => entryId));
      after = page.next ?? undefined;
    }
    expect(all).toHaveLength(3);
    expect(paged).toEqual(all);
  });

  test('the same file at once from several people is booked once', async () => {
    const file = camtOf({ amount: 4970n, bankRef: 'P0', from: FROM });
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => importText(file)));
    expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true);
    await importText(file);
    expect(await fixture.balances()).toMatchObject({ 'bank/main': '-4970' });
    await fixture.assertInvariants();
  });

  test('a known entry that says another sum is told, and the first one stands', async () => {
    await bank.import({ amount: 4970n, bankRef: 'P0', from: FROM });
    expect(await bank.import({ amount: 9999n, bankRef: 'P0', from: FROM })).toMatchObject({
      ...{ added: 0, conflicting: ['main/P0'], booked: 0 },
    });
    expect(await fixture.balances()).toMatchObject({ 'bank/main': '-4970' });
  });

  test('one bad entry is a finding; the rest of the file counts', async () => {
    const file = camtOf({ amount: 4970n, bankRef: 'P0', from: FROM }, { amount: 100n, bankRef: 'P1', from: FROM });
    const broken = file.replace('<Amt Ccy="CNY">1.00</Amt>', '<Amt Ccy="CNY">1.0x</Amt>');
    expect(broken).not.toBe(file);
    const imported = await importText(broken);
    expect(imported).toMatchObject({ entries: 1, booked: 1, agrees: false });
    expect(imported.findings).not.toEqual([]);
    await fixture.assertInvariants();
  });

  test('another account’s statement, no statement at all, and cut bytes are refused or told', async () => {
    await expect(importText('hello')).rejects.toMatchObject(refused('field_invalid'));
    const file = camtOf({ amount: 4970n, bankRef: 'P0', from: FROM });
    await expect(importText(file.replaceAll(OUR_IBAN, 'DE00000000000000000000'))).rejects.toMatchObject(
      refused('field_invalid'),
    );
    await expect(importText(`<a>${OUR_IBAN}</a>`)).rejects.toMatchObject(refused('field_invalid'));
    const cut = await importText(file.slice(0, -60));
    expect(cut.agrees).toBe(false);
    await fixture.assertInvariants();
  });

  test('the provider’s own word: its fund flow says what it paid, our bank’s statement says what came', async () => {
    const row = (n: number, type: string, direction: string, yuan: string, ref: string) =>
      `\`2026-11-23 10:00:0${n},\`${ref},\`FLOW${n},\`提现,\`${type},\`${direction},\`${yuan},\`0.00,\`system,\`,\`${ref}\r\n`;
    const heads =
      '记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号\r\n';
    const totals = '资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\r\n`1,`0,`0.00,`1,`49.70\r\n';
    const flow = heads + row(1, '提现', '支出', '49.70', 'WX0001') + totals;
    const content = { provider: 'bank_a', fileName: 'fundflow.csv', contentBase64: base64(flow), actor: 'clerk' };
    const imported = await fixture.client.call('payouts_in.import', content);
    expect(imported).toMatchObject({ format: 'wechat-fundflow', lines: 1, added: 1, conflicting: [], agrees: true });
    expect(await fixture.client.call('payouts_in.import', content)).toMatchObject({ lines: 1, added: 0 });
    await bank.import({ amount: 4900n, bankRef: 'P0', from: FROM, ours: imported.lines === 1 ? 'WX0001' : '' });
    const { groups } = await fixture.client.call('payouts_in.match', { provider: 'bank_a', asOf: '2026-11-30' });
    expect(groups.map((group) => [group.class, group.lines.length, group.entries.length, group.difference])).toEqual([
      ['matched', 1, 1, '0'],
      ['payout_short', 1, 1, '-70'],
    ]);
    await fixture.assertInvariants();
  });

  test('a process that dies after the booking is planned: the sweep posts it, once', async () => {
    const forward = jest.spyOn(part(PostBatch), 'forward').mockRejectedValueOnce(new Error('the process dies here'));
    await expect(bank.import({ amount: 4970n, bankRef: 'P0', from: FROM })).rejects.toThrow();
    forward.mockRestore();
    expect(await fixture.balances()).not.toHaveProperty('bank/main');
    await fixture.restart();
    await part(ResumeBatchesJob).pass(new Date(Date.now() + 1000));
    await part(TreasuryJob).pass();
    await bank.import({ amount: 4970n, bankRef: 'P0', from: FROM });
    expect(await fixture.balances()).toMatchObject({ 'bank/main': '-4970' });
    await fixture.assertInvariants();
  });
});
