import { openDoors, type Answered, type Call, type Doors } from './doors';
import { fellOver, month, refused, told } from './settlement-fixtures';

const asked: { pattern: string; request: unknown }[] = [];
const note = <T>(pattern: string, reply: (request: never) => T) => ({
  [pattern]: (request: never): T => {
    asked.push({ pattern, request });
    return reply(request);
  },
});
type Listed = { party?: string; after?: { party: string }; limit: number };
type Asked = { party: string; version?: number; format?: string };

let doors: Doors;
beforeAll(async () => {
  doors = await openDoors({
    settlement: {
      ...note('months.status', ({ month: of }: { month: string }) => ({ ...month, month: of })),
      ...note('months.run', ({ month: of }: { month: string }) =>
        of === '2026-10' ? refused('state_conflict', '2026-10 is signed off') : month,
      ),
      ...note('months.signOff', ({ actor, month: of }: { actor: string; month: string }) => {
        if (of === '2026-09') return fellOver();
        return of === '2026-10' ? refused('own_proposal') : { ...month, state: 'signed_off', signedBy: actor };
      }),
      ...note('invoices.enter', ({ number }: { number: string }) =>
        number === 'INV-2' ? refused('state_conflict') : { replay: true },
      ),
      ...note('positions.get', () => ({
        ...{ date: '2026-11-30', final: false, openBreaks: 0 },
        rows: [
          { partyKind: 'branch', party: '420000' },
          { partyKind: 'branch', party: '440000' },
          { partyKind: 'hq', party: 'hq' },
        ],
      })),
      ...note('party_statements.get', ({ party, version, format }: Asked) => {
        const statement = party === '440000' || version === 9 ? null : { ...told, party };
        if (!statement || format === 'json') return { statement, file: null };
        const content = Buffer.from(`as ${format}`).toString('base64');
        return { statement, file: { name: `s"t.${format}`, contentType: 'text/csv', contentBase64: content } };
      }),
      ...note('party_statements.list', ({ party, after, limit }: Listed) => {
        const all = ['420000', '430000'].filter((one) => (party ?? one) === one && one > (after?.party ?? ''));
        return { statements: all.slice(0, limit).map((one) => ({ ...told, party: one })), more: all.length > limit };
      }),
      ...note('party_statements.issue', ({ period }: { period: string }) =>
        period === '2026-13' ? refused('field_invalid', 'period: no such date or month') : told,
      ),
      ...note('party_statements.decide', ({ actor, decision }: { actor: string; decision: string }) =>
        decision === 'dispute' ? refused('state_conflict') : { ...told, state: 'confirmed', decidedBy: actor },
      ),
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
const post = (path: string, body?: object): Call => ({
  ...{ method: 'POST', path: `/v1/finance/${path}` },
  ...(body ? { body } : {}),
});

describe('months', () => {
  test('a range of them, newest first, across the end of a year', async () => {
    const { status, json } = await as('maker', get('months?from=2025-12&to=2026-02'));
    expect(status).toBe(200);
    expect((json['data'] as { month: string }[]).map((one) => one.month)).toEqual(['2026-02', '2026-01', '2025-12']);
    expect(json['data']).toMatchObject([{ object: 'month', state: 'closed', proposed_by: 'maker' }, {}, {}]);
    for (const span of ['from=2026-02&to=2026-01', 'from=2025-01&to=2026-01', 'from=2026-13&to=2026-13'])
      expect((await as('maker', get(`months?${span}`))).json).toMatchObject({ code: 'field_invalid' });
  });

  test('one of them, and its trial balance in integers of fen', async () => {
    expect((await as('checker', get('months/2026-11'))).json).toEqual({
      ...{ object: 'month', month: '2026-11', state: 'closed', proposed_by: 'maker', signed_by: '', digest: 'd1' },
      steps: [{ no: 1, name: 'days', state: 'done', detail: '' }],
      figures: [{ step: 2, terms_id: 'bank_a-2026', party: '420000', name: 'fee', amount: -3_800 }],
    });
    expect((await as('checker', get('months/2026-11/trial_balance'))).json).toEqual({
      ...{ object: 'trial_balance', month: '2026-11', state: 'closed', total: 0, digest: 'd1' },
      accounts: [
        { account: 'due/420000', balance: 991_200 },
        { account: 'clearing/bank_a', balance: -991_200 },
      ],
    });
  });

  test('closed by one, signed off by another; what settlement refuses is refused in its words', async () => {
    expect((await as('maker', post('months/2026-11/closings', { missing: ['bank_b'] }))).status).toBe(200);
    expect(asked[0]?.request).toEqual({ month: '2026-11', missing: ['bank_b'], actor: 'maker' });
    const signed = await as('checker', post('months/2026-11/sign_offs'));
    expect(signed.json).toMatchObject({ state: 'signed_off', signed_by: 'checker' });
    const again = await as('maker', post('months/2026-10/closings', {}));
    expect(again.json).toMatchObject({ status: 409, code: 'state_conflict', detail: '2026-10 is signed off' });
    const own = await as('checker', post('months/2026-10/sign_offs'));
    expect(own.json).toMatchObject({ status: 403, code: 'own_proposal', outcome: 'not_executed' });
  });

  test('an answer that nobody has is unknown where something changes', async () => {
    const lost = await as('checker', post('months/2026-09/sign_offs'));
    expect(lost.json).toMatchObject({ status: 500, code: 'internal', outcome: 'unknown' });
  });

  test("a provider's invoice is entered once", async () => {
    const body = { provider: 'bank_a', month: '2026-11', number: 'INV-1', amount: 120_000 };
    const entered = await as('maker', post('provider_invoices', body));
    expect(entered.json).toEqual({ object: 'provider_invoice', ...body, replayed: true });
    expect(asked[0]?.request).toEqual({ ...body, amount: '120000', actor: 'maker' });
    const other = await as('maker', post('provider_invoices', { ...body, number: 'INV-2' }));
    expect(other.json).toMatchObject({ code: 'state_conflict' });
    expect((await as('maker', post('provider_invoices', { ...body, amount: 0.5 }))).json).toMatchObject({
      errors: [{ pointer: '/amount', code: 'amount_not_integer' }],
    });
  });
});

describe('statements of parties', () => {
  test('every party that was told something, without the rows', async () => {
    const { json } = await as('maker', get('party_statements?period=2026-11'));
    expect(json).toMatchObject({
      data: [
        {
          ...{ object: 'party_statement', party: '420000', version: 2 },
          totals: { opening: 800, net: 91_200, closing: 92_000 },
        },
        { party: '430000' },
      ],
      ...{ has_more: false, next_cursor: null },
    });
    expect(JSON.stringify(json)).not.toContain('rows');
    expect(asked).toEqual([{ pattern: 'party_statements.list', request: { period: '2026-11', limit: 500 } }]);
  });

  test('a page at a time, and by how they stand', async () => {
    const path = 'party_statements?period=2026-11&state=disputed&limit=1';
    const { json } = await as('maker', get(path));
    expect(json).toMatchObject({ data: [{ party: '420000' }], has_more: true });
    const next = await as('maker', get(`${path}&cursor=${String(json['next_cursor'])}`));
    expect(next.json).toMatchObject({ data: [{ party: '430000' }], next_cursor: null });
    const after = { period: '2026-11', party: '420000' };
    expect(asked.at(-1)?.request).toEqual({ period: '2026-11', state: 'disputed', limit: 1, after });
    expect((await as('maker', get(`${path}&cursor=bm90`))).json).toMatchObject({ code: 'field_invalid' });
  });

  test('a branch sees its own only: another one is not there', async () => {
    expect((await as('hubei', get('party_statements?period=2026-11'))).json['data']).toHaveLength(1);
    expect((await as('hubei', get('party_statements/420000/2026-11'))).json).toMatchObject({
      rows: [{ date: '2026-11-22', provider: 'bank_a', count: 3, paid: -900_000, commission_given: -5_000 }],
    });
    asked.splice(0);
    const confirm = { version: 2, decision: 'confirm' };
    for (const call of [
      get('party_statements/430000/2026-11'),
      get('party_statements/430000/2026-11/files/csv'),
      post('party_statements/430000/2026-11/decisions', confirm),
    ])
      expect((await as('hubei', call)).json).toMatchObject({ status: 404, code: 'not_found' });
    expect(asked).toEqual([]);
    expect((await as('maker', get('party_statements/420000/2026-11?version=9'))).status).toBe(404);
    expect((await as('maker', get('party_statements/440000/2026-11'))).status).toBe(404);
  });

  test.each(['xlsx', 'csv', 'html'])('a file as %s', async (format) => {
    const answer = await as('hubei', get(`party_statements/420000/2026-11/files/${format}?version=2`));
    expect([answer.status, answer.text]).toEqual([200, `as ${format}`]);
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="s_t.${format}"`);
    expect(asked[0]?.request).toEqual({ party: '420000', period: '2026-11', version: 2, format });
  });

  test('issued by one, confirmed by the branch or another person', async () => {
    const body = { party: '420000', period: '2026-11' };
    expect((await as('maker', post('party_statements', body))).status).toBe(201);
    const never = await as('maker', post('party_statements', { ...body, period: '2026-13' }));
    expect(never.json).toMatchObject({ status: 400, code: 'field_invalid' });
    const decide = (who: 'hubei' | 'checker' | 'walker', decision: object) =>
      as(who, post('party_statements/420000/2026-11/decisions', { version: 2, ...decision }));
    expect((await decide('hubei', { decision: 'confirm' })).json).toMatchObject({ state: 'confirmed' });
    expect(asked.at(-1)?.request).toEqual({
      ...{ ...body, version: 2, decision: 'confirm', reason: '', actor: 'hubei' },
    });
    expect((await decide('checker', { decision: 'dispute' })).json).toMatchObject({ errors: [{ pointer: '/reason' }] });
    const late = await decide('checker', { decision: 'dispute', reason: 'a fee too many' });
    expect(late.json).toMatchObject({ status: 409, code: 'state_conflict' });
  });
});

test.each([
  ['checker', post('months/2026-11/closings', {})],
  ['maker', post('months/2026-11/sign_offs')],
  ['hubei', get('months/2026-11')],
  ['care', get('party_statements?period=2026-11')],
  ['maker', post('party_statements/420000/2026-11/decisions', { version: 2, decision: 'confirm' })],
] as const)('%s may not do that: %#', async (who, call) => {
  expect((await as(who, call)).json).toMatchObject({ code: 'scope_missing' });
  expect(asked).toEqual([]);
});
