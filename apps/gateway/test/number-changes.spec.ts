import type { ChangeAnswer } from '@yidian/contracts';
import { DB, type Db } from '../src/platform';
import { openDoors, type Answered, type Doors } from './doors';

const told: Record<string, unknown>[] = [];
let answer: ChangeAnswer = { outcome: 'changed', eventId: '7' };
let doors: Doors;
const cookies = new Map<string, string>();

beforeAll(async () => {
  doors = await openDoors({
    billing: {
      'subscribers.change': (request: never) => {
        told.push(request);
        return answer;
      },
      'subscriber_events.pull': () => ({ events: [] }),
    },
  });
});
afterAll(() => doors.close());
beforeEach(() => told.splice(0));

const BODY = {
  number: '13900000000',
  kind: 'suspended',
  at: '2026-11-23T10:00:00+08:00',
  reason: 'reported lost by phone',
  suspend_reason: 'loss',
};

async function change(who: 'ops' | 'maker', body: object, key = '"ticket-17"'): Promise<Answered> {
  const cookie = cookies.get(who) ?? (await doors.enter(who));
  cookies.set(who, cookie);
  return doors.call({
    method: 'POST',
    path: '/v1/operations/number_changes',
    headers: { cookie, 'x-requested-with': 'console', ...(key === '' ? {} : { 'idempotency-key': key }) },
    body,
  });
}

test('operations tell what happened to a number, in their own name, under a key', async () => {
  answer = { outcome: 'changed', eventId: '7' };
  const done = await change('ops', BODY);
  expect([done.status, done.json]).toEqual([
    201,
    {
      object: 'number_change',
      number: '139****0000',
      kind: 'suspended',
      at: '2026-11-23T02:00:00.000Z',
      outcome: 'changed',
      event: '7',
    },
  ]);
  expect(told).toEqual([
    {
      key: expect.stringMatching(/^[0-9a-f]{64}$/),
      source: 'operator:ops',
      msisdn: '13900000000',
      kind: 'suspended',
      at: BODY.at,
      suspendReason: 'loss',
    },
  ]);
  await change('ops', BODY, 'ticket-17');
  expect(told[1]?.['key']).toBe(told[0]?.['key']);
});

test('a replay says so; what came late is told as such', async () => {
  answer = { outcome: 'replay', first: 'changed', eventId: '7' };
  const again = await change('ops', BODY);
  expect([again.status, again.headers.get('idempotency-replayed'), again.json['event']]).toEqual([201, 'true', '7']);
  answer = { outcome: 'stale' };
  expect((await change('ops', BODY)).json).toMatchObject({ outcome: 'stale', event: null });
});

test.each<[ChangeAnswer, string]>([
  [{ outcome: 'unknown_number' }, 'number_unknown'],
  [{ outcome: 'conflict', reason: 'key_reused' }, 'idempotency_key_reused'],
  [{ outcome: 'conflict', reason: 'not_allowed' }, 'state_conflict'],
  [{ outcome: 'conflict', reason: 'not_yet' }, 'field_invalid'],
  [{ outcome: 'replay', first: 'conflict', reason: 'not_allowed' }, 'state_conflict'],
])('%j is refused', async (given, code) => {
  answer = given;
  expect((await change('ops', BODY)).json).toMatchObject({ code, outcome: 'not_executed' });
});

test.each([
  [{ ...BODY, number: '139' }, '"a"', 'number_malformed'],
  [{ ...BODY, kind: 'low_balance' }, '"a"', 'field_invalid'],
  [{ ...BODY, at: 'yesterday' }, '"a"', 'field_invalid'],
  [{ ...BODY, reason: ' ' }, '"a"', 'field_invalid'],
  [BODY, '', 'idempotency_key_missing'],
])('%j under %s asks billing nothing', async (body, key, code) => {
  expect((await change('ops', body, key)).json).toMatchObject({ code });
  expect(told).toEqual([]);
});

test('nobody else may', async () => {
  expect((await change('maker', BODY)).json).toMatchObject({ code: 'scope_missing' });
});

test('the audit has who, what and why, and neither the number nor a name', async () => {
  answer = { outcome: 'changed', eventId: '8' };
  await change('ops', { ...BODY, kind: 'owner_changed', suspend_reason: undefined, name: '王秀兰' }, '"audit"');
  const rows = await doors.app
    .get<Db>(DB)
    .select<{ actor: string; object: string; after_json: string }>(
      "SELECT actor, object, after_json FROM audit WHERE action = 'number.change' ORDER BY at",
    );
  const last = rows.at(-1);
  expect(last).toMatchObject({ actor: 'ops', object: 'number/139****0000' });
  expect(last?.after_json).toContain('reported lost by phone');
  expect(JSON.stringify(rows)).not.toMatch(/13900000000|王秀兰/);
});
