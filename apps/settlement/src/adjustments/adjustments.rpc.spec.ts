import type { AdjustmentLeg, RequestOf } from '@yidian/contracts';
import { BatchesStore } from '../batches/batches.store';
import { PostBatch } from '../batches/post-batch';
import { shanghaiDate } from '../calendar/working-days';
import { ResumeBatchesJob } from '../provider-days/resume-batches.job';
import { BANK, DAY, GUANGDONG, HUBEI, matchedItem, paymentNo } from '../testing/lines';
import { settlementFixture, type SettlementFixture } from '../testing/settlement-fixture';
import { TREASURY } from '../testing/treasury-steps';
import { DecideAdjustment } from './decide-adjustment';

type Proposal = RequestOf<'settlement', 'adjustments.propose'>;
const PAYMENT = paymentNo(1);
/** The bank's corrected statement does not show the payment: principal, fee and commission go back. */
const WITHDRAWN: AdjustmentLeg[] = [
  { account: 'due', party: HUBEI, amount: '-5000', paymentNo: PAYMENT },
  { account: 'clearing', party: BANK, amount: '5000', paymentNo: PAYMENT },
  { account: 'clearing', party: BANK, amount: '-30' },
  { account: 'due', party: HUBEI, amount: '55' },
  { account: 'due', party: GUANGDONG, amount: '-25' },
];
const SMALL: AdjustmentLeg[] = [
  { account: 'due', party: HUBEI, amount: '-700' },
  { account: 'due', party: GUANGDONG, amount: '700' },
];

