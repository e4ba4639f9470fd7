import { openDoors, type Answered, type Call, type Doors } from './doors';
import { payee, plan, refused, run, schedule, simulation } from './settlement-fixtures';

const asked: { pattern: string; request: unknown }[] = [];
const note = <T>(pattern: string, reply: (request: never) => T) => ({
  [pattern]: (request: never): T => {
    asked.push({ pattern, request });
    return reply(request);
  },
});
const own = <T extends object>(view: T) =>
  function decide({ id, actor }: { id: string; actor: string }) {
    return id.endsWith('own') ? refused('own_proposal') : { ...view, decidedBy: actor };
  };

let doors: Doors;
beforeAll(async () => {
  doors = await openDoors({
    settlement: {
      ...note('payouts.list', () => ({ runs: [run] })),
      ...note('payouts.get', ({ runId }: { runId: string }) => (runId === 'run_1' ? run : refused('not_found'))),
      ...note('payouts.propose', ({ account }: { account: string }) => {
        if (account === 'busy') return refused('busy', 'balances are about to change');
        const skipped = [{ kind: 'partner', code: 'shop', amount: '500', reason: 'no_payee' }];
        return { run: account === 'none' ? null : run, skipped };
      }),
      ...note('payouts.approve', ({ runId, actor }: { runId: string; actor: string }) =>
        runId === 'run_own' ? refused('own_proposal') : { ...run, state: 'approved_once', firstBy: actor },
      ),
      ...note('payouts.withdraw', ({ runId }: { runId: string }) =>
        runId === 'run_sent' ? refused('state_conflict', 'the run is sent') : { ...run, state: 'withdrawn' },
      ),
      ...note('payouts.file', ({ runId }: { runId: string }) =>
        runId === 'run_1'
          ? { fileName: 'pain.xml', sha256: 'ab', contentBase64: Buffer.from('<Document/>').toString('base64') }
          : refused('not_found'),
      ),
      ...note('payees.list', () => ({ payees: [payee] })),
      ...note('payees.propose', () => payee),
      ...note('payees.decide', own({ ...payee, state: 'approved' })),
      ...note('fees.list', () => ({ schedules: [schedule] })),
      ...note('fees.propose', () => schedule),
      ...note('fees.simulate', () => simulation),
      ...note('fees.decide', own({ ...schedule, state: 'active' })),
      ...note('plans.list', () => ({ plans: [plan] })),
      ...note('plans.propose', () => plan),
      ...note('plans.decide', own({ ...plan, state: 'active' })),
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
const post = (path: string, body: object = {}): Call => ({ method: 'POST', path: `/v1/finance/${path}`, body });
const approve = { decision: 'approve' };

describe('payouts', () => {
  test('runs are listed and read in integers of fen', async () => {
    const view = { object: 'payout_run', run_id: 'run_1', total: 91_200, payouts: [{ amount: 91_200, retry_of: '' }] };
    expect((await as('maker', get('payout_runs'))).json).toMatchObject({ object: 'list', data: [view] });
    expect((await as('checker', get('payout_runs/run_1'))).json).toMatchObject(view);
    expect((await as('checker', get('payout_runs/run_2'))).json).toMatchObject({ status: 404, code: 'not_found' });
  });

  test('a run is proposed with what it pays, and who is left out is named', async () => {
    const body = {
      ...{ account: 'basic', execution_day: '2026-11-30', period: '2026-11' },
      parties: [{ kind: 'branch', code: '420000' }],
      refunds: [{ payment: 'pay_26112243215007310042', branch: '420000', amount: 5_000 }],
    };
    const { status, json } = await as('maker', post('payout_runs', body));
    expect([status, json]).toMatchObject([
      200,
      { object: 'payout_proposal', run: { run_id: 'run_1' }, skipped: [{ code: 'shop', amount: 500 }] },
    ]);
    expect(asked[0]?.request).toEqual({
      ...{ account: 'basic', executionDay: '2026-11-30', period: '2026-11', actor: 'maker', parties: body.parties },
      refunds: [{ paymentNo: '26112243215007310042', branch: '420000', amount: '5000' }],
    });
    expect((await as('maker', post('payout_runs', { account: 'none' }))).json).toMatchObject({ run: null });
    const busy = await as('maker', post('payout_runs', { account: 'busy' }));
    expect([busy.status, busy.json['code'], busy.headers.get('retry-after')]).toEqual([503, 'busy', '2']);
  });

  test('approved by another, rejected or taken back, downloaded once sent', async () => {
    const approved = await as('checker', post('payout_runs/run_1/decisions', approve));
    expect(approved.json).toMatchObject({ state: 'approved_once', first_by: 'checker' });
    const same = await as('checker', post('payout_runs/run_own/decisions', approve));
    expect(same.json).toMatchObject({ status: 403, code: 'own_proposal' });
    const rejected = await as('checker', post('payout_runs/run_1/decisions', { decision: 'reject' }));
    expect(rejected.json).toMatchObject({ state: 'withdrawn' });
    const late = await as('maker', post('payout_runs/run_sent/withdrawals'));
    expect(late.json).toMatchObject({ status: 409, code: 'state_conflict', detail: 'the run is sent' });
    const file = await as('checker', get('payout_runs/run_1/file'));
    expect([file.text, file.headers.get('content-type')]).toEqual(['<Document/>', 'application/xml']);
    expect((await as('checker', get('payout_runs/run_2/file'))).status).toBe(404);
  });

  test('payees by two people, accounts masked', async () => {
    const body = { party_kind: 'branch', party: '420000', name: '湖北', account: '6222000011231234', reason: 'new' };
    const { status, json } = await as('maker', post('payees', body));
    expect([status, json]).toMatchObject([201, { object: 'payee', account: '****1234', effective_at: null }]);
    expect(asked[0]?.request).toMatchObject({ partyKind: 'branch', account: '6222000011231234', actor: 'maker' });
    const nameless = await as('maker', post('payees', { ...body, account: '' }));
    expect(nameless.json).toMatchObject({ code: 'field_invalid', errors: [{ pointer: '/account' }] });
    expect((await as('checker', get('payees'))).json['data']).toMatchObject([{ id: 'pe_1' }]);
    const done = await as('checker', post('payees/pe_1/decisions', approve));
    expect(done.json).toMatchObject({ state: 'approved', decided_by: 'checker' });
    expect((await as('checker', post('payees/pe_own/decisions', approve))).json).toMatchObject({
      code: 'own_proposal',
    });
  });
});

describe('contracts', () => {
  const line = {
    ...{ id: 'bank_a-2027', provider: 'bank_a', valid_from: '2027-01-01', ppm: 3_800, min: 1 },
    ...{ tiers: [{ from: 0, ppm: 3_800 }], refund_policy: 'kept' },
  };
  test('a fee schedule is proposed, simulated and decided', async () => {
    const proposed = await as('maker', post('fee_schedules', { schedule: line, reason: 'cheaper' }));
    expect([proposed.status, proposed.json]).toMatchObject([
      201,
      { object: 'fee_schedule', state: 'draft', schedule: { ...line, cap: null, bearers: [{ ppm: 1_000_000 }] } },
    ]);
    expect(asked[0]?.request).toMatchObject({
      schedule: {
        validFrom: '2027-01-01',
        roundPer: 'payment',
        refundPolicy: 'kept',
        tiers: [{ from: 0, ppm: 3_800 }],
      },
      ...{ reason: 'cheaper', actor: 'maker' },
    });
    const span = { from: '2026-10', to: '2026-11' };
    const shown = await as('checker', post('fee_schedules/bank_a-2027/simulations', span));
    expect(shown.json).toEqual({
      ...{ object: 'fee_simulation', id: 'bank_a-2027', ...span, payments: 2, digest: 'd3' },
      ...{ charged: 90, would_be: 45, difference: -45 },
      branches: [{ branch: '420000', payments: 2, charged: 90, would_be: 45, difference: -45 }],
    });
    const done = await as('checker', post('fee_schedules/bank_a-2027/decisions', approve));
    expect(done.json).toMatchObject({ state: 'active', decided_by: 'checker' });
    const same = await as('checker', post('fee_schedules/own/decisions', approve));
    expect(same.json).toMatchObject({ status: 403, code: 'own_proposal' });
    expect((await as('maker', get('fee_schedules?provider=bank_a'))).json['data']).toHaveLength(1);
    expect(asked.at(-1)?.request).toEqual({ provider: 'bank_a' });
  });

  test.each([
    ['a float', { ...line, ppm: 0.38 }, '/schedule/ppm'],
    ['half a fen', { ...line, min: 0.5 }, '/schedule/min'],
    ['a rate above all', { ...line, ppm: 1_000_001 }, '/schedule/ppm'],
    ['a word nobody knows', { ...line, surprise: 1 }, '/schedule/surprise'],
  ])('%s is no contract, and nobody is asked', async (_, wrong, pointer) => {
    const answer = await as('maker', post('fee_schedules', { schedule: wrong, reason: 'x' }));
    expect(answer.json).toMatchObject({ status: 400, errors: [{ pointer }] });
    expect(asked).toEqual([]);
  });

  test('a commission plan likewise', async () => {
    const levels = [{ earner: 'party', party: 'agent_1', ppm: 5_000 }];
    const wanted = { id: 'agents-2027', valid_from: '2027-01-01', levels, tax_ppm: 60_000 };
    const proposed = await as('maker', post('commission_plans', { plan: wanted, reason: 'agents' }));
    expect([proposed.status, proposed.json]).toMatchObject([201, { object: 'commission_plan', plan: wanted }]);
    expect(asked[0]?.request).toMatchObject({ plan: { taxPpm: 60_000, clawCapPpm: null, levels }, actor: 'maker' });
    const done = await as('checker', post('commission_plans/agents-2027/decisions', { decision: 'reject' }));
    expect(done.json).toMatchObject({ object: 'commission_plan', decided_by: 'checker' });
    expect((await as('checker', get('commission_plans'))).json['data']).toMatchObject([{ id: 'agents-2027' }]);
  });
});

test.each([
  ['checker', post('payout_runs', { account: 'basic' })],
  ['maker', post('payout_runs/run_1/decisions', approve)],
  ['maker', post('payees/pe_1/decisions', approve)],
  ['maker', post('fee_schedules/bank_a-2027/decisions', approve)],
  ['hubei', get('payees')],
  ['hubei', get('commission_plans')],
] as const)('%s may not do that: %#', async (who, call) => {
  expect((await as(who, call)).json).toMatchObject({ code: 'scope_missing' });
  expect(asked).toEqual([]);
});
