import type { PolicyView } from '@yidian/contracts';
import { openDoors, type Answered, type Call, type Doors } from './doors';

const asked: { pattern: string; request: unknown }[] = [];
const note = <T>(pattern: string, reply: (request: never) => T) => ({
  [pattern]: (request: never): T => {
    asked.push({ pattern, request });
    return reply(request);
  },
});

const version: PolicyView = {
  ...{ branch: '420000', version: 3, state: 'proposed', reason: 'summer', proposedBy: 'maker' },
  ...{ validFrom: '2026-12-01T00:00:00.000Z', inForceFrom: null, proposedAt: '2026-11-22T01:02:03.000Z' },
  ...{ decidedBy: null, decidedAt: null, decisionReason: null },
  policy: {
    limits: { min: '1000', max: '50000', step: '100' },
    promotions: [{ name: '充100送10', atLeast: '10000', bonus: '1000', bearer: 'hq' }],
    discounts: [{ name: '百元98折', face: '10000', amount: '200', bearer: 'home' }],
    maintenance: [],
    wording: { receipt_sign: '湖北移动' },
    bonusRefund: 'forfeit',
    billingRun: { fromDay: 1, toDay: 3, credits: 'queue' },
  },
};
const policy = {
  limits: { min: 1000, max: 50_000, step: 100 },
  promotions: [{ name: '充100送10', at_least: 10_000, bonus: 1000, bearer: 'hq' }],
  discounts: [{ name: '百元98折', face: 10_000, amount: 200, bearer: 'home' }],
  maintenance: [],
  wording: { receipt_sign: '湖北移动' },
  bonus_refund: 'forfeit',
  billing_run: { from_day: 1, to_day: 3, credits: 'queue' },
};
const marks: Record<string, object> = {
  'INV-1': { outcome: 'posted', replay: true },
  'INV-2': { outcome: 'rejected', reason: 'not_found', replay: false },
  'INV-3': { outcome: 'rejected', reason: 'state_conflict', replay: false },
  'INV-4': { outcome: 'conflict', reason: 'paymentNo', replay: false },
  'INV-5': { outcome: 'busy', replay: false },
  'INV-6': { outcome: 'unknown', replay: false },
};

let doors: Doors;
const cookies = new Map<string, string>();
beforeAll(async () => {
  doors = await openDoors({
    reconciliation: {},
    settlement: {},
    billing: {
      ...note('policies.propose', () => ({ outcome: 'ok', policy: version })),
      ...note('policies.decide', ({ version: n }: { version: number }) => {
        if (n === 3) return { outcome: 'own_proposal', policy: version };
        return n === 4 ? { outcome: 'ok', policy: { ...version, state: 'approved' } } : { outcome: 'not_found' };
      }),
      ...note('policies.list', () => ({ policies: [version] })),
      ...note('policies.in_force', ({ branch, at }: { branch: string; at?: string }) =>
        branch === '420000'
          ? { ...{ branch, at: at ?? '', version: 3, maintenance: false, billingRun: true }, policy: version.policy }
          : null,
      ),
      ...note('invoices.mark', ({ items }: { items: { key: string }[] }) => ({
        items: items.map(({ key }) => ({ key, ...marks[key] })),
      })),
    },
  });
});
afterAll(() => doors.close());
beforeEach(() => asked.splice(0));

async function as(who: Parameters<Doors['enter']>[0], call: Call): Promise<Answered> {
  const cookie = cookies.get(who) ?? (await doors.enter(who));
  cookies.set(who, cookie);
  return doors.call({ ...call, headers: { cookie, 'x-requested-with': 'console', ...call.headers } });
}
const get = (path: string): Call => ({ method: 'GET', path: `/v1/finance/${path}` });
const post = (path: string, body: object): Call => ({ method: 'POST', path: `/v1/finance/${path}`, body });
const proposal = { branch: '420000', valid_from: '2026-12-01T00:00:00.000Z', policy, reason: 'summer' };

