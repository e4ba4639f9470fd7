import { DB, type Db } from '../src/platform';
import { openDoors, type Answered, type Call, type Doors } from './doors';
import { brk, creditRun, day, numberSweep, reportReply, ruleReply, statement } from './finance-fixtures';

const asked: { pattern: string; request: unknown }[] = [];
const note = <T>(pattern: string, reply: (request: never) => T) => ({
  [pattern]: (request: never): T => {
    asked.push({ pattern, request });
    return reply(request);
  },
});

let doors: Doors;
beforeAll(async () => {
  doors = await openDoors({
    reconciliation: {
      ...note('days.list', () => ({ days: [day] })),
      ...note('night.run', () => day),
      ...note('breaks.list', ({ state, branch }: { state: string; branch?: string }) => ({
        data: state === 'open' && branch !== '420000' ? [brk] : [],
        nextCursor: null,
      })),
      ...note('breaks.get', ({ branch }: { branch?: string }) => ({ break: branch === '420000' ? null : brk })),
      ...note('breaks.propose', ({ items }: { items: { id: string }[] }) => ({
        items: items.map(({ id }, n) => ({ id, outcome: n === 0 ? 'ok' : 'changed', ...(n ? { by: '王芳' } : {}) })),
      })),
      ...note('breaks.decide', ({ items }: { items: { id: string }[] }) => ({
        items: items.map(({ id }) => ({ id, outcome: 'own_proposal' })),
      })),
      ...note('breaks.assign', ({ items }: { items: { id: string }[] }) => ({
        items: items.map(({ id }) => ({ id, outcome: 'ok' })),
      })),
      ...note('report.get', () => reportReply),
      ...note('rules.list', () => ({ inForce: [], versions: [ruleReply] })),
      ...note('rules.propose', () => ({ outcome: 'ok', rule: ruleReply })),
      ...note('rules.decide', () => ({ outcome: 'own_proposal', rule: ruleReply })),
      ...note('credit_runs.list', ({ branch = '430000' }: { branch?: string }) => ({
        runs: branch === '430000' ? [{ ...creditRun, state: 'wanted' }] : [],
      })),
      ...note('credit_runs.run', ({ date }: { date: string }) => ({
        run: date === '2026-11-22' ? creditRun : null,
      })),
      ...note('number_sweeps.list', ({ branch = '430000' }: { branch?: string }) => ({
        sweeps: branch === '430000' ? [numberSweep] : [],
      })),
      ...note('night.progress', () => ({ percent: 50, days: [] })),
      ...note('day.signOff', () => ({
        outcome: 'not_ready',
        checks: [{ name: 'breaks', ok: false, detail: '1 open' }],
      })),
      ...note('report.files', () => ({
        files: [
          { name: 'summary.md', contentType: 'text/markdown', contentBase64: Buffer.from('# day').toString('base64') },
        ],
      })),
    },
    settlement: {
      ...note('statements.get', ({ party }: { party: string }) => ({
        statement: party === '420000' ? statement : null,
      })),
      ...note('positions.get', ({ date }: { date: string }) => ({ date, final: false, openBreaks: 1, rows: [] })),
      ...note('ledger.invariants', () => ({ ok: true, checks: [{ name: 'M1', ok: true, detail: '0' }], branches: [] })),
      ...note('ledger.verify', () => ({ ok: true, checks: [] })),
    },
    billing: {
      ...note('ledger.verify', () => ({ ok: false, checks: [{ name: 'S1', ok: false, detail: 'sum is 1' }] })),
      ...note('branches.setStatus', ({ branch, status }: { branch: string; status: string }) => ({
        code: branch,
        nameZh: '贵州',
        nameEn: 'Guizhou',
        status,
      })),
    },
  });
});
afterAll(() => doors.close());
beforeEach(() => asked.splice(0));

const cookies = new Map<string, string>();
async function as(who: Parameters<Doors['enter']>[0], call: Call): Promise<Answered> {
  const cookie = cookies.get(who) ?? (await doors.enter(who));
  cookies.set(who, cookie);
  return doors.call({ ...call, headers: { cookie, 'x-requested-with': 'console', ...call.headers } });
}
const get = (path: string): Call => ({ method: 'GET', path: `/v1/finance/${path}` });
const post = (path: string, body: object): Call => ({ method: 'POST', path: `/v1/${path}`, body });

