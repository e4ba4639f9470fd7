import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PlayedGateway, until, type Reply } from '../testing/played-gateway';
import { Alarms } from './alarms';
import { EventDeliveries } from './event-deliveries';
import { TellDisabled } from './tell-disabled';
import { WebhookSender } from './webhook-sender';
import { DISABLED_AFTER_MS } from './webhook-schedule';

interface Got {
  id: string;
  type: string;
  sequence: number;
  data: { object: { id: string; state: string } };
}
interface TryShown {
  number: number;
  status: number | null;
  answer: string;
  error: string | null;
  delivery: string;
  ended: boolean;
  endpoint: string;
}
type List<T> = { data: T[]; next_cursor: string; has_more: boolean };

/** An endpoint of a partner: a real server that answers as it is told. */
class Receiver {
  readonly got: Got[] = [];
  answer: (response: ServerResponse) => void = (response) => response.writeHead(200).end('ok');

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Receiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const receiver = new Receiver(server);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        receiver.got.push(JSON.parse(Buffer.concat(chunks).toString()) as Got);
        receiver.answer(response);
      });
    });
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hooks`;
  }

  of(id: string): Got[] {
    return this.got.filter((event) => event.data.object.id === id);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

describe('tries of webhooks', () => {
  let gateway: PlayedGateway;
  const receivers: Receiver[] = [];
  let keys = 0;
  beforeAll(async () => {
    gateway = await PlayedGateway.start();
    gateway.billing.state.addNumber('13900000000');
  });
  afterAll(async () => {
    for (const receiver of receivers) receiver.answer = (response) => void response.socket?.destroy();
    await Promise.all(receivers.map((receiver) => receiver.close()));
    await gateway.close();
  });

  const post = <T = Record<string, unknown>>(path: string, body: object): Promise<Reply<T>> =>
    gateway.call<T>('POST', path, body, { key: `k${++keys}` });
  const collect = async (reference: string) => {
    const funding = { type: 'collected', taken_at: '2026-11-22T04:00:00.000Z' };
    const body = { reference, number: '13900000000', amount: 5000, currency: 'CNY', funding };
    return (await post<{ id: string }>('/v1/payments', body)).body.id;
  };
  const receive = async (): Promise<[Receiver, string]> => {
    const receiver = await Receiver.start();
    receivers.push(receiver);
    const { status, body } = await post<{ id: string }>('/v1/webhook_endpoints', { url: receiver.url });
    expect(status).toBe(201);
    return [receiver, body.id];
  };
  const end = (endpoint: string) => post('/v1/webhook_endpoints/endings', { endpoint });
  const triesOf = async (event: string, endpoint: string) => {
    const { body } = await gateway.call<List<TryShown>>('GET', `/v1/events/${event}/tries`);
    return body.data.filter((one) => one.endpoint === endpoint);
  };
  const hasten = () =>
    gateway.database.db.run("UPDATE webhook_delivery SET due_at = UTC_TIMESTAMP(3) WHERE state = 'new'");
  const eventually = (holds: () => boolean) => until(() => Promise.resolve(holds()));

  test('each try is a row with what came back; the next waits some seconds and bears the same id', async () => {
    const [receiver, endpoint] = await receive();
    receiver.answer = (response) => response.writeHead(503).end('down for repair');
    const id = await collect('T1');
    await eventually(() => receiver.of(id).length === 1);
    const event = receiver.of(id)[0]?.id ?? '';
    await until(async () => (await triesOf(event, endpoint))[0]?.ended === true);
    const [first] = await triesOf(event, endpoint);
    expect(first).toMatchObject({ number: 1, status: 503, answer: 'down for repair', error: null, delivery: 'new' });
    receiver.answer = (response) => void response.socket?.destroy();
    await hasten();
    await until(async () => (await triesOf(event, endpoint))[0]?.error !== null);
    receiver.answer = (response) => response.writeHead(204).end();
    await hasten();
    await until(async () => (await triesOf(event, endpoint))[0]?.status === 204);
    const shown = await triesOf(event, endpoint);
    expect(shown.map(({ number, status, delivery }) => [number, status, delivery])).toEqual([
      [3, 204, 'sent'],
      [2, null, 'sent'],
      [1, 503, 'sent'],
    ]);
    expect(new Set(receiver.of(id).map((got) => got.id))).toEqual(new Set([event]));
    await end(endpoint);
  });

  test('an endpoint that never answers holds up nobody else', async () => {
    const [dead, deadId] = await receive();
    const [live, liveId] = await receive();
    dead.answer = () => undefined;
    const ids = await Promise.all(Array.from({ length: 40 }, (_, n) => collect(`S${n}`)));
    const began = Date.now();
    await eventually(() => ids.every((id) => live.of(id).length === 1));
    expect(Date.now() - began).toBeLessThan(5_000);
    expect(dead.got.length).toBeLessThanOrEqual(16);
    dead.answer = (response) => void response.socket?.destroy();
    await Promise.all([end(deadId), end(liveId)]);
  });

  test('what is tried again is the newest of its payment; the older one can still be pulled', async () => {
    const [receiver, endpoint] = await receive();
    receiver.answer = (response) => response.writeHead(500).end();
    const reference = 'N1';
    const id = await collect(reference);
    await eventually(() => receiver.of(id).length === 1);
    const old = receiver.of(id)[0]?.id ?? '';
    expect((await post('/v1/reversals', { reference, reason: 'teller_timeout' })).status).toBe(201);
    await eventually(() => receiver.of(id).some((got) => got.type === 'payment.reversed'));
    receiver.answer = (response) => response.writeHead(200).end();
    receiver.got.length = 0;
    await until(async () => (await triesOf(old, endpoint)).every((one) => one.ended));
    await hasten();
    await eventually(() => receiver.of(id).length > 0);
    await until(async () => (await triesOf(old, endpoint))[0]?.delivery === 'superseded');
    expect(receiver.of(id).map(({ type, data }) => [type, data.object.state])).toEqual([
      ['payment.reversed', 'reversed'],
    ]);
    const { body: pulled } = await gateway.call<Got>('GET', `/v1/events/${old}`);
    expect(pulled).toMatchObject({ id: old, type: 'payment.completed' });

    // Asked for by hand, the older one goes all the same, under its own id.
    receiver.got.length = 0;
    expect((await post('/v1/event_resends', { event: old, endpoint })).body).toMatchObject({ endpoints: [endpoint] });
    await eventually(() => receiver.of(id).some((got) => got.id === old));
    await gateway.app.get(EventDeliveries).resendByHand(old, endpoint);
    await eventually(() => receiver.of(id).filter((got) => got.id === old).length === 2);
    await end(endpoint);
  });

  test('a sender that is killed between sending and writing leaves the row of its try and sends again', async () => {
    const [receiver, endpoint] = await receive();
    const id = await collect('K1');
    await eventually(() => receiver.of(id).length === 1);
    const event = receiver.of(id)[0]?.id ?? '';
    await until(async () => (await triesOf(event, endpoint))[0]?.delivery === 'sent');
    // As a kill after the answer leaves it: the try has no end, the delivery its lease.
    const { db } = gateway.database;
    await db.run('UPDATE webhook_try SET ended_at = NULL, status = NULL WHERE endpoint = ?', [endpoint]);
    await db.run("UPDATE webhook_delivery SET state = 'new', due_at = UTC_TIMESTAMP(3) WHERE endpoint = ?", [endpoint]);
    await until(async () => (await triesOf(event, endpoint))[0]?.number === 2);
    await until(async () => (await triesOf(event, endpoint))[0]?.delivery === 'sent');
    expect((await triesOf(event, endpoint)).map(({ ended }) => ended)).toEqual([true, false]);
    expect(receiver.of(id).map((got) => got.id)).toEqual([event, event]);
    await end(endpoint);
  });

  test('after its last try an endpoint that nothing reached is disabled, told of, and enabled again', async () => {
    const [receiver, endpoint] = await receive();
    receiver.answer = (response) => response.writeHead(500).end();
    const { db } = gateway.database;
    const id = await collect('D1');
    await eventually(() => receiver.of(id).length === 1);
    const event = receiver.of(id)[0]?.id ?? '';
    await until(async () => (await triesOf(event, endpoint))[0]?.ended === true);
    const since = new Date(Date.now() - DISABLED_AFTER_MS - 60_000);
    await db.run('UPDATE webhook_endpoint SET failing_since = ? WHERE id = ?', [since, endpoint]);
    await db.run('UPDATE webhook_delivery SET tries = 15 WHERE endpoint = ?', [endpoint]);
    await hasten();
    const listed = async () => {
      const { body } = await gateway.call<List<{ id: string; state: string }>>('GET', '/v1/webhook_endpoints');
      return body.data.find((one) => one.id === endpoint)?.state;
    };
    await until(async () => (await listed()) === 'disabled');
    await gateway.app.get(TellDisabled).sweep();
    const alarms = await gateway.app.get(Alarms).latest(100);
    const about = (object: string) => alarms.filter((alarm) => alarm.object === object);
    expect(about(`webhook_endpoint/${endpoint}`)).toEqual([
      expect.objectContaining({ kind: 'endpoint.disabled', occasion: '2' }),
    ]);
    // The partner's other endpoint hears of it.
    await eventually(() =>
      gateway.hooks.some(({ event: { type }, verified }) => verified && type === 'endpoint.disabled'),
    );
    expect((await post('/v1/event_resends', { event, endpoint })).body).toMatchObject({ code: 'endpoint_disabled' });

    // What happens meanwhile is not sent there, only pulled.
    const meanwhile = await collect('D2');
    await gateway.app.get(WebhookSender).sweep();
    receiver.answer = (response) => response.writeHead(200).end();
    receiver.got.length = 0;
    const enabled = await post('/v1/webhook_endpoints/enablings', { endpoint });
    expect(enabled).toMatchObject({ status: 200, body: { state: 'active', failing_since: null } });
    const after = await collect('D3');
    await eventually(() => receiver.of(after).length === 1);
    expect(receiver.of(meanwhile)).toEqual([]);
    expect(await post('/v1/event_resends', { event, endpoint })).toMatchObject({ status: 201 });
    await eventually(() => receiver.of(id).length === 1);
    await end(endpoint);
    expect((await post('/v1/webhook_endpoints/enablings', { endpoint })).body).toMatchObject({
      code: 'state_conflict',
    });
  });

  test('one that took something meanwhile is not disabled', async () => {
    const [receiver, endpoint] = await receive();
    receiver.answer = (response) => response.writeHead(400).end('not this one');
    const id = await collect('P1');
    await eventually(() => receiver.of(id).length === 1);
    const event = receiver.of(id)[0]?.id ?? '';
    await until(async () => (await triesOf(event, endpoint))[0]?.ended === true);
    await gateway.database.db.run('UPDATE webhook_delivery SET tries = 15 WHERE endpoint = ?', [endpoint]);
    await hasten();
    await until(async () => (await triesOf(event, endpoint))[0]?.delivery === 'failed');
    const [row] = await gateway.database.db.select('SELECT state FROM webhook_endpoint WHERE id = ?', [endpoint]);
    expect(row?.['state']).toBe('active');
    await end(endpoint);
  });

  test("another partner's events and endpoints are not there", async () => {
    const { body } = await gateway.call<List<Got>>('GET', '/v1/events?limit=1');
    const event = body.data[0]?.id ?? '';
    await expect(gateway.app.get(EventDeliveries).event(event, 'demo_bank')).rejects.toMatchObject({
      code: 'not_found',
    });
    expect((await gateway.call('GET', '/v1/events/evt_0_0_0')).status).toBe(404);
    expect((await gateway.call('GET', '/v1/events/evt_1_01_0')).status).toBe(404);
    expect((await gateway.call('GET', '/v1/events', undefined, { as: 'demo_bank' })).body).toMatchObject({
      code: 'scope_missing',
    });
  });

  test('pulled page by page while lanes come and go, nothing is missed and nothing comes twice', async () => {
    const { db } = gateway.database;
    const stored = await db.select("SELECT COUNT(*) AS n FROM event WHERE partner = 'demo_shop'");
    // Lanes of other replicas, open beside ours: their places are in the cursor too.
    for (let lane = 500; lane < 530; lane++) {
      await db.run(
        `INSERT INTO lane SELECT ?, service, 'another', slot, 'open', 0, 1, head, day_epoch, beat, beat_at, opened_at
          FROM lane ORDER BY lane_id LIMIT 1`,
        [lane],
      );
      await db.run(
        `INSERT INTO event (lane_id, batch_no, n, partner, object_id, sequence, type, previous_state, body, created_at)
          VALUES (?, 1, 0, 'demo_shop', 'pay_x', 1, 'payment.completed', NULL, '{"id":"pay_x"}', UTC_TIMESTAMP(3))`,
        [lane],
      );
    }
    const seen: string[] = [];
    let cursor = '';
    for (let pages = 0; pages < 200; pages++) {
      const page = await gateway.call<List<Got>>('GET', `/v1/events?limit=7${cursor}`);
      expect(page.status).toBe(200);
      seen.push(...page.body.data.map((event) => event.id));
      cursor = `&cursor=${encodeURIComponent(page.body.next_cursor)}`;
      if (!page.body.has_more) break;
    }
    expect(seen).toHaveLength(Number(stored[0]?.['n']) + 30);
    expect(new Set(seen).size).toBe(seen.length);
    await gateway.app.get(WebhookSender).sweep();
  });
});
