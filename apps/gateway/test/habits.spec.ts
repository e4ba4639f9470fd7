import type { SigningKey } from '@yidian/security';
import { CustomerSessions } from '../src/access';
import { openDoors, type Answered, type Call, type Doors } from './doors';

interface Described {
  operationId: string;
  security: Record<string, unknown>[];
  parameters?: { name: string; in: string }[];
  requestBody?: object;
  responses: Record<string, { description: string }>;
}
interface Route {
  name: string;
  method: string;
  path: string;
  door: 'partner' | 'customer' | 'operator' | 'smsc' | 'open';
  keyed: boolean;
  spec: Described;
}

const EXAMPLES: Record<string, string> = {
  date: '2026-11-22',
  provider: 'bank_a',
  party: '420000',
  name: 'summary.md',
  month: '2026-11',
  period: '2026-11',
  format: 'xlsx',
  run: 'run_0',
};
/** Doors that take more than the house's limit, and what is too much there. */
const A_FILE = 11_400_000;
const LARGE: Record<string, number> = {
  ...{ '/bulk': 1_100_000, '/statement_uploads': A_FILE, '/bank_statements': A_FILE },
  ...{ '/payout_reports': A_FILE, '/payout_statuses': A_FILE },
};
const DOORS: Record<string, Route['door']> = {
  messageSignature: 'partner',
  portalSession: 'customer',
  operatorSession: 'operator',
  smscSignature: 'smsc',
};

let doors: Doors;
let routes: Route[];
let everything: SigningKey;
let operator: string;
let customer: string;

beforeAll(async () => {
  doors = await openDoors();
  everything = doors.keys.test_all;
  operator = await doors.enter('walker');
  customer = (await doors.app.get(CustomerSessions).open('13800001234')).split(';')[0] ?? '';
  const { paths } = (await doors.call({ method: 'GET', path: '/openapi.json' })).json as {
    paths: Record<string, Record<string, Described>>;
  };
  routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, spec]) => routeOf(path, method.toUpperCase(), spec)),
  );
});
afterAll(() => doors.close());

function routeOf(path: string, method: string, spec: Described): Route {
  const scheme = Object.keys(spec.security[0] ?? {})[0];
  return {
    name: `${method} ${path}`,
    method,
    path: path.replace(/\{(\w+)\}/g, (_, name: string) => EXAMPLES[name] ?? `${name}_0`),
    door: scheme ? (DOORS[scheme] ?? 'open') : 'open',
    keyed: (spec.parameters ?? []).some((one) => one.name === 'Idempotency-Key'),
    spec,
  };
}

/** The call as somebody who may make it. */
function entitled(route: Route, call: Call): Promise<Answered> {
  const page = { operator: 'console', customer: 'portal' }[route.door as string];
  const headers = { ...(page ? { 'x-requested-with': page } : {}), ...call.headers };
  if (route.door === 'partner') return doors.signed(everything, { ...call, headers });
  const cookie = { operator, customer }[route.door as string];
  return doors.call({ ...call, headers: { ...headers, ...(cookie ? { cookie } : {}) } });
}

/** What must be true of every refusal, whoever is refused. */
function expectProblem(answer: Answered, route: Route, codes: string[]): void {
  const where = `${route.name}: ${answer.status} ${answer.text.slice(0, 300)}`;
  const { code, request_id: requestId, type, status, outcome } = answer.json;
  expect(codes.includes(String(code)) ? '' : where).toBe('');
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(requestId).toBe(answer.headers.get('request-id'));
  expect(String(type)).toBe(`${doors.url}/docs/errors#${String(code)}`);
  expect(status).toBe(answer.status);
  expect(outcome).toBe('not_executed');
  expect(Object.keys(answer.json).slice(0, 6)).toEqual(['type', 'title', 'status', 'detail', 'instance', 'code']);
  const described = route.spec.responses[String(answer.status)]?.description ?? '';
  expect(described.includes(`\`${String(code)}\``) ? '' : `${where} is not described`).toBe('');
}

const isProviderDoor = (route: Route) => route.path.startsWith('/callbacks/');

test('there are routes of every door', () => {
  expect(routes.length).toBeGreaterThan(30);
  expect(new Set(routes.map((one) => one.door))).toEqual(new Set(['partner', 'customer', 'operator', 'smsc', 'open']));
});

