import { newId } from '@yidian/http';
import { DB, type Db } from '../src/platform';
import { openDoors, type Answered, type Call, type Doors } from './doors';

let doors: Doors;
beforeAll(async () => (doors = await openDoors()));
afterAll(() => doors.close());

type Who = Parameters<Doors['enter']>[0];
const cookies = new Map<Who, string>();
async function as(who: Who, call: Call): Promise<Answered> {
  const cookie = cookies.get(who) ?? (await doors.enter(who));
  cookies.set(who, cookie);
  return doors.call({ ...call, headers: { cookie, 'x-requested-with': 'console', ...call.headers } });
}
const get = (path: string): Call => ({ method: 'GET', path: `/v1/${path}` });
const post = (path: string, body: object = {}): Call => ({ method: 'POST', path: `/v1/${path}`, body });
const told = ({ status, json }: Answered): string => `${status} ${(json['code'] ?? json['state'] ?? 'ok') as string}`;
const audited = async (action: string) =>
  (await doors.app.get<Db>(DB).select('SELECT actor, object FROM audit WHERE action = ? ORDER BY at', [action])).map(
    (row) => `${String(row['actor'])} ${String(row['object'])}`,
  );

const rule = { method: 'agreement', choose_by: 'cost', providers: [{ provider: 'bank_a', fee_ppm: 3000 }] };
const rules = (over: object = {}) => ({
  rules: [rule],
  valid_from: '2026-11-22T00:00:00+08:00',
  reason: 'cheaper',
  ...over,
});
const later = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();
const away = (over: object = {}) => ({ provider: 'bank_a', from: later(1), until: later(2), note: 'upgrade', ...over });
const limit = (over: object = {}) => ({
  kind: 'limit',
  partner: 'bank',
  amount: 1_000_000,
  basis: 'held',
  reason: 'contract of November',
  ...over,
});

describe('who may', () => {
  test.each<[Who, Call, string]>([
    ['care', post('operations/routing_rules', rules()), '403 scope_missing'],
    ['checker', post('operations/routing_rules', rules()), '403 scope_missing'],
    ['maker', post('operations/routing_rules/1/decisions', { decision: 'approve' }), '403 scope_missing'],
    ['maker', post('operations/maintenance_windows', away()), '403 scope_missing'],
    ['maker', post('operations/maintenance_windows/mnt_1/endings'), '403 scope_missing'],
    ['care', post('operations/doubts/dbt_1/takings'), '403 scope_missing'],
    ['care', post('operations/doubts/dbt_1/requeries'), '403 scope_missing'],
    ['maker', post('operations/doubt_decisions/dec_1/verdicts', { decision: 'approve' }), '403 scope_missing'],
    ['hubei', get('finance/exposures'), '403 scope_missing'],
    ['hubei', get('finance/exposure_changes'), '403 scope_missing'],
    ['ops', post('finance/exposure_changes', limit()), '403 scope_missing'],
    ['checker', post('finance/exposure_changes', limit()), '403 scope_missing'],
    ['maker', post('finance/exposure_changes/exp_1/decisions', { decision: 'approve' }), '403 scope_missing'],
    ['maker', get('operations/webhook_endpoints'), '403 scope_missing'],
    ['care', post('operations/event_resends', { event: 'evt_1', reason: 'asked' }), '403 scope_missing'],
    ['maker', post('operations/webhook_endpoint_enablings', { endpoint: 'we_1', reason: 'up' }), '403 scope_missing'],
    // A branch's people have no business with headquarters' doors, and learn nothing of what is behind them.
    ['hubei', get('operations/routing_rules'), '403 scope_missing'],
    ['hubei', get('operations/maintenance_windows'), '403 scope_missing'],
    ['hubei', get('operations/doubts'), '403 scope_missing'],
    ['hubei', get('operations/webhook_tries'), '403 scope_missing'],
    ['hubei', get('operations/alarms'), '403 scope_missing'],
  ])('%s %j: %s', async (who, call, expected) => {
    expect(told(await as(who, call))).toBe(expected);
  });

  test.each([
    get('operations/routing_rules'),
    get('operations/maintenance_windows'),
    get('operations/doubts'),
    get('finance/exposures'),
    get('operations/webhook_endpoints'),
  ])('nobody without a session: %j', async (call) => {
    expect(told(await doors.call(call))).toBe('401 session_required');
    expect(told(await doors.signed(doors.keys.test_all, call))).toBe('401 session_required');
  });
});

