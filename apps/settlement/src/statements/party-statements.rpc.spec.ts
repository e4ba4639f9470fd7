import { plan, schedule } from '../testing/contracts';
import { DAY, GUANGDONG, HUBEI, matchedItem, paymentNo } from '../testing/lines';
import { settlementFixture, type SettlementFixture } from '../testing/settlement-fixture';
import { TREASURY, TreasurySteps } from '../testing/treasury-steps';
import { IssueStatement } from './issue-statement';

const FORMULA = '=1+CALL("<x>")';

describe('statements of parties', () => {
  let fixture: SettlementFixture;
  let bank: TreasurySteps;
  beforeEach(async () => {
    fixture = await settlementFixture({
      treasury: TREASURY,
      schedules: [schedule()],
      plans: [plan(), plan({ id: 'p', channel: 'partner_api', earner: 'partner' })],
    });
    bank = new TreasurySteps(() => fixture.client);
    await fixture.settle('run-0', [matchedItem('before', { amount: '1000', fee: '6' })], '2026-10-31');
    await fixture.settle('run-1', [
      matchedItem('a'),
      matchedItem('b', { amount: '123456', fee: '741', paymentNo: paymentNo(2), channel: 'portal' }),
      matchedItem('r', { kind: 'refund', amount: '-2000', fee: '0', refNo: 'R1' }),
    ]);
  });
  afterEach(() => fixture.close());

  const issue = (party = HUBEI, period = '2026-11') =>
    fixture.client.call('party_statements.issue', { party, period, actor: 'clerk' });
  const get = (format: 'json' | 'xlsx' | 'csv' | 'html', party = HUBEI, period = '2026-11') =>
    fixture.client.call('party_statements.get', { party, period, format });
  const decide = (version: number, decision: 'confirm' | 'dispute', reason = '') =>
    fixture.client.call('party_statements.decide', {
      party: HUBEI,
      period: '2026-11',
      version,
      decision,
      reason,
      actor: 'hb',
    });
  const file = async (format: 'csv' | 'html', party?: string) =>
    Buffer.from((await get(format, party)).file?.contentBase64 ?? '', 'base64');

  test('opening, what moved, closing: the ledger’s own figures', async () => {
    const statement = await issue();
    const balances = await fixture.balances();
    expect(statement).toMatchObject({
      version: 1,
      state: 'issued',
      nameZh: '湖北',
      totals: { opening: '989', refunds: '-2000' },
    });
    expect(statement.totals.closing).toBe(balances[`due/${HUBEI}`]);
    const sum = (key: 'principal' | 'fees' | 'net') =>
      String(statement.rows.reduce((total, row) => total + BigInt(row[key]), 0n));
    expect([sum('principal'), sum('fees'), sum('net')]).toEqual([
      ...[statement.totals.principal, statement.totals.fees, statement.totals.net],
    ]);
    expect(BigInt(statement.totals.opening) + BigInt(statement.totals.net)).toBe(BigInt(statement.totals.closing));
    await fixture.assertInvariants();
  });

  test('the same figures are the same version; other figures are the next one, whatever was confirmed', async () => {
    const first = await issue();
    expect(await issue()).toEqual(first);
    await decide(1, 'confirm');
    expect(await issue()).toMatchObject({ version: 1, state: 'confirmed' });
    await fixture.settle('run-2', [matchedItem('c', { paymentNo: paymentNo(3) })], '2026-11-23');
    const second = await issue();
    expect(second).toMatchObject({ version: 2, state: 'issued' });
    expect(second.digest).not.toBe(first.digest);
    const old = await fixture.client.call('party_statements.get', { party: HUBEI, period: '2026-11', version: 1 });
    expect(old.statement).toMatchObject({ version: 1, state: 'superseded', totals: first.totals });
    await expect(decide(1, 'confirm')).rejects.toMatchObject({ cause: { code: 'state_conflict' } });
  });

  test('disputed until it is talked over; silence confirms when the window is over', async () => {
    const statements = fixture.running.app.get(IssueStatement, { strict: false });
    await statements.execute(HUBEI, '2026-11', 'clerk', new Date('2026-12-01T02:00:00Z'));
    const at = (day: string) => statements.current(HUBEI, '2026-11', new Date(`${day}T04:00:00Z`));
    expect(await at('2026-12-08')).toMatchObject({ state: 'issued', windowEnds: '2026-12-08' });
    expect(await at('2026-12-09')).toMatchObject({ state: 'confirmed' });
    const late = { party: HUBEI, period: '2026-11', version: 1 };
    await expect(
      statements.decide(late, 'dispute', 'too late', 'hb', new Date('2026-12-09T04:00:00Z')),
    ).rejects.toMatchObject({ code: 'state_conflict' });
    expect(
      await statements.decide(late, 'dispute', 'one payment is missing', 'hb', new Date('2026-12-07T04:00:00Z')),
    ).toMatchObject({
      ...{ state: 'disputed', reason: 'one payment is missing', decidedBy: 'hb' },
    });
    expect(await at('2027-01-09')).toMatchObject({ state: 'disputed' });
    expect(await statements.decide(late, 'confirm', 'found', 'hb', new Date('2027-01-10T04:00:00Z'))).toMatchObject({
      state: 'confirmed',
    });
  });

  test('the list: latest versions as they stand today, newest period first, page by page', async () => {
    const statements = fixture.running.app.get(IssueStatement, { strict: false });
    const list = async (wanted: object = {}) => {
      const { more, statements: page } = await fixture.client.call('party_statements.list', wanted);
      return [...page.map(({ party, period, version, state }) => `${period} ${party} ${version} ${state}`), more];
    };
    expect(await list()).toEqual([false]);
    await statements.execute(HUBEI, '2026-10', 'clerk', new Date('2026-11-02T02:00:00Z'));
    await issue(GUANGDONG);
    await issue();
    await decide(1, 'dispute', 'no');
    await fixture.settle('run-2', [matchedItem('c', { paymentNo: paymentNo(3) })], '2026-11-23');
    const latest = await issue();
    // The window of October's is over: silence has confirmed it.
    const [october, hubei, guangdong] = [
      ...[`2026-10 ${HUBEI} 1 confirmed`, `2026-11 ${HUBEI} 2 issued`, `2026-11 ${GUANGDONG} 1 issued`],
    ];
    expect(await list()).toEqual([hubei, guangdong, october, false]);
    expect(await list({ limit: 1 })).toEqual([hubei, true]);
    expect(await list({ limit: 2, after: { period: '2026-11', party: HUBEI } })).toEqual([guangdong, october, false]);
    expect(await list({ party: HUBEI })).toEqual([hubei, october, false]);
    expect(await list({ state: 'confirmed' })).toEqual([october, false]);
    expect(await list({ state: 'issued', period: '2026-11', party: GUANGDONG })).toEqual([guangdong, false]);
    expect(await list({ state: 'disputed' })).toEqual([false]);
    const { rows, ...head } = latest;
    const reply = await fixture.client.call('party_statements.list', { party: HUBEI, period: '2026-11' });
    expect(reply.statements).toEqual([head]);
    expect(rows).not.toEqual([]);
    await expect(list({ limit: 0 })).rejects.toMatchObject({ cause: { code: 'field_invalid' } });
  });

  test('nobody is paid against a statement that is open or disputed', async () => {
    await bank.branchPayees();
    const skipped = async () =>
      (await bank.propose({ period: '2026-11', parties: [{ kind: 'branch', code: HUBEI }] })).skipped;
    expect(await skipped()).toMatchObject([{ reason: 'statement_open' }]);
    await issue();
    await decide(1, 'dispute', 'no');
    expect(await skipped()).toMatchObject([{ reason: 'statement_disputed' }]);
    await decide(1, 'confirm');
    const paid = await bank.send({ period: '2026-11', parties: [{ kind: 'branch', code: HUBEI }] });
    expect(paid.total).toBe(String(989 + 4945 + 122_098 - 1990));
    await fixture.assertInvariants();
  });

  test('CSV: exact fen, and nothing a spreadsheet would run', async () => {
    await fixture.settle('run-3', [matchedItem('x', { channel: FORMULA, paymentNo: paymentNo(9) })], '2026-11-24');
    const { totals, rows } = await issue();
    const lines = (await file('csv'))
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .trim()
      .split('\r\n');
    expect(lines).toHaveLength(rows.length + 2);
    expect(lines.at(-1)?.split(',').at(-1)).toBe(totals.net);
    expect(lines.join('\n')).toContain(`"'=1+CALL(""<x>"")"`);
    for (const cell of lines.flatMap((line) => line.split(',')))
      if (/^["']?[=+@\t\r]/.test(cell)) expect(cell).toMatch(/^"?'/);
    const page = (await file('html')).toString('utf8');
    expect(page).not.toContain('<script');
    expect(page).toContain('=1+CALL(&#34;&#60;x&#62;&#34;)');
    expect(totals).toMatchObject({ net: '129998', refunds: '-2000' });
    for (const shown of ['1,299.98', '−20.00']) expect(page).toContain(`<td class="n">${shown}</td>`);
  });

  test('an earner, a provider, a single date; a period that is none', async () => {
    expect((await issue(GUANGDONG)).totals).toMatchObject({ commissionEarned: String(25 + 617 - 10) });
    const provider = await issue('bank_a', DAY);
    expect(provider.totals).toMatchObject({ opening: '-994', principal: '-128456', refunds: '2000', fees: '771' });
    await expect(issue(HUBEI, '2026-13')).rejects.toMatchObject({ cause: { code: 'field_invalid' } });
    await expect(issue(HUBEI, '2026-02-30')).rejects.toMatchObject({ cause: { code: 'field_invalid' } });
    expect(await get('json', '999999')).toEqual({ statement: null, file: null });
  });
});
