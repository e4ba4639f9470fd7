import type { AdjustmentView } from '@yidian/contracts';
import { openDoors, type Answered, type Call, type Doors } from './doors';
import { fellOver, refused } from './settlement-fixtures';

const PAYMENT = '26112200000000000001';
const told: AdjustmentView = {
  ...{ id: 'fix-1', state: 'proposed', original: { kind: 'provider_day', provider: 'bank_a', date: '2026-11-22' } },
  legs: [
    { account: 'due', party: '420000', amount: '-5000', paymentNo: PAYMENT },
    { account: 'clearing', party: 'bank_a', amount: '5000', paymentNo: PAYMENT },
  ],
  ...{ reason: 'withdrawn', evidence: 'letter 17', proposedBy: 'maker', proposedAt: '2026-11-29T01:00:00.000Z' },
  ...{ decidedBy: '', decidedAt: null, note: '', accountingDate: '', batchId: '' },
};
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
    settlement: {
      ...note('adjustments.list', ({ after }: { after?: string }) => ({
        ...{ adjustments: [{ ...told, id: after === undefined ? 'fix-1' : 'fix-0' }], more: after === undefined },
      })),
      ...note('adjustments.get', ({ id }: { id: string }) => (id === 'gone' ? refused('not_found') : told)),
      ...note('adjustments.propose', ({ id }: { id: string }) => {
        if (id === 'early') return refused('not_signed_off', '2026-11-22 is not signed off: settle it again instead');
        return id === 'taken' ? refused('state_conflict') : told;
      }),
      ...note('adjustments.decide', ({ id, actor, decision, note: said }: Record<string, string>) => {
        if (id === 'lost') return fellOver();
        if (id === 'own') return refused('own_proposal');
        if (decision === 'reject') return { ...told, state: 'rejected', decidedBy: actor, note: said };
        return { ...told, state: 'posted', decidedBy: actor, accountingDate: '2026-11-29', batchId: 'mv-1' };
      }),
    },
  });
});
afterAll(() => doors.close());
beforeEach(() => asked.splice(0));

const cookies = new Map<string, string>();
async function as(who: Parameters<Doors['enter']>[0], call: Call): Promise<Answered> {
  const cookie = cookies.get(who) ?? (await doors.enter(who));
  cookies.set(who, cookie);
  return doors.call({ ...call, headers: { cookie, 'x-requested-with': 'console' } });
}
const get = (path = ''): Call => ({ method: 'GET', path: `/v1/finance/adjustments${path}` });
const post = (path: string, body: object): Call => ({ method: 'POST', path: `/v1/finance/adjustments${path}`, body });
const shown = {
  ...{ object: 'adjustment', id: 'fix-1', state: 'proposed', reason: 'withdrawn', evidence: 'letter 17' },
  original: { kind: 'provider_day', provider: 'bank_a', date: '2026-11-22' },
  legs: [
    { account: 'due', party: '420000', amount: -5_000, payment_no: PAYMENT },
    { account: 'clearing', party: 'bank_a', amount: 5_000, payment_no: PAYMENT },
  ],
  ...{ proposed_by: 'maker', proposed_at: '2026-11-29T01:00:00.000Z', decided_by: '', decided_at: null },
  ...{ note: '', accounting_date: '' },
};
const body = (id: string, given: object = {}) => ({
  ...{ id, original: shown.original, legs: shown.legs, reason: 'withdrawn', evidence: 'letter 17' },
  ...given,
});

test('proposed in integers of fen by a maker, and asked of settlement in digits', async () => {
  const { status, json } = await as('maker', post('', body('fix-1')));
  expect([status, json]).toEqual([201, shown]);
  expect(asked[0]?.request).toEqual({
    ...{ id: 'fix-1', original: told.original, legs: told.legs, reason: 'withdrawn', evidence: 'letter 17' },
    actor: 'maker',
  });
});

