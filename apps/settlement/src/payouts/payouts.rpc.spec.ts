import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GUANGDONG, HUBEI, matchedItem, paymentNo } from '../testing/lines';
import { settlementFixture, type SettlementFixture } from '../testing/settlement-fixture';
import { TREASURY, TreasurySteps } from '../testing/treasury-steps';
import { ChangePayee } from './change-payee';
import { ProposeRun } from './propose-run';

/** How a refusal comes over the socket. */
const refused = (code: string) => ({ cause: { code } });

describe('payouts', () => {
  let fixture: SettlementFixture;
  let steps: TreasurySteps;
  const part = <T>(type: new (...parts: never[]) => T): T => fixture.running.app.get<T>(type, { strict: false });
  beforeEach(async () => {
    fixture = await settlementFixture({ treasury: TREASURY });
    steps = new TreasurySteps(() => fixture.client);
    await fixture.settle('run-1', [matchedItem('a')]);
  });
  afterEach(() => fixture.close());

  test('our own accounts and the terms of providers are told, numbers masked', async () => {
    const { accounts, providers } = await fixture.client.call('treasury.terms', {});
    expect(accounts).toMatchObject([{ code: 'main', account: expect.stringMatching(/^\*+[A-Z0-9]{4}$/) as string }]);
    expect(providers).toContainEqual({ provider: 'bank_a', arrives: 'payout', lagDays: 1, setOff: true });
  });

  test('1f: approved by two, sent, booked one by one; the file is what was approved and leaves once', async () => {
    await steps.branchPayees();
    const run = await steps.send();
    expect(run).toMatchObject({ state: 'sent', total: '4970', firstBy: 'checker.one', secondBy: 'checker.two' });
    expect(await fixture.balances()).toEqual({ 'clearing/bank_a': '-4970', 'transit/main': '4970' });
    await fixture.assertInvariants();

    const folder = (await readdir(fixture.payoutFolder)).filter((name) => name.endsWith('.xml'));
    expect(folder).toEqual([`${run.messageId}.xml`]);
    const file = await fixture.client.call('payouts.file', { runId: run.runId });
    expect(file).toMatchObject({ fileName: run.fileName, sha256: run.sha256 });
    expect(await readFile(join(fixture.payoutFolder, run.fileName))).toEqual(Buffer.from(file.contentBase64, 'base64'));

    const entries = run.payouts.map(({ number, amount }, n) => ({
      ...{ amount: -BigInt(amount), bankRef: `B${n}`, ours: number },
    }));
    expect(await steps.import(...entries)).toMatchObject({ entries: 2, added: 2, booked: 2, unexplained: 0 });
    expect(await steps.import(...entries)).toMatchObject({ entries: 2, added: 0, booked: 0, conflicting: [] });
    expect(await fixture.balances()).toEqual({ 'bank/main': '4970', 'clearing/bank_a': '-4970' });
    await fixture.assertInvariants();
  });

  test('a whole file in one booking; a booking of another sum stays unexplained', async () => {
    await steps.branchPayees();
    const run = await steps.send();
    expect(await steps.import({ amount: -4969n, bankRef: 'B0', ours: run.messageId })).toMatchObject({
      unexplained: 1,
    });
    await fixture.assertInvariants();
    expect(await steps.import({ amount: -4970n, bankRef: 'B1', ours: `${run.messageId}-1` })).toMatchObject({
      booked: 1,
    });
    await fixture.assertInvariants();
    const after = await fixture.client.call('payouts.get', { runId: run.runId });
    expect(after.payouts.map(({ state }) => state)).toEqual(['booked', 'booked']);
  });

  test('1f returned after booking: back to the branch, then a new payout that says what it retries', async () => {
    await steps.branchPayees();
    const run = await steps.send({ parties: [{ kind: 'branch', code: HUBEI }] });
    const [first] = run.payouts;
    await steps.import({ amount: -4945n, bankRef: 'B1', ours: first?.number ?? '' });
    await steps.import({ amount: 4945n, bankRef: 'B2', ours: first?.number ?? '', returned: true });
    expect(await fixture.balances()).toMatchObject({ 'due/420000': '4945' });
    await fixture.assertInvariants();
    const again = await steps.send({ parties: [{ kind: 'branch', code: HUBEI }] });
    expect(again.payouts).toMatchObject([{ retryOf: first?.number, amount: '4945' }]);
    expect(again.payouts[0]?.number).not.toBe(first?.number);
    await fixture.assertInvariants();
  });

  test('pain.002: only an explicit refusal ends an order; what succeeds waits for the statement', async () => {
    await steps.branchPayees();
    const run = await steps.send();
    const [one, two] = run.payouts;
    const taken = await steps.status(run, [
      { number: one?.number ?? '', status: 'RJCT', reason: 'AC04' },
      { number: two?.number ?? '', status: 'ACSP' },
      { number: 'PO999999XXXXXXXXXXXX', status: 'RJCT' },
    ]);
    expect(taken).toMatchObject({ rejected: [one?.number], noted: 1, findings: ['an order that is not ours'] });
    await fixture.assertInvariants();
    const after = await fixture.client.call('payouts.get', { runId: run.runId });
    expect(after.payouts.map(({ state, bankStatus }) => [state, bankStatus])).toEqual([
      ['rejected', ''],
      ['sent', 'pending'],
    ]);
    const word = await steps.status(run, [{ number: two?.number ?? '', status: 'WHAT' }]);
    expect(word).toMatchObject({ rejected: [], noted: 1 });
    const retried = await steps.send();
    expect(retried.payouts).toMatchObject([{ retryOf: one?.number, amount: one?.amount }]);
    await fixture.assertInvariants();
  });

  test('a negative position is carried forward; who is not on the list is left out by name', async () => {
    await fixture.settle(
      'run-2',
      [matchedItem('r', { kind: 'refund', amount: '-5000', fee: '0', refNo: 'R1' })],
      '2026-11-23',
    );
    expect((await fixture.balances())['due/420000']).toBe('-30');
    const { run, skipped } = await steps.propose();
    expect(run).toBeNull();
    expect(skipped).toEqual([{ kind: 'branch', code: HUBEI, amount: '-30', reason: 'carried_forward' }]);
    await fixture.settle('run-3', [matchedItem('b', { paymentNo: paymentNo(2) })], '2026-11-24');
    const later = await steps.propose();
    expect(later.skipped).toEqual([
      { kind: 'branch', code: HUBEI, amount: '4915', reason: 'no_payee' },
      { kind: 'branch', code: GUANGDONG, amount: '25', reason: 'no_payee' },
    ]);
  });

  test('two others have to approve, and nobody twice', async () => {
    await steps.branchPayees();
    const { run } = await steps.propose();
    const approve = (actor: string) => fixture.client.call('payouts.approve', { runId: run?.runId ?? '', actor });
    await expect(approve('maker')).rejects.toMatchObject(refused('own_proposal'));
    expect(await approve('checker.one')).toMatchObject({ state: 'approved_once' });
    await expect(approve('checker.one')).rejects.toMatchObject(refused('own_proposal'));
    await expect(fixture.client.call('payouts.file', { runId: run?.runId ?? '' })).rejects.toMatchObject(
      refused('not_found'),
    );
    await expect(steps.propose()).rejects.toMatchObject(refused('state_conflict'));
    expect(await approve('checker.two')).toMatchObject({ state: 'sent' });
    await expect(approve('checker.three')).rejects.toMatchObject(refused('state_conflict'));
    await fixture.assertInvariants();
  });

  test('a payee changes by two people and waits; until then the old one is not paid under new terms', async () => {
    const change = {
      partyKind: 'branch' as const,
      party: HUBEI,
      action: 'add' as const,
      name: 'New',
      account: 'CN0099',
      bic: '',
      reason: 'moved',
    };
    await expect(
      (async () => {
        const { id } = await part(ChangePayee).propose({ ...change, actor: 'maker' });
        return part(ChangePayee).decide(id, 'approve', 'maker');
      })(),
    ).rejects.toMatchObject({ code: 'own_proposal' });
    await steps.branchPayees();
    const { run } = await steps.propose();
    await fixture.client.call('payouts.approve', { runId: run?.runId ?? '', actor: 'checker.one' });
    await steps.payee('branch', HUBEI, 'CN0099');
    await expect(
      fixture.client.call('payouts.approve', { runId: run?.runId ?? '', actor: 'checker.two' }),
    ).rejects.toMatchObject(refused('state_conflict'));
    await fixture.client.call('payouts.withdraw', { runId: run?.runId ?? '' });
    expect((await steps.send()).total).toBe('4970');
    await fixture.assertInvariants();
  });

  test('no payout on a holiday: the next working day, or a refusal of the day asked for', async () => {
    await steps.branchPayees();
    const propose = (now: string, executionDay?: string) =>
      part(ProposeRun).execute({ account: 'main', executionDay, actor: 'maker' }, new Date(now));
    await expect(propose('2026-11-20T04:00:00Z', '2026-11-28')).rejects.toMatchObject({ code: 'field_invalid' });
    await expect(propose('2026-11-30T04:00:00Z', '2026-11-27')).rejects.toMatchObject({ code: 'field_invalid' });
    const { run } = await propose('2027-10-01T04:00:00Z');
    expect(run.executionDay).toBe('2027-10-04');
  });

  test('two runs at the same time: one of them waits for the other', async () => {
    await steps.branchPayees();
    const outcomes = await Promise.allSettled([steps.propose(), steps.propose(), steps.propose()]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('two who approve at once send one file, and every leg once', async () => {
    await steps.branchPayees();
    const { run } = await steps.propose();
    const runId = run?.runId ?? '';
    await fixture.client.call('payouts.approve', { runId, actor: 'checker.one' });
    const actors = ['a', 'b', 'c', 'd'];
    const outcomes = await Promise.allSettled(
      actors.map((actor) => fixture.client.call('payouts.approve', { runId, actor })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await fixture.balances()).toEqual({ 'clearing/bank_a': '-4970', 'transit/main': '4970' });
    await fixture.assertInvariants();
  });
});