describe('what is not understood is refused, and says where', () => {
  test.each<[string, Who, Call, string]>([
    [
      'a provider twice',
      'maker',
      post(
        'operations/routing_rules',
        rules({ rules: [{ ...rule, providers: [rule.providers[0], rule.providers[0]] }] }),
      ),
      '400 field_invalid',
    ],
    [
      'bounds the wrong way round',
      'maker',
      post('operations/routing_rules', rules({ rules: [{ ...rule, amount_from: 2, amount_to: 1 }] })),
      '400 field_invalid',
    ],
    [
      'an amount with a fraction',
      'maker',
      post('operations/routing_rules', rules({ rules: [{ ...rule, amount_from: 1.5 }] })),
      '400 field_invalid',
    ],
    [
      'a rule for nobody',
      'maker',
      post('operations/routing_rules', rules({ rules: [{ ...rule, providers: [] }] })),
      '400 field_invalid',
    ],
    [
      'a provider nobody knows',
      'maker',
      post('operations/routing_rules', rules({ rules: [{ ...rule, providers: [{ provider: 'bank_z' }] }] })),
      '400 provider_unknown',
    ],
    ['no reason', 'maker', post('operations/routing_rules', rules({ reason: ' ' })), '400 field_invalid'],
    [
      'a version that is none',
      'walker',
      post('operations/routing_rules/none/decisions', { decision: 'approve' }),
      '400 field_invalid',
    ],
    [
      'a version nobody proposed',
      'checker',
      post('operations/routing_rules/999/decisions', { decision: 'approve' }),
      '404 not_found',
    ],
    [
      'a window that ends before it begins',
      'ops',
      post('operations/maintenance_windows', away({ until: later(0.5) })),
      '400 field_invalid',
    ],
    [
      'a window in the past',
      'ops',
      post('operations/maintenance_windows', away({ from: later(-3), until: later(-2) })),
      '400 field_invalid',
    ],
    [
      'a window of a fortnight',
      'ops',
      post('operations/maintenance_windows', away({ until: later(14 * 24) })),
      '400 field_invalid',
    ],
    [
      'a window of nobody',
      'ops',
      post('operations/maintenance_windows', away({ provider: 'bank_z' })),
      '400 provider_unknown',
    ],
    [
      'a time without its zone',
      'ops',
      post('operations/maintenance_windows', away({ from: '2026-12-01T00:00:00' })),
      '400 field_invalid',
    ],
    [
      'the end of a window that is none',
      'ops',
      post('operations/maintenance_windows/mnt_none/endings'),
      '404 not_found',
    ],
    ['a doubt that is none', 'ops', post('operations/doubts/dbt_none/takings'), '404 not_found'],
    ['a doubt of another name', 'ops', post('operations/doubts/1%20OR%201/takings'), '400 field_invalid'],
    [
      'an action that is none',
      'ops',
      post('operations/doubts/dbt_none/decisions', { action: 'guess', evidence: 'a letter' }),
      '400 field_invalid',
    ],
    [
      'a decision without evidence',
      'ops',
      post('operations/doubts/dbt_none/decisions', { action: 'confirm_paid', evidence: '' }),
      '400 field_invalid',
    ],
    [
      'a limit of a partner that collects nothing',
      'maker',
      post('finance/exposure_changes', limit({ partner: 'shop' })),
      '404 not_found',
    ],
    [
      'a limit without its basis',
      'maker',
      post('finance/exposure_changes', limit({ basis: undefined })),
      '400 field_invalid',
    ],
    [
      'a remittance without its receipt',
      'maker',
      post('finance/exposure_changes', limit({ kind: 'remittance', basis: undefined })),
      '400 field_invalid',
    ],
    [
      'a negative remittance',
      'maker',
      post('finance/exposure_changes', limit({ kind: 'remittance', basis: undefined, receipt: 'R1', amount: -1 })),
      '400 amount_below_minimum',
    ],
    [
      'an event nobody had',
      'ops',
      post('operations/event_resends', { event: 'evt_none', reason: 'asked' }),
      '404 not_found',
    ],
    [
      'an endpoint nobody has',
      'ops',
      post('operations/webhook_endpoint_enablings', { endpoint: 'we_none', reason: 'up' }),
      '404 not_found',
    ],
    [
      'a member nobody knows',
      'ops',
      post('operations/event_resends', { event: 'evt_1', reason: 'x', all: true }),
      '400 field_unknown',
    ],
    ['a list without end', 'ops', get('operations/webhook_tries?limit=1000000'), '400 field_invalid'],
  ])('%s', async (_name, who, call, expected) => {
    expect(told(await as(who, call))).toBe(expected);
  });
});