test('before the sign-off it is refused with a code of its own, in both languages', async () => {
  const { json } = await as('maker', post('', body('early')));
  expect(json).toMatchObject({ status: 409, code: 'not_signed_off', outcome: 'not_executed' });
  expect(json['detail']).toBe('2026-11-22 is not signed off: settle it again instead');
  expect((await as('maker', post('', body('taken')))).json).toMatchObject({ status: 409, code: 'state_conflict' });
});

test.each<[string, object]>([
  ['/legs/0/amount', { legs: [{ account: 'due', party: '420000', amount: 0.5 }, shown.legs[1]] }],
  ['/legs/0/amount', { legs: [{ account: 'due', party: '420000', amount: 0 }, shown.legs[1]] }],
  ['/legs/0/party', { legs: [{ account: 'due', party: 'bank_a', amount: 5 }, shown.legs[1]] }],
  ['/legs/0/account', { legs: [{ account: 'suspense', party: 'bank_a', amount: 5 }, shown.legs[1]] }],
  ['/legs', { legs: [shown.legs[0]] }],
  ['/evidence', { evidence: ' ' }],
  ['/original/date', { original: { kind: 'platform_day', date: '2026-02-30' } }],
])('refused at the door: %s', async (pointer, given) => {
  const { status, json } = await as('maker', post('', body('fix-1', given)));
  expect(status).toBe(400);
  expect((json['errors'] as { pointer: string }[]).map((one) => one.pointer)).toContain(pointer);
  expect(asked).toEqual([]);
});

test('decided by another person; an answer that nobody has is unknown', async () => {
  const approved = await as('checker', post('/fix-1/decisions', { decision: 'approve' }));
  expect(approved.json).toMatchObject({ state: 'posted', decided_by: 'checker', accounting_date: '2026-11-29' });
  expect(asked[0]?.request).toEqual({ id: 'fix-1', decision: 'approve', note: '', actor: 'checker' });
  const rejected = await as('checker', post('/fix-1/decisions', { decision: 'reject', note: 'no such letter' }));
  expect(rejected.json).toMatchObject({ state: 'rejected', note: 'no such letter', accounting_date: '' });
  const why = await as('checker', post('/fix-1/decisions', { decision: 'reject' }));
  expect(why.json).toMatchObject({ errors: [{ pointer: '/note' }] });
  const own = await as('checker', post('/own/decisions', { decision: 'approve' }));
  expect(own.json).toMatchObject({ status: 403, code: 'own_proposal' });
  const lost = await as('checker', post('/lost/decisions', { decision: 'approve' }));
  expect(lost.json).toMatchObject({ status: 500, code: 'internal', outcome: 'unknown' });
});

test('read one, or page by page', async () => {
  expect((await as('checker', get('/fix-1'))).json).toEqual(shown);
  expect((await as('checker', get('/gone'))).json).toMatchObject({ status: 404, code: 'not_found' });
  const first = await as('maker', get('?state=proposed&limit=1'));
  expect(first.json).toMatchObject({ object: 'list', has_more: true, data: [{ id: 'fix-1' }] });
  const rest = await as('maker', get(`?limit=1&cursor=${String(first.json['next_cursor'])}`));
  expect(rest.json).toMatchObject({ has_more: false, next_cursor: null, data: [{ id: 'fix-0' }] });
  expect(asked.slice(2).map(({ request }) => request)).toEqual([
    { limit: 1, state: 'proposed' },
    { limit: 1, after: 'fix-1' },
  ]);
  expect((await as('maker', get('?cursor=x'))).json).toMatchObject({ code: 'field_invalid' });
});

test.each([
  ['checker', post('', body('fix-1'))],
  ['maker', post('/fix-1/decisions', { decision: 'approve' })],
  ['hubei', get()],
  ['care', get('/fix-1')],
] as const)('%s may not do that: %#', async (who, call) => {
  expect((await as(who, call)).json).toMatchObject({ code: 'scope_missing' });
  expect(asked).toEqual([]);
});
