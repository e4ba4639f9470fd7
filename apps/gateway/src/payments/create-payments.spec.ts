import { Problem } from '@yidian/errors';
import { Busy } from '@yidian/journal';
import { BulkTurns, ITEMS_AT_ONCE } from './bulk-turns';
import { CreatePayments } from './create-payments';
import { PaymentDoor } from './payment-door';
import { PlayedGateway } from '../testing/played-gateway';

interface Item {
  index: number;
  status: number;
  payment?: { id: string; state: string; final: boolean; reference: string; topup: { state: string } };
  problem?: { code: string; outcome: string; payment?: string; request_id?: string; errors?: { pointer: string }[] };
}
interface Bulk {
  object: string;
  data: Item[];
  code?: string;
  errors?: { pointer: string }[];
}

const NUMBER = '13900000000';
let serial = 0;
let gateway: PlayedGateway;
beforeAll(async () => (gateway = await PlayedGateway.start()));
afterAll(() => gateway.close());
beforeEach(() => {
  gateway.billing.state.faults.clear();
  gateway.billing.state.silent = false;
  gateway.billing.state.addNumber(NUMBER);
});

const sale = (over: object = {}) => ({
  reference: `B${++serial}`,
  number: NUMBER,
  amount: 5000,
  currency: 'CNY',
  funding: { type: 'collected', taken_at: '2026-11-22T04:00:00.000Z', teller: '0371-22' },
  ...over,
});
const many = (count: number, over: object = {}) => Array.from({ length: count }, () => sale(over));
const send = (items: unknown, key = `bulk-${++serial}`, as: 'demo_shop' | 'demo_bank' = 'demo_bank') =>
  gateway.call<Bulk>('POST', '/v1/payments/bulk', { items }, { key, as });
const balance = () => gateway.billing.state.balance(`s${NUMBER}`);
const codeOf = (item: Item | undefined) => `${item?.status} ${item?.problem?.code ?? item?.payment?.state}`;
/** Without what names the request itself. */
const lasting = (items: Item[]) =>
  items.map(({ problem, ...item }) => ({
    ...item,
    ...(problem ? { problem: { ...problem, request_id: '', instance: '' } } : {}),
  }));

test('good and bad items: each has its own answer, none touches another', async () => {
  gateway.billing.state.addNumber('13900000002', { status: 'closed' });
  const used = sale();
  await gateway.call('POST', '/v1/payments', used, { key: 'single-before', as: 'demo_bank' });
  const { reference: _none, ...unnamed } = sale();
  const twice = sale();
  const items = [
    sale(),
    sale({ amount: 50.5 }),
    sale({ number: '13900000001' }),
    used,
    'not an order',
    unnamed,
    sale({ number: '13900000002' }),
    twice,
    { ...twice, amount: 6000 },
    sale({ funding: { type: 'cashier', provider: 'bank_a', presentation: 'qr' } }),
    sale({ extra: 1 }),
    sale(),
  ];
  const { status, body, headers } = await send(items);
  expect([status, body.object, headers.get('idempotency-replayed')]).toEqual([200, 'bulk', null]);
  expect(headers.get('signature')).toMatch(/^yd=/);
  expect(body.data.map((item) => item.index)).toEqual(items.map((_, index) => index));
  expect(body.data.map(codeOf)).toEqual([
    '201 completed',
    '400 amount_not_integer',
    '404 number_unknown',
    '409 reference_used',
    '400 field_invalid',
    '400 field_invalid',
    '201 rejected',
    '201 completed',
    '409 reference_used',
    '403 scope_missing',
    '400 field_unknown',
    '201 completed',
  ]);
  expect(body.data[1]?.problem).toMatchObject({ outcome: 'not_executed', errors: [{ pointer: '/amount' }] });
  expect(body.data[8]?.problem?.payment).toBe(body.data[7]?.payment?.id);
  expect(JSON.stringify(body)).not.toContain(NUMBER);
  expect(balance()).toBe(1210n + 4n * 5000n);
});

test('the whole bulk again: the same answers and no money; other items under its key: 409 naming them', async () => {
  const items = [...many(20), sale({ amount: 1 }), sale({ number: '13900000001' })];
  const first = await send(items, 'again');
  const before = balance();
  const again = await send(items, 'again');
  expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
  expect(lasting(again.body.data)).toEqual(lasting(first.body.data));
  const changed = items.map((item, index) => (index === 3 || index === 17 ? { ...item, amount: 7000 } : item));
  const other = await send(changed, 'again');
  expect([other.status, other.body.code]).toEqual([409, 'idempotency_key_reused']);
  expect(other.body.errors?.map((error) => error.pointer)).toEqual(['/items/17', '/items/3']);
  const shorter = await send(items.slice(0, -1), 'again');
  expect(shorter.body.errors?.map((error) => error.pointer)).toEqual(['/items/21']);
  const single = await gateway.call<Bulk>('POST', '/v1/payments', sale(), { key: 'again', as: 'demo_bank' });
  expect(single.body.code).toBe('idempotency_key_reused');
  expect(balance()).toBe(before);
});

test('one of its references sent alone afterwards is refused as ever', async () => {
  const item = sale();
  const { body } = await send([item]);
  const alone = await gateway.call('POST', '/v1/payments', item, { key: `alone-${++serial}`, as: 'demo_bank' });
  expect([alone.status, alone.body['code'], alone.body['payment']]).toEqual([
    409,
    'reference_used',
    body.data[0]?.payment?.id,
  ]);
});