test('routing rules: two people, in force from the approval at the earliest, decided once', async () => {
  const proposed = await as('walker', post('operations/routing_rules', rules()));
  expect([proposed.status, proposed.json['state'], proposed.json['in_force_from']]).toEqual([201, 'proposed', null]);
  const decision = (who: Who, verdict = 'approve') =>
    as(who, post(`operations/routing_rules/${String(proposed.json['version'])}/decisions`, { decision: verdict }));
  expect(told(await decision('walker'))).toBe('403 own_proposal');
  const before = Date.now();
  const [first, second] = await Promise.all([decision('checker'), decision('checker', 'reject')]);
  expect([told(first), told(second)].filter((one) => one === '409 state_conflict')).toHaveLength(1);
  const newest = (await as('care', get('operations/routing_rules?limit=1'))).json['data'] as Record<string, unknown>[];
  expect(newest[0]).toMatchObject({ version: proposed.json['version'], decided_by: 'checker' });
  if (newest[0]?.['state'] === 'approved')
    expect(Date.parse(String(newest[0]['in_force_from']))).toBeGreaterThanOrEqual(before - 1_000);
  expect(await audited('routing.propose')).toContain('walker routing');
});

test('maintenance: windows of one provider never overlap; one that was ended is over', async () => {
  const first = await as('ops', post('operations/maintenance_windows', away()));
  expect([first.status, first.json['planned_by']]).toEqual([201, 'ops']);
  expect(
    told(await as('ops', post('operations/maintenance_windows', away({ from: later(1.5), until: later(3) })))),
  ).toBe('409 state_conflict');
  const listed = (await as('care', get('operations/maintenance_windows'))).json['data'] as { id: string }[];
  expect(listed.map(({ id }) => id)).toContain(first.json['id']);
  const end = () => as('ops', post(`operations/maintenance_windows/${String(first.json['id'])}/endings`));
  expect((await end()).json).toMatchObject({ ended_by: 'ops' });
  expect(told(await end())).toBe('409 state_conflict');
  expect(told(await as('ops', post('operations/maintenance_windows', away())))).toBe('201 ok');
});

test('exposure: a limit and a receipt count once a second person agrees, and once', async () => {
  const change = await as('maker', post('finance/exposure_changes', limit()));
  const decide = (who: Who, id: unknown) =>
    as(who, post(`finance/exposure_changes/${String(id)}/decisions`, { decision: 'approve' }));
  const limitOf = async () =>
    ((await as('maker', get('finance/exposures'))).json['data'] as { partner: string; limit: number | null }[]).find(
      ({ partner }) => partner === 'bank',
    )?.limit;
  expect(told(change)).toBe('201 proposed');
  expect(await limitOf()).toBeNull();
  expect(told(await decide('checker', change.json['id']))).toBe('200 approved');
  expect(told(await decide('checker', change.json['id']))).toBe('409 state_conflict');
  expect(await limitOf()).toBe(1_000_000);
  const receipt = limit({ kind: 'remittance', basis: undefined, receipt: 'BOC-77', amount: 5_000 });
  const own = await as('walker', post('finance/exposure_changes', receipt));
  expect(told(await decide('walker', own.json['id']))).toBe('403 own_proposal');
  expect(told(await as('maker', post('finance/exposure_changes', receipt)))).toBe('409 state_conflict');
  expect(told(await decide('checker', 'exp_none'))).toBe('404 not_found');
  const changes = (await as('walker', get('finance/exposure_changes?partner=bank'))).json['data'] as object[];
  expect(changes).toHaveLength(2);
});