describe('adjustments of what is signed off', () => {
  let fixture: SettlementFixture;
  const today = () => shanghaiDate(new Date());
  beforeAll(async () => {
    fixture = await settlementFixture({ treasury: TREASURY });
    fixture.world.credits.set(HUBEI, 15_000n);
    await fixture.settle('r1', [matchedItem('a'), matchedItem('b', { paymentNo: paymentNo(2) })]);
    await fixture.assertInvariants();
  });
  afterAll(() => fixture.close());

  const propose = (id: string, given: Partial<Proposal> = {}) =>
    fixture.client.call('adjustments.propose', {
      id,
      original: { kind: 'provider_day', provider: BANK, date: DAY },
      legs: SMALL,
      reason: 'the contract was read wrongly',
      evidence: 'letter 17 of the bank, 2026-11-25',
      actor: 'maker',
      ...given,
    });
  const decide = (id: string, decision: 'approve' | 'reject', actor = 'checker', note = '') =>
    fixture.client.call('adjustments.decide', { id, decision, actor, note });

  test('before the sign-off it is refused: the day can be settled again', async () => {
    await expect(propose('early')).rejects.toMatchObject({ cause: { code: 'not_signed_off' } });
    await expect(propose('early', { original: { kind: 'platform_day', date: DAY } })).rejects.toMatchObject({
      cause: { code: 'not_signed_off' },
    });
    await expect(propose('early', { original: { kind: 'month', month: '2026-10' } })).rejects.toMatchObject({
      cause: { code: 'not_signed_off' },
    });
    await expect(fixture.client.call('adjustments.get', { id: 'early' })).rejects.toMatchObject({
      cause: { code: 'not_found' },
    });
    fixture.world.signedDates.add(DAY);
    await expect(fixture.settle('r2', [matchedItem('a')])).rejects.toThrow(/signed off/);
  });

  test('refused: legs that cannot stand, a party nobody knows, no such date', async () => {
    const invalid = { cause: { code: 'field_invalid' } };
    await expect(propose('x', { legs: [...SMALL, ...WITHDRAWN.slice(0, 1)] })).rejects.toMatchObject(invalid);
    const stranger: AdjustmentLeg[] = [
      { account: 'payable', party: 'nobody', amount: '5' },
      { account: 'hq', party: 'loss', amount: '-5' },
    ];
    await expect(propose('x', { legs: stranger })).rejects.toMatchObject(invalid);
    await expect(propose('x', { original: { kind: 'platform_day', date: '2026-02-30' } })).rejects.toMatchObject(
      invalid,
    );
    await expect(propose('x', { legs: SMALL.map((one) => ({ ...one, amount: '0' })) })).rejects.toMatchObject(invalid);
    await expect(fixture.client.call('adjustments.list', {})).resolves.toEqual({ adjustments: [], more: false });
  });

  test('a proposal moves nothing, and the same id is the same proposal', async () => {
    const before = await fixture.balances();
    const proposed = await propose('withdrawn', { legs: WITHDRAWN });
    expect(proposed).toMatchObject({ state: 'proposed', proposedBy: 'maker', accountingDate: '', legs: WITHDRAWN });
    expect(await propose('withdrawn', { legs: WITHDRAWN })).toEqual(proposed);
    await expect(propose('withdrawn', { legs: SMALL })).rejects.toThrow(/another legs/);
    await expect(propose('withdrawn', { legs: WITHDRAWN, actor: 'other' })).rejects.toThrow(/another proposedBy/);
    expect(await fixture.balances()).toEqual(before);
    await fixture.assertInvariants();
  });

  test('nobody decides their own; an approval is posted once, today, and every invariant holds', async () => {
    await expect(decide('withdrawn', 'approve', 'maker')).rejects.toMatchObject({ cause: { code: 'own_proposal' } });
    const before = await fixture.balances();
    const posted = await decide('withdrawn', 'approve');
    expect(posted).toMatchObject({ state: 'posted', decidedBy: 'checker', accountingDate: today() });
    const after = await fixture.balances();
    const moved = (account: string) => BigInt(after[account] ?? 0) - BigInt(before[account] ?? 0);
    expect([`due/${HUBEI}`, `due/${GUANGDONG}`, `clearing/${BANK}`].map(moved)).toEqual([-4945n, -25n, 4970n]);
    await fixture.assertInvariants();
    expect(await decide('withdrawn', 'approve')).toEqual(posted);
    expect(await fixture.balances()).toEqual(after);
    await expect(decide('withdrawn', 'reject', 'checker', 'no')).rejects.toMatchObject({
      cause: { code: 'state_conflict' },
    });
    await expect(decide('withdrawn', 'approve', 'third')).rejects.toMatchObject({ cause: { code: 'state_conflict' } });
  });

  test('billing is told of the payment, and the provider owes less for that date', async () => {
    const told = [...fixture.world.settledItems.values()].flatMap(({ items }) => items);
    expect(told).toContainEqual({ paymentNo: PAYMENT, amount: '-5000', currency: 'CNY' });
    const { groups } = await fixture.client.call('payouts_in.match', { provider: BANK, asOf: '2026-12-31' });
    expect(groups.flatMap(({ dates }) => dates)).toContainEqual(expect.objectContaining({ date: DAY, amount: '4970' }));
  });

  test('no more principal is taken back than is left, and what is refused stays a proposal', async () => {
    await propose('again', { legs: WITHDRAWN });
    await expect(decide('again', 'approve')).rejects.toThrow(/not settled with 420000/);
    expect(await fixture.client.call('adjustments.get', { id: 'again' })).toMatchObject({ state: 'proposed' });
    const rejected = await decide('again', 'reject', 'checker', 'taken back already');
    expect(rejected).toMatchObject({ state: 'rejected', note: 'taken back already', accountingDate: '', batchId: '' });
    await expect(decide('again', 'approve', 'third')).rejects.toMatchObject({ cause: { code: 'state_conflict' } });
    await expect(
      fixture.client.call('adjustments.decide', { id: 'again', decision: 'reject', actor: 'x' }),
    ).rejects.toMatchObject({ cause: { code: 'field_invalid' } });
    await fixture.assertInvariants();
  });

  test('a death between decision and posting: the sweep posts it, once', async () => {
    await propose('died');
    const before = await fixture.balances();
    const death = jest.spyOn(PostBatch.prototype, 'forward').mockRejectedValue(new Error('the process is gone'));
    expect(await decide('died', 'approve')).toMatchObject({ state: 'approved', accountingDate: today() });
    death.mockRestore();
    expect(await fixture.balances()).toEqual(before);
    await fixture.restart();
    const job = fixture.running.app.get(ResumeBatchesJob, { strict: false });
    const later = new Date(Date.now() + 60_000);
    await Promise.all([job.pass(later), job.pass(later)]);
    await job.pass(later);
    expect(await fixture.client.call('adjustments.get', { id: 'died' })).toMatchObject({ state: 'posted' });
    const after = await fixture.balances();
    expect(BigInt(after[`due/${GUANGDONG}`] ?? 0) - BigInt(before[`due/${GUANGDONG}`] ?? 0)).toBe(700n);
    expect(await fixture.running.app.get(BatchesStore, { strict: false }).unfinished(later)).toEqual([]);
    await fixture.assertInvariants();
  });

  test('two who decide at once: one counts, the money moves once', async () => {
    await propose('raced');
    const before = await fixture.balances();
    const answers = await Promise.allSettled([
      decide('raced', 'approve', 'checker'),
      decide('raced', 'approve', 'third'),
      decide('raced', 'reject', 'fourth', 'no'),
    ]);
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { state } = await fixture.client.call('adjustments.get', { id: 'raced' });
    const moved = BigInt((await fixture.balances())[`due/${GUANGDONG}`] ?? 0) - BigInt(before[`due/${GUANGDONG}`] ?? 0);
    expect([state, moved]).toEqual(state === 'posted' ? ['posted', 700n] : ['rejected', 0n]);
    await fixture.assertInvariants();
  });

  test('a date that is closed already is passed over', async () => {
    await propose('passed', { original: { kind: 'platform_day', date: DAY } });
    fixture.world.signedDates.add('2027-03-05').add('2027-03-06');
    const decided = await fixture.running.app
      .get(DecideAdjustment, { strict: false })
      .execute({ id: 'passed', decision: 'approve', actor: 'checker', note: '' }, new Date('2027-03-05T03:00:00Z'));
    expect(decided).toMatchObject({ posted: true, accountingDate: '2027-03-07' });
    await fixture.assertInvariants();
  });

  test('statements and positions of its date show it, with what it corrects', async () => {
    const { accountingDate } = await fixture.client.call('adjustments.get', { id: 'withdrawn' });
    const statement = await fixture.client.call('party_statements.issue', {
      ...{ party: HUBEI, period: accountingDate, actor: 'maker' },
    });
    const row = statement.rows.find(({ reference }) => reference === `withdrawn ${BANK}/${DAY}`);
    expect(row).toMatchObject({ provider: BANK, principal: '0', refunds: '-5000', adjustments: '55', net: '-4945' });
    const original = await fixture.client.call('party_statements.issue', { party: HUBEI, period: DAY, actor: 'maker' });
    expect(original.rows.every((one) => one.reference === undefined)).toBe(accountingDate !== DAY);
    const csv = await fixture.client.call('party_statements.get', {
      ...{ party: HUBEI, period: accountingDate, format: 'csv' as const },
    });
    expect(Buffer.from(csv.file?.contentBase64 ?? '', 'base64').toString()).toContain(`withdrawn ${BANK}/${DAY}`);
    const { rows } = await fixture.client.call('positions.get', { date: '2027-03-07' });
    expect(rows.find(({ party }) => party === GUANGDONG)).toMatchObject({ adjustments: '700', net: '700' });
  });

  test('listed newest first, by page and by state', async () => {
    const first = await fixture.client.call('adjustments.list', { limit: 2 });
    expect(first).toMatchObject({ more: true, adjustments: [{ id: 'passed' }, { id: 'raced' }] });
    const rest = await fixture.client.call('adjustments.list', { limit: 10, after: 'raced' });
    expect(rest.adjustments.map(({ id }) => id)).toEqual(['died', 'again', 'withdrawn']);
    const { adjustments } = await fixture.client.call('adjustments.list', { state: 'posted' });
    expect(adjustments.map(({ id }) => id)).toEqual(expect.arrayContaining(['passed', 'died', 'withdrawn']));
    expect(adjustments.every(({ state }) => state === 'posted')).toBe(true);
  });

  test('what was proposed is never changed', async () => {
    await expect(fixture.database.db.run('UPDATE adjustment_leg SET amount = 1')).rejects.toThrow(/denied/);
    const [leg] = await fixture.database.db.select("SELECT * FROM transfer WHERE kind = 'adjustment' LIMIT 1");
    expect(leg).toBeDefined();
  });
});