test('nobody is let in without saying who it is', async () => {
  for (const route of routes.filter((one) => one.door !== 'open')) {
    const body = route.spec.requestBody || route.method === 'POST' ? {} : undefined;
    const answer = await doors.call({ method: route.method, path: route.path, ...(body ? { body } : {}) });
    const codes = { partner: ['signature_invalid'], smsc: ['signature_invalid'] }[route.door as string];
    expect(answer.status).toBe(401);
    expectProblem(answer, route, codes ?? ['session_required']);
  }
});

test('a foreign page cannot use our cookies', async () => {
  for (const route of routes.filter(
    (one) => (one.door === 'operator' || one.door === 'customer') && one.method !== 'GET',
  )) {
    const cookie = route.door === 'operator' ? operator : customer;
    expectProblem(await doors.call({ method: route.method, path: route.path, headers: { cookie }, body: {} }), route, [
      'session_required',
    ]);
  }
});

test('a field nobody knows is refused, with its pointer', async () => {
  for (const route of routes.filter((one) => one.spec.requestBody && one.door !== 'smsc')) {
    const headers: Record<string, string> = { 'idempotency-key': '"habit-1"' };
    if (route.door === 'open') headers['x-requested-with'] = route.path.includes('portal') ? 'portal' : 'console';
    const answer = await entitled(route, { method: route.method, path: route.path, headers, body: { surprise: 1 } });
    expectProblem(answer, route, ['field_unknown', 'field_invalid', 'number_malformed', 'amount_not_integer']);
    const errors = answer.json['errors'] as { pointer: string; code: string }[];
    expect(errors).toContainEqual(expect.objectContaining({ pointer: '/surprise', code: 'field_unknown' }));
  }
});

test('a query parameter nobody knows is refused', async () => {
  for (const route of routes.filter((one) => (one.spec.parameters ?? []).some(({ in: place }) => place === 'query'))) {
    const answer = await entitled(route, { method: route.method, path: `${route.path}?surprise=1` });
    const errors = answer.json['errors'] as { pointer: string }[] | undefined;
    expect(errors).toContainEqual(expect.objectContaining({ pointer: '/query/surprise' }));
  }
});

test('what changes something needs its key, before anything else is looked at', async () => {
  const keyed = routes.filter((one) => one.keyed);
  expect(keyed.length).toBeGreaterThanOrEqual(5);
  for (const route of keyed) {
    expectProblem(await entitled(route, { method: route.method, path: route.path, body: {} }), route, [
      'idempotency_key_missing',
    ]);
  }
});

test('text that is no JSON, and too much of it', async () => {
  for (const route of routes.filter((one) => one.spec.requestBody)) {
    const broken = await entitled(route, { method: route.method, path: route.path, body: '{"a":' });
    expectProblem(broken, route, ['json_invalid']);
    const most = Object.entries(LARGE).find(([end]) => route.path.endsWith(end))?.[1] ?? 70_000;
    const long = JSON.stringify({ a: 'x'.repeat(most) });
    expectProblem(await entitled(route, { method: route.method, path: route.path, body: long }), route, [
      'body_too_large',
    ]);
  }
});

test('a wrong method is told from a wrong address', async () => {
  for (const path of new Set(routes.map((one) => one.path))) {
    const answer = await doors.call({ method: 'PATCH', path });
    expect(`${path} ${answer.status} ${String(answer.json['code'])}`).toBe(`${path} 405 method_not_allowed`);
    expect(answer.headers.get('allow')).toMatch(/GET|POST|DELETE/);
  }
  const nowhere = await doors.call({ method: 'GET', path: '/v1/nowhere' });
  expect(nowhere.json).toMatchObject({ status: 404, code: 'not_found' });
});

test('every answer has a request id and a strict policy for pages', async () => {
  for (const path of ['/health/live', '/docs', '/docs/errors', '/openapi.json', '/v1/payments', '/v1/nowhere']) {
    const answer = await doors.call({ method: 'GET', path });
    expect(answer.headers.get('request-id')).toMatch(/^req_[0-9A-Z]{26}$/);
    expect(answer.headers.get('content-security-policy')).toContain("script-src 'self';");
  }
});

test('Accept-Language changes words and nothing else', async () => {
  const ask = (language: string) =>
    doors.call({ method: 'GET', path: '/v1/finance/today', headers: { 'accept-language': language } });
  const [en, zh] = [await ask('en'), await ask('zh-CN,zh;q=0.9')];
  expect(zh.json).toMatchObject({
    title: '请先登录',
    detail: '请先登录再操作。',
    code: en.json['code'],
    retry: en.json['retry'],
  });
  expect(zh.headers.get('content-language')).toBe('zh-CN');
});

test('callbacks of providers are answered by the same rules', () => {
  expect(routes.some(isProviderDoor)).toBe(true);
});