/** A callback that no ladder settles stands in the queue; above the limit, and where no sum is known, two people decide. */
test('the human queue: taken, asked again, decided by two people on evidence', async () => {
  const db = doors.app.get<Db>(DB);
  const id = newId('dbt');
  await db.run(
    `INSERT INTO doubt (id, kind, object_no, payment_no, provider, amount, why, state, owner, opened_at, tries, outcome)
     VALUES (?, 'callback', 'bank_a/evt-1', '', 'bank_a', NULL, 'no such order of this provider', 'open', '', NOW(3), 0, '')`,
    [id],
  );
  const listed = async (query = '') =>
    ((await as('care', get(`operations/doubts${query}`))).json['data'] as { id: string; owner: string | null }[]).map(
      (one) => `${one.id} ${one.owner ?? '-'}`,
    );
  expect(await listed()).toContain(`${id} -`);
  expect(told(await as('walker', post(`operations/doubts/${id}/takings`)))).toBe('200 open');
  expect(await listed()).toContain(`${id} walker`);
  const action = { action: 'dismiss', evidence: 'letter of bank A, 22 November, page 2' };
  const decide = (who: Who, over: object = {}) =>
    as(who, post(`operations/doubts/${id}/decisions`, { ...action, ...over }));
  expect(told(await decide('walker', { action: 'confirm_paid' }))).toBe('409 state_conflict'); // no callback is paid
  expect(told(await decide('ops'))).toBe('409 state_conflict'); // it is somebody else's
  const decision = await decide('walker');
  expect([decision.status, decision.json['proposed_by']]).toEqual([201, 'walker']);
  expect(await audited('doubt.dismiss')).toContain(`walker doubt/${id}`);
  expect(decision.json['state']).toBe('proposed');
  const verdict = (who: Who) =>
    as(who, post(`operations/doubt_decisions/${String(decision.json['id'])}/verdicts`, { decision: 'approve' }));
  expect(told(await verdict('walker'))).toBe('403 own_proposal');
  expect(told(await verdict('checker'))).toBe('200 done');
  expect(told(await verdict('checker'))).toBe('409 state_conflict');
});

test('webhooks: what is disabled is enabled by hand, an event is told again; both stand in the audit', async () => {
  const endpoint = { url: 'https://shop.example/hook' };
  const made = await doors.signed(doors.keys.test_all, {
    ...post('webhook_endpoints', endpoint),
    headers: { 'idempotency-key': 'endpoint-of-the-test' },
  });
  expect(`${made.status} ${made.text}`).toMatch(/^201 /);
  const id = String(made.json['id']);
  const all = (await as('ops', get('operations/webhook_endpoints'))).json['data'] as { id: string; partner: string }[];
  expect(all.find((one) => one.id === id)).toMatchObject({ partner: 'all' });
  const enable = () =>
    as('ops', post('operations/webhook_endpoint_enablings', { endpoint: id, reason: 'they are up' }));
  expect(told(await enable())).toBe('200 active'); // it is: nothing changes
  await doors.app.get<Db>(DB).run("UPDATE webhook_endpoint SET state = 'disabled' WHERE id = ?", [id]);
  expect((await enable()).status).toBe(200);
  const ended = "UPDATE webhook_endpoint SET state = 'ended' WHERE id = ?";
  await doors.app.get<Db>(DB).run(ended, [id]);
  expect(told(await enable())).toBe('409 state_conflict'); // its partner ended it: documented, and so it is
  await doors.app.get<Db>(DB).run("UPDATE webhook_endpoint SET state = 'active' WHERE id = ?", [id]);
  expect(await audited('webhook_endpoint.enable')).toContain(`ops webhook_endpoint/${id}`);
  expect(told(await as('ops', get('operations/events/evt_none/tries')))).toBe('404 not_found');
  expect((await as('ops', get(`operations/webhook_tries?endpoint=${id}`))).json['data']).toEqual([]);
  expect((await as('ops', get('operations/alarms'))).json).toMatchObject({ object: 'list' });
});
