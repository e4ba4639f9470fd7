import { openDoors, type Answered, type Call, type Doors } from './doors';
import { entry, imported, paidIn, payee, plan, refused, run, schedule, simulation } from './settlement-fixtures';

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
      ...note('payouts.status', () => ({ rejected: ['po_1'], noted: 2, findings: [] })),
      ...note('treasury.terms', () => ({
        accounts: [{ code: 'basic', name: 'HQ', account: '****1234', bic: '' }],
        providers: [{ provider: 'bank_a', arrives: 'payout', lagDays: 1, setOff: false }],
      })),
      ...note('bank.import', ({ account }: { account: string }) => (account === 'x' ? refused('not_found') : imported)),
      ...note('bank.unexplained', ({ after }: { after: object | null }) => ({
        ...{ entries: [entry], next: after ? null : entry },
      })),
      ...note('bank.propose', ({ provider, actor }: { provider: string; actor: string }) => ({
        ...{ ...entry, state: 'proposed', provider, proposedBy: actor },
      })),
      ...note('bank.decide', ({ entryId }: { entryId: string }) =>
        entryId === 'own' ? refused('own_proposal') : { ...entry, state: 'booked', meaning: 'payout_back' },
      ),
      ...note('payouts_in.import', () => ({
        ...{ format: 'fund_flow', lines: 4, added: 1, conflicting: [], findings: ['row 7'], agrees: true },
      })),
      ...note('payouts_in.match', () => paidIn),
      ...note('prefund.apply', ({ provider }: { provider: string }) =>
        provider === 'bank_a'
          ? refused('state_conflict', 'its contract knows no prefund')
          : { provider, applied: [{ date: '2026-11-22', amount: '500' }], left: '20' },
      ),
      ...note('set_off.post', ({ provider }: { provider: string }) => ({ provider, amount: '380', replay: true })),
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
    const zh = { ...post('payout_runs', { account: 'busy' }), headers: { 'accept-language': 'zh-CN' } };
    expect((await as('maker', zh)).json['detail']).toMatch(/[\u4e00-\u9fff].*balances are about to change/u);
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

describe('our own accounts at banks', () => {
  test('which there are, and how money arrives on them', async () => {
    expect((await as('checker', get('treasury'))).json).toEqual({
      object: 'treasury',
      accounts: [{ code: 'basic', name: 'HQ', account: '****1234', bic: '' }],
      providers: [{ provider: 'bank_a', arrives: 'payout', lag_days: 1, set_off: false }],
    });
  });

  const file = Buffer.from('<Document/>').toString('base64');

  test('files are brought by the maker: an account statement, a payout report, the answer to our order', async () => {
    const statement = await as('maker', post('bank_statements', { account: 'basic', content_base64: file }));
    expect([statement.status, statement.json]).toMatchObject([
      200,
      { object: 'bank_statement', entries: 3, added: 2, agrees: true, booked: 1, unexplained: 1 },
    ]);
    expect(asked[0]?.request).toEqual({ account: 'basic', contentBase64: file, actor: 'maker' });
    const nobody = await as('maker', post('bank_statements', { account: 'x', content_base64: file }));
    expect(nobody.json).toMatchObject({ status: 404, code: 'not_found' });
    const report = { provider: 'bank_a', file_name: 'flow.csv', content_base64: file };
    expect((await as('maker', post('payout_reports', report))).json).toMatchObject({
      ...{ object: 'payout_report', format: 'fund_flow', lines: 4, added: 1, findings: ['row 7'] },
    });
    const answer = await as('maker', post('payout_statuses', { date: '2026-11-30', content_base64: file }));
    expect(answer.json).toEqual({ object: 'payout_status', rejected: ['po_1'], noted: 2, findings: [] });
    expect(asked.at(-1)?.request).toEqual({ date: '2026-11-30', contentBase64: file, actor: 'maker' });
  });

  test('whose money an entry is, two people say', async () => {
    const view = { object: 'bank_entry', entry_id: 'basic/N77', value_day: '2026-11-24', amount: -500 };
    const first = (await as('checker', get('bank_entries'))).json;
    expect(first).toMatchObject({ data: [view], has_more: true });
    const rest = await as('checker', get(`bank_entries?cursor=${encodeURIComponent(String(first['next_cursor']))}`));
    expect(rest.json).toMatchObject({ data: [view], has_more: false });
    expect(asked.at(-1)?.request).toMatchObject({ after: { valueDay: entry.valueDay, entryId: entry.entryId } });
    const proposed = await as('maker', post('bank_entry_proposals', { entry: 'basic/N77', provider: 'bank_a' }));
    expect(proposed.json).toMatchObject({ ...view, state: 'proposed', provider: 'bank_a', proposed_by: 'maker' });
    const booked = await as('checker', post('bank_entry_decisions', { entry: 'basic/N77', ...approve }));
    expect(booked.json).toMatchObject({ ...view, state: 'booked', meaning: 'payout_back' });
    const same = await as('checker', post('bank_entry_decisions', { entry: 'own', ...approve }));
    expect(same.json).toMatchObject({ status: 403, code: 'own_proposal' });
  });

  test("a provider's dates, its own word and our bank's, side by side", async () => {
    const { json } = await as('checker', get('provider_payouts?provider=bank_a&as_of=2026-11-25'));
    expect(json).toEqual({
      ...{ object: 'provider_payouts', provider: 'bank_a', as_of: '2026-11-25', held: 1_000, clearing: 1_000 },
      groups: [
        {
          ...{ class: 'payout_short', difference: -100 },
          dates: [{ date: '2026-11-22', due_day: '2026-11-23', amount: 99_000 }],
          lines: [{ line_id: 'l1', day: '2026-11-23', amount: 98_900 }],
          entries: [{ entry_id: 'basic/N1', value_day: '2026-11-23', amount: 98_900 }],
        },
      ],
    });
  });

  test('a prefund pays, fees are set off, as the contract says', async () => {
    const paid = await as('maker', post('prefund_applications', { provider: 'shop' }));
    expect(paid.json).toMatchObject({ applied: [{ date: '2026-11-22', amount: 500 }], left: 20 });
    const none = await as('maker', post('prefund_applications', { provider: 'bank_a' }));
    expect(none.json).toMatchObject({ status: 409, detail: 'its contract knows no prefund' });
    const body = { reference: 'so-1', provider: 'bank_a', date: '2026-11-30' };
    const off = await as('maker', post('set_offs', body));
    const said = { object: 'set_off', reference: 'so-1', provider: 'bank_a', amount: 380, replayed: true };
    expect(off.json).toEqual(said);
    expect(asked.at(-1)?.request).toEqual({ key: 'so-1', provider: 'bank_a', date: '2026-11-30', actor: 'maker' });
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
  ['checker', post('bank_statements', { account: 'basic', content_base64: 'AAAA' })],
  ['maker', post('bank_entry_decisions', { entry: 'basic/N77', ...approve })],
  ['hubei', get('bank_entries')],
  ['hubei', get('payees')],
  ['hubei', get('commission_plans')],
] as const)('%s may not do that: %#', async (who, call) => {
  expect((await as(who, call)).json).toMatchObject({ code: 'scope_missing' });
  expect(asked).toEqual([]);
});