test('sign in, look, sign out', async () => {
  const current: Call = { method: 'GET', path: '/v1/operator_sessions/current' };
  expect((await as('hubei', current)).json).toEqual({
    object: 'operator',
    username: 'hubei',
    name: '李明',
    roles: ['branch_finance'],
    branch: '420000',
    livemode: false,
  });
  expect((await as('hubei', { method: 'DELETE', path: '/v1/operator_sessions/current' })).status).toBe(204);
  expect((await as('hubei', current)).json).toMatchObject({ code: 'session_required' });
  cookies.delete('hubei');
  const wrong = { username: 'maker', password: 'x', totp: '000000' };
  const refused = await doors.call({ ...post('operator_sessions', wrong), headers: { 'x-requested-with': 'console' } });
  expect(refused.json).toMatchObject({ code: 'sign_in_failed', status: 401 });
});

test('amounts are integers of fen, names are snake_case', async () => {
  const one = await as('maker', get('breaks/brk_1'));
  expect(one.json).toMatchObject({
    object: 'break',
    at_stake: -5000,
    p_amount: null,
    g_amount: 5000,
    payment_no: brk.paymentNo,
  });
  expect((await as('maker', get('days'))).json).toMatchObject({
    object: 'list',
    data: [{ date: '2026-11-22', signed_off: false, providers: [{ residual: 0, open_breaks: 1 }] }],
  });
  expect((await as('maker', get('statements/420000/2026-11-22'))).json).toMatchObject({
    net: 991_200,
    commission_given: -5000,
  });
});

test('today counts what waits', async () => {
  expect((await as('maker', get('today'))).json).toEqual({
    object: 'finance_today',
    business_date: '2026-11-22',
    approvals: 0,
    breaks: { open: 1 },
    in_doubt: 0,
    days_open: 1,
    money_at_risk: 5000,
  });
});

test('files come as they are', async () => {
  const xlsx = await as('maker', get('statements/420000/2026-11-22/xlsx'));
  expect(xlsx.headers.get('content-type')).toBe('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet');
  expect(xlsx.headers.get('content-disposition')).toBe('attachment; filename="statement-420000-2026-11-22.xlsx"');
  expect(xlsx.text).toBe('PK-not-really');
  expect((await as('maker', get('report_files/2026-11-22'))).json).toMatchObject({ data: [{ name: 'summary.md' }] });
  expect((await as('maker', get('report_files/2026-11-22/summary.md'))).text).toBe('# day');
  expect((await as('maker', get('report_files/2026-11-22/other.md'))).status).toBe(404);
});

test('row by row, in the name of who is signed in', async () => {
  const row = (id: string) => ({ break: id, version: 1, action: 'accept', reason: 'seen' });
  const answer = await as('maker', post('finance/break_proposals', { items: [row('brk_1'), row('brk_2')] }));
  expect(answer.json).toEqual({
    object: 'bulk',
    data: [
      { index: 0, break: 'brk_1', outcome: 'ok' },
      { index: 1, break: 'brk_2', outcome: 'changed', by: '王芳' },
    ],
  });
  expect(asked.at(-1)?.request).toMatchObject({
    actor: 'maker',
    items: [{ id: 'brk_1', version: 1 }, { id: 'brk_2' }],
  });
});

test('nobody approves an own proposal', async () => {
  const items = [{ break: 'brk_1', version: 2, decision: 'approve' }];
  expect((await as('checker', post('finance/break_decisions', { items }))).json).toMatchObject({
    code: 'own_proposal',
    status: 403,
  });
  const two = await as(
    'checker',
    post('finance/break_decisions', { items: [...items, { ...items[0], break: 'brk_2' }] }),
  );
  expect(two.json['data']).toEqual([
    { index: 0, break: 'brk_1', outcome: 'own_proposal' },
    { index: 1, break: 'brk_2', outcome: 'own_proposal' },
  ]);
});