test('a maker proposes: integers of fen outside, digits inside, the same policy back', async () => {
  const answer = await as('maker', post('policies', proposal));
  expect(answer.status).toBe(201);
  expect(answer.json).toMatchObject({ object: 'branch_policy', id: 'pol_420000_3', state: 'proposed', policy });
  expect(asked[0]?.request).toEqual({
    ...{ branch: '420000', validFrom: proposal.valid_from, reason: 'summer', actor: 'maker', policy: version.policy },
  });
});

test.each([
  ['min above max', { ...policy, limits: { min: 2000, max: 1000, step: 100 } }, '/policy/limits'],
  [
    'nothing left to pay',
    { ...policy, discounts: [{ name: 'x', face: 100, amount: 100, bearer: 'hq' }] },
    '/policy/discounts',
  ],
  ['half a fen', { ...policy, limits: { min: 0.5, max: 1000, step: 100 } }, '/policy/limits/min'],
])('%s is no policy, and nobody is asked', async (_name, wrong, pointer) => {
  const answer = await as('maker', post('policies', { ...proposal, policy: wrong }));
  expect(answer.status).toBe(400);
  expect(answer.json).toMatchObject({ errors: [{ pointer }] });
  expect(asked).toEqual([]);
});

test('a checker decides what somebody else proposed', async () => {
  const decide = (id: string) => as('checker', post(`policies/${id}/decisions`, { decision: 'approve' }));
  expect((await decide('pol_420000_4')).json).toMatchObject({ state: 'approved' });
  expect(asked[0]?.request).toMatchObject({ branch: '420000', version: 4, decision: 'approve', actor: 'checker' });
  expect((await decide('pol_420000_3')).json).toMatchObject({ status: 409, code: 'state_conflict' });
  expect((await decide('pol_420000_5')).status).toBe(404);
});

test('a branch reads its own policies and nobody else’s', async () => {
  expect((await as('hubei', get('policies'))).json).toMatchObject({ data: [{ id: 'pol_420000_3' }] });
  expect(asked[0]?.request).toMatchObject({ branch: '420000' });
  expect((await as('hubei', get('policies?branch=440000'))).status).toBe(404);
  expect((await as('hubei', get('policies/in_force?branch=440000'))).status).toBe(404);
  const answer = await as('hubei', get('policies/in_force?branch=420000&at=2026-12-02T00:00:00Z'));
  expect(answer.json).toMatchObject({ object: 'branch_policy_in_force', version: 3, billing_run: true, policy });
  expect((await as('maker', get('policies/in_force?branch=999999'))).status).toBe(404);
});

test.each([
  ['checker', post('policies', proposal)],
  ['maker', post('policies/pol_420000_3/decisions', { decision: 'approve' })],
  ['care', get('policies')],
  ['care', post('invoice_marks', { payment: 'pay_26112243215007310042', invoice: 'INV-1', action: 'mark' })],
] as const)('%s may not do that: %#', async (who, call) => {
  expect((await as(who, call)).json).toMatchObject({ code: 'scope_missing' });
  expect(asked).toEqual([]);
});

test.each([
  ['INV-1', 200, undefined],
  ['INV-2', 404, 'not_found'],
  ['INV-3', 409, 'state_conflict'],
  ['INV-4', 409, 'state_conflict'],
  ['INV-5', 503, 'busy'],
  ['INV-6', 500, 'internal'],
])('marking %s answers %d %s', async (invoice, status, code) => {
  const body = { payment: 'pay_26112243215007310042', invoice, action: 'mark' };
  const answer = await as('maker', post('invoice_marks', body));
  expect([answer.status, answer.json['code']]).toEqual([status, code]);
  if (status === 200) expect(answer.json).toMatchObject({ object: 'invoice_mark', state: 'marked', replayed: true });
});

test('a branch marks payments of its own', async () => {
  const body = { payment: 'pay_26112243215007310042', invoice: 'INV-1', action: 'red_flush' };
  expect((await as('hubei', post('invoice_marks', body))).json).toMatchObject({ state: 'red_flushed' });
  expect(asked[0]?.request).toEqual({
    items: [
      {
        ...{ key: 'INV-1', paymentNo: '26112243215007310042', action: 'red_flush', actor: 'hubei' },
        branch: '420000',
      },
    ],
  });
});