test('the same bulk twice at once, and two bulks that share a reference: each order is paid once', async () => {
  const items = many(150);
  const [one, two] = await Promise.all([send(items, 'at-once'), send(items, 'at-once')]);
  expect(lasting(one.body.data)).toEqual(lasting(two.body.data));
  expect(one.body.data.map(codeOf)).toEqual(items.map(() => '201 completed'));
  expect(balance()).toBe(1210n + 150n * 5000n);
  const shared = sale();
  const both = await Promise.all([send([...many(5), shared]), send([shared, ...many(5)])]);
  const last = [both[0].body.data[5], both[1].body.data[0]].map(codeOf).sort();
  expect(last).toEqual(['201 completed', '409 reference_used']);
  expect(balance()).toBe(1210n + 161n * 5000n);
});

test('a thousand items, while a single payment comes through', async () => {
  const items = many(1_000, { amount: 100 });
  const bulk = send(items, 'thousand');
  const single = await gateway.call('POST', '/v1/payments', sale({ amount: 200 }), { key: 'beside', as: 'demo_shop' });
  expect(single.body).toMatchObject({ state: 'completed' });
  const { body } = await bulk;
  expect(new Set(body.data.map(codeOf))).toEqual(new Set(['201 completed']));
  expect(body.data.map((item) => item.payment?.reference)).toEqual(items.map((item) => item.reference));
  expect(balance()).toBe(1210n + 200n + 1_000n * 100n);
});

test('what the whole request must be', async () => {
  const cases: [unknown, string][] = [
    [[], 'field_invalid'],
    ['x', 'field_invalid'],
    [many(1_001), 'field_invalid'],
  ];
  for (const [items, code] of cases) expect((await send(items)).body).toMatchObject({ code, outcome: 'not_executed' });
  const more = { items: [sale()], extra: 1 };
  expect((await gateway.call('POST', '/v1/payments/bulk', more, { key: 'more' })).body).toMatchObject({
    code: 'field_unknown',
  });
  expect((await gateway.call('POST', '/v1/payments/bulk', { items: [sale()] })).body).toMatchObject({
    code: 'idempotency_key_missing',
  });
});

test('billing does not answer, or asks to come later: nothing is done for those items, or it goes on by itself', async () => {
  gateway.billing.state.faults.set('420000', 'busy');
  const { body } = await send(many(3));
  expect(body.data.map(codeOf)).toEqual(['202 paid', '202 paid', '202 paid']);
  expect(body.data.every((item) => item.payment?.final === false)).toBe(true);
});

test('a busy lane: 503 with Retry-After for the whole, `busy` and not executed for an item; the same bulk finishes it', async () => {
  const door = gateway.app.get(PaymentDoor);
  const write = jest.spyOn(door, 'write').mockRejectedValueOnce(new Busy('the queue is full'));
  const items = many(2);
  const refused = await send(items, 'later');
  expect([refused.status, refused.headers.get('retry-after'), refused.body.code]).toEqual([503, '1', 'busy']);
  const original = PaymentDoor.prototype.write.bind(door);
  write.mockImplementation((item) =>
    item.do === 'create' && item.payment.reference === items[1]?.reference
      ? Promise.reject(new Busy('the queue is full'))
      : original(item),
  );
  const half = await send(items, 'later');
  expect(half.body.data.map(codeOf)).toEqual(['201 completed', '503 busy']);
  expect(half.body.data[1]?.problem?.outcome).toBe('not_executed');
  write.mockRestore();
  const whole = await send(items, 'later');
  expect(whole.body.data.map(codeOf)).toEqual(['201 completed', '201 completed']);
  expect(whole.body.data[0]?.payment).toEqual(half.body.data[0]?.payment);
});

test('a single payment that finds the lane full was not executed, and is told when to come again', async () => {
  jest.spyOn(gateway.app.get(PaymentDoor), 'write').mockRejectedValueOnce(new Busy('the queue is full'));
  const item = sale();
  const { status, headers, body } = await gateway.call('POST', '/v1/payments', item, { key: 'full' });
  expect([status, headers.get('retry-after')]).toEqual([503, '1']);
  expect(body).toMatchObject({ code: 'busy', outcome: 'not_executed', retry: 'after' });
  expect((await gateway.call('POST', '/v1/payments', item, { key: 'full' })).status).toBe(201);
});

test('items whose time is up were not begun; the same bulk begins them', async () => {
  const verb = gateway.app.get(CreatePayments);
  const within = verb.beginWithinMs;
  verb.beginWithinMs = -1;
  const items = many(3);
  const late = await send(items, 'late');
  verb.beginWithinMs = within;
  expect(late.body.data.map((item) => `${codeOf(item)} ${item.problem?.outcome}`)).toEqual(
    items.map(() => '503 busy not_executed'),
  );
  expect(balance()).toBe(1210n);
  expect((await send(items, 'late')).body.data.map(codeOf)).toEqual(items.map(() => '201 completed'));
});

test('bulks take turns: in the order of asking, and only so many at once', async () => {
  const turns = new BulkTurns();
  const leave = Array.from({ length: 16 }, () => turns.enter('greedy'));
  expect(() => turns.enter('greedy')).toThrow(Problem);
  turns.enter('modest')();
  leave.pop()?.();
  expect(() => turns.enter('greedy')).not.toThrow();
  const order: string[] = [];
  for (let n = 0; n < ITEMS_AT_ONCE; n++) await turns.take();
  const [a, b] = [turns.take(), turns.take()];
  void Promise.resolve(a).then(() => order.push('a'));
  void Promise.resolve(b).then(() => order.push('b'));
  await Promise.resolve();
  expect(order).toEqual([]);
  turns.give();
  turns.give();
  await Promise.all([a, b]);
  expect(order).toEqual(['a', 'b']);
});