test('figures of a range are public JSON: fen are integers, rates are decimals', async () => {
  const report = await as('maker', get('reconciliation_report?from=2026-11-01&to=2026-11-22&provider=bank_a'));
  expect(report.json).toMatchObject({
    object: 'reconciliation_report',
    ageing: [{ class: 'uncredited', bucket: '2-3', amount: 5_000, unowned: 1 }],
    quality: [{ of: 'all', dpmo: '233.0', sigma: '5.00', main_class: 'uncredited' }],
    pareto: [{ cumulative_ppm: 1_000_000 }],
  });
  expect(asked.at(-1)?.request).toEqual({ from: '2026-11-01', to: '2026-11-22', provider: 'bank_a' });
  const progress = await as('maker', get('night_progress?from=2026-11-01&to=2026-11-22'));
  expect(progress.json).toMatchObject({ object: 'night_progress', percent: 50, days: [] });
});

test('limits of a rule are proposed by one and decided by another', async () => {
  const limits = { enabled: true, item: 100_000, total: 5_000_000, count: 200, share_ppm: 5_000, share_floor: 20 };
  const body = { class: 'uncredited', valid_from: '2026-11-23', limits, reason: 'less' };
  expect(await as('maker', post('finance/rules', body))).toMatchObject({
    status: 201,
    json: { object: 'rule', limits },
  });
  expect(asked.at(-1)?.request).toMatchObject({ actor: 'maker', limits: { item: '100000', sharePpm: 5_000 } });
  const own = await as('checker', post('finance/rules/rule_1/decisions', { decision: 'approve' }));
  expect(own.json).toMatchObject({ code: 'own_proposal', status: 403 });
  expect((await as('checker', get('rules?date=2026-11-22'))).json['versions']).toHaveLength(1);
});

test('breaks are taken, and a credit is moved to whom the proposal names', async () => {
  const taken = { items: [{ break: 'brk_1', version: 1, owner: 'maker', due_on: '2026-11-25' }] };
  expect((await as('maker', post('finance/break_assignments', taken))).json['data']).toMatchObject([{ outcome: 'ok' }]);
  expect(asked.at(-1)?.request).toMatchObject({ items: [{ id: 'brk_1', owner: 'maker', dueOn: '2026-11-25' }] });
  const to = { subscriber_id: 'sub_9', branch: '430000' };
  const item = { break: 'brk_1', version: 1, action: 'move_credit', reason: 'wrong', evidence: 'letter 7', to };
  await as('maker', post('finance/break_proposals', { items: [item] }));
  expect(asked.at(-1)?.request).toMatchObject({
    items: [{ id: 'brk_1', evidence: 'letter 7', to: { subscriberId: 'sub_9', branch: '430000' } }],
  });
});

test('a province’s book: how far it is, in fen and with its parts; run again it answers with the row', async () => {
  const span = 'credit_runs?from=2026-11-20&to=2026-11-22';
  expect((await as('maker', get(span))).json['data']).toMatchObject([
    { object: 'credit_run', branch: '430000', provider: 'bss_430000', state: 'wanted', ours: 3_000, residual: 0 },
  ]);
  const body = { branch: '430000', date: '2026-11-22' };
  expect(await as('maker', post('finance/credit_runs', body))).toMatchObject({
    status: 202,
    json: { state: 'ready', numbers_asked: 2, parts: [{ name: 'not_there', amount: -2_000, count: 1 }] },
  });
  expect(asked.at(-1)?.request).toEqual({ ...body, refetch: false });
  const early = await as('maker', post('finance/credit_runs', { ...body, date: '2026-11-23', refetch: true }));
  expect(early).toMatchObject({ status: 202, json: { state: 'wanted' } });
  expect((await as('hubei', get(span))).json['data']).toEqual([]);
  expect(asked.at(-1)?.request).toMatchObject({ branch: '420000' });
  expect((await as('hubei', get(`${span}&branch=430000`))).json).toMatchObject({ code: 'not_found' });
  expect((await as('maker', get('credit_runs?from=2026-11-22&to=2026-11-20'))).status).toBe(400);
  expect((await as('maker', get('number_sweeps'))).json['data']).toMatchObject([
    { object: 'number_sweep', round: 2, asked: 700, whole_asked: 900, whole_on: '2026-11-20' },
  ]);
  expect((await as('hubei', get('number_sweeps'))).json['data']).toEqual([]);
});

test('what may be proposed of a break stands in it', async () => {
  expect((await as('maker', get('breaks/brk_1'))).json).toMatchObject({ allowed: ['requery', 'claim_provider'] });
});

test.each<[Parameters<Doors['enter']>[0], Call]>([
  ['checker', post('finance/credit_runs', {})],
  ['care', get('credit_runs?from=2026-11-22&to=2026-11-22')],
  ['checker', post('finance/rules', {})],
  ['maker', post('finance/rules/rule_1/decisions', {})],
  ['hubei', get('rules?date=2026-11-22')],
  ['checker', post('finance/break_proposals', { items: [] })],
  ['maker', post('finance/break_decisions', { items: [] })],
  ['maker', post('finance/day_sign_offs', { date: '2026-11-22' })],
  ['checker', post('finance/nights', { date: '2026-11-22' })],
  ['maker', post('operations/branch_status', {})],
  ['care', get('breaks')],
  ['ops', post('care/timelines', {})],
  ['hubei', get('invariants')],
  ['hubei', get('days')],
])('%s may not %j', async (who, call) => {
  const answer = await as(who, call);
  const allowed = who === 'ops';
  expect(answer.json['code']).toBe(allowed ? 'number_malformed' : 'scope_missing');
  expect(asked).toEqual([]);
});

test('an operator of a branch sees its branch: the filter is ours, and what is foreign is not there', async () => {
  expect((await as('hubei', get('breaks?state=any'))).json['data']).toEqual([]);
  expect(asked.at(-1)?.request).toMatchObject({ branch: '420000' });
  expect((await as('hubei', get('breaks/brk_1'))).json).toMatchObject({ code: 'not_found' });
  expect((await as('hubei', get('statements/440000/2026-11-22'))).json).toMatchObject({ code: 'not_found' });
  expect((await as('hubei', get('statements/420000/2026-11-22'))).status).toBe(200);
  await as('hubei', get('positions?date=2026-11-22'));
  expect(asked.at(-1)?.request).toEqual({ date: '2026-11-22', branch: '420000' });
  expect((await as('hubei', get('today'))).json).toMatchObject({ breaks: { open: 0 }, days_open: 0 });
});

test('a day that is not ready says what is missing; two ledgers are asked for the invariants', async () => {
  expect((await as('checker', post('finance/day_sign_offs', { date: '2026-11-22' }))).json).toEqual({
    object: 'day_sign_off',
    outcome: 'not_ready',
    checks: [{ name: 'breaks', ok: false, detail: '1 open' }],
  });
  const invariants = await as('checker', get('invariants'));
  expect(invariants.json).toMatchObject({
    ok: false,
    checks: expect.arrayContaining([{ name: 'S1', ok: false, detail: 'sum is 1' }]),
  });
});

test('what an operator does stands in the audit, before it is done', async () => {
  const body = { branch: '520000', status: 'maintenance', reason: 'planned' };
  expect((await as('ops', post('operations/branch_status', body))).json).toMatchObject({
    code: '520000',
    status: 'maintenance',
  });
  const rows = await doors.app
    .get<Db>(DB)
    .select("SELECT actor, action, object, after_json FROM audit WHERE action = 'branch.set_status'");
  expect(rows).toEqual([
    { actor: 'ops', action: 'branch.set_status', object: 'branch/520000', after_json: JSON.stringify(body) },
  ]);
});

test('keys end by operations, profiles are read again', async () => {
  expect((await as('ops', post('operations/profile_reloads', {}))).json).toMatchObject({
    object: 'profile_reload',
    partners: 4,
  });
  expect((await as('ops', post('operations/partner_key_endings', { key_id: 'none', reason: 'x' }))).status).toBe(404);
  const ending = { key_id: 'test_rsa', reason: 'rotated' };
  expect((await as('ops', post('operations/partner_key_endings', ending))).json).toMatchObject({ key_id: 'test_rsa' });
  expect((await doors.signed(doors.keys.test_rsa, { method: 'GET', path: '/v1/payments' })).json).toMatchObject({
    code: 'key_unknown',
  });
});

test('a service that does not answer: a question is asked again later, a deed is unknown', async () => {
  expect((await as('maker', get('runs/bank_a/2026-11-22'))).json).toMatchObject({
    code: 'busy',
    outcome: 'not_executed',
  });
});
