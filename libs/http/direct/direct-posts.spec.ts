import { Problem } from '@yidian/errors';
import { createLogger } from '@yidian/telemetry';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemFilter } from '../problem-filter';
import { httpServer, JSON_TYPES, type HttpServer } from '../server';
import { DirectConnection, type ConnectionHouse } from './direct-connection';

const logger = createLogger({ service: 'test', level: 'silent' });
const publicUrl = 'https://pay.example';
const JSON_TYPE = 'application/json; charset=utf-8';

interface Door extends HttpServer {
  port: number;
  /** The server's ends, in the order of their coming. */
  sockets: Socket[];
  finish: (() => void)[];
  close(): Promise<void>;
}

/** One call at both doors; its answer names the one that it came in by. A body of "wait" is answered when the test says so. */
async function open(maxInFlight = 100): Promise<Door> {
  const made = httpServer({ publicUrl, logger, admission: { maxInFlight }, trustProxy: ['127.0.0.1'] });
  const { instance, direct, routes } = made;
  const filter = new ProblemFilter(publicUrl, routes, logger);
  instance.setErrorHandler((error, request, reply) => filter.tell(error, request, reply));
  const finish: (() => void)[] = [];
  const work = async (way: string, body: string): Promise<string> => {
    if (body.includes('wait')) await new Promise<void>((resolve) => finish.push(resolve));
    if (body.includes('refuse')) throw new Problem('nonce_reused');
    if (body.includes('fail')) throw new Error('inside');
    return JSON.stringify({ way, body });
  };
  direct.post('/hot', 100_000, async (call, answer) => {
    const text = await work('direct', call.rawBody.toString());
    answer.header('content-type', JSON_TYPE).header('x-ip', call.ip).send(text);
  });
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser(JSON_TYPES, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  instance.post('/hot', { bodyLimit: 100_000 }, async (request, reply) => {
    const text = await work('node', String(request.body));
    return reply.header('content-type', JSON_TYPE).header('x-ip', request.ip).send(text);
  });
  direct.begin({
    tell: (thrown, call, answer) => filter.tell(thrown, call, answer),
    sign: (_call, status) => ({ 'x-signed': String(status) }),
  });
  const sockets: Socket[] = [];
  instance.server.on('connection', (socket: Socket) => sockets.push(socket));
  const port = Number(new URL(await instance.listen({ host: '127.0.0.1', port: 0 })).port);
  return { ...made, port, sockets, finish, close: () => instance.close() };
}

const hot = (body: string, ...more: string[]): string =>
  [
    'POST /hot HTTP/1.1',
    'Host: pay.example',
    'Content-Type: application/json',
    'Signature-Input: yd=()',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...more,
    '',
    body,
  ].join('\r\n');

class Client {
  readonly socket: Socket;
  private text = '';
  ended = false;

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    this.socket.setEncoding('utf8').on('data', (piece: string) => (this.text += piece));
    this.socket.on('end', () => (this.ended = true)).on('error', () => (this.ended = true));
  }

  /** The next answer, or undefined when the connection ends without one. */
  async answer(): Promise<{ status: number; head: string; body: string } | undefined> {
    for (;;) {
      const read = /^HTTP\/1\.1 (\d+) [^]*?\r\ncontent-length: (\d+)\r\n[^]*?\r\n\r\n/i.exec(this.text);
      const bytes = read && Buffer.from(this.text.slice(read[0].length));
      if (read && bytes && bytes.length >= Number(read[2])) {
        const body = bytes.toString('utf8', 0, Number(read[2]));
        this.text = this.text.slice(read[0].length + body.length);
        return { status: Number(read[1]), head: read[0], body };
      }
      if (this.ended) return undefined;
      await sleep(2);
    }
  }

  async way(): Promise<string> {
    const answer = await this.answer();
    return answer ? `${answer.status} ${(JSON.parse(answer.body) as { way?: string }).way}` : 'ended';
  }
}

async function until(there: () => boolean): Promise<void> {
  while (!there()) await sleep(2);
}

describe('which way a request goes', () => {
  let door: Door;
  beforeAll(async () => (door = await open()));
  afterAll(() => door.close());

  test('plain ones straight, one after the other; the first that is not takes its connection to Node', async () => {
    const client = new Client(door.port);
    const ways: string[] = [];
    for (const request of [hot('"1"'), hot('"2"'), hot('"3"', 'TE: trailers'), hot('"4"')]) {
      client.socket.write(request);
      ways.push(await client.way());
    }
    expect(ways).toEqual(['200 direct', '200 direct', '200 node', '200 node']);
    client.socket.destroy();
  });

  test('pipelined requests are answered in their order, whatever way each one goes', async () => {
    const client = new Client(door.port);
    const get = 'GET /nowhere HTTP/1.1\r\nHost: pay.example\r\n\r\n';
    client.socket.write(hot('"1"') + hot('"2"') + get + hot('"3"'));
    expect([await client.way(), await client.way()]).toEqual(['200 direct', '200 direct']);
    expect((await client.answer())?.status).toBe(404);
    expect(await client.way()).toBe('200 node');
    client.socket.destroy();
  });

  test('a body that comes in pieces is waited for; a head that does is Node’s', async () => {
    const before = door.sockets.length;
    const client = new Client(door.port);
    const whole = hot('"a longer body"');
    client.socket.write(whole.slice(0, -9));
    await until(() => door.sockets[before]?.bytesRead === whole.length - 9);
    client.socket.write(whole.slice(-9, -4));
    await until(() => door.sockets[before]?.bytesRead === whole.length - 4);
    client.socket.write(whole.slice(-4));
    expect(await client.answer()).toMatchObject({ status: 200, body: '{"way":"direct","body":"\\"a longer body\\""}' });
    client.socket.write(whole.slice(0, 30));
    await until(() => door.sockets[before]?.bytesRead === whole.length + 30);
    client.socket.write(whole.slice(30));
    expect(await client.way()).toBe('200 node');
    client.socket.destroy();
  });

  test('a large body that comes in pieces is Node’s: nobody makes us keep much before he was let in', async () => {
    const before = door.sockets.length;
    const client = new Client(door.port);
    const whole = hot(`"${'x'.repeat(20_000)}"`);
    client.socket.write(whole.slice(0, -9));
    await until(() => door.sockets[before]?.bytesRead === whole.length - 9);
    client.socket.write(whole.slice(-9));
    expect(await client.way()).toBe('200 node');
    client.socket.destroy();
  });

  test('who has said his last word still hears the answer', async () => {
    const client = new Client(door.port);
    client.socket.end(hot('"1"') + hot('"2"'));
    expect([await client.way(), await client.way(), await client.way()]).toEqual(['200 direct', '200 direct', 'ended']);
  });

  test.each(['"钱"', '"plain"'])('%s: bytes are counted, not characters', async (body) => {
    const client = new Client(door.port);
    client.socket.write(hot(body));
    const answer = await client.answer();
    expect(JSON.parse(answer?.body ?? '')).toEqual({ way: 'direct', body });
    client.socket.destroy();
  });

  test.each<[string, string, number]>([
    ['a length that lies about a chunked body', hot('"1"', 'Transfer-Encoding: chunked'), 400],
    ['two lengths', hot('"1"', 'Content-Length: 4'), 400],
    ['a body over the limit', hot(`"${'x'.repeat(100_000)}"`), 413],
  ])('%s: Node and Fastify refuse it', async (_name, request, status) => {
    const client = new Client(door.port);
    client.socket.write(request);
    let text = '';
    client.socket.on('data', (piece) => (text += String(piece)));
    await until(() => text.includes('\r\n\r\n') || client.ended);
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    client.socket.destroy();
  });

  test('both ways give the same answer: fields, refusals, faults, the caller’s address', async () => {
    const changing = /^(request-id|date): .*\r\n/gim;
    const answered = async (request: string) => {
      const client = new Client(door.port);
      client.socket.write(request);
      const answer = await client.answer();
      client.socket.destroy();
      const fields = (answer?.head ?? '').replace(changing, '').toLowerCase().split('\r\n').sort();
      const body = (answer?.body ?? '').replace(/"way":"\w+"/, '').replaceAll(/req_\w+/g, '');
      return { fields: fields.filter((one) => !/^(x-signed|content-length)/.test(one)), body };
    };
    for (const more of [['X-A: 1'], ['X-Forwarded-For: 10.1.1.1, 10.2.2.2'], ['Accept-Language: zh-CN']]) {
      for (const body of ['"1"', '"refuse"', '"fail"']) {
        const direct = await answered(hot(body, ...more));
        expect(direct).toEqual(await answered(hot(body, ...more, 'TE: trailers')));
        expect(direct.fields.length).toBeGreaterThan(6);
      }
    }
  });
});

test('past its capacity it refuses at once; a place is free again when its request is answered or its caller gone', async () => {
  const door = await open(1);
  const [first, second] = [new Client(door.port), new Client(door.port)];
  first.socket.write(hot('"wait"'));
  await until(() => door.finish.length === 1);
  second.socket.write(hot('"2"'));
  const refused = await second.answer();
  expect(refused).toMatchObject({ status: 503 });
  expect(refused?.head).toContain('retry-after: 1');
  expect(refused?.head).toContain('x-signed: 503');
  first.socket.resetAndDestroy();
  await until(() => door.sockets.some(({ destroyed }) => destroyed));
  second.socket.write(hot('"wait"'));
  await until(() => door.finish.length === 2);
  door.finish.forEach((finish) => finish());
  expect(await second.way()).toBe('200 direct');
  second.socket.write(hot('"3"'));
  expect(await second.way()).toBe('200 direct');
  second.socket.destroy();
  await door.close();
});

test('a stop answers what is under way, then closes; who waits for nothing is cut', async () => {
  const door = await open();
  const [busy, idle, fresh] = [new Client(door.port), new Client(door.port), new Client(door.port)];
  idle.socket.write(hot('"1"'));
  expect(await idle.way()).toBe('200 direct');
  busy.socket.write(hot('"wait"'));
  await until(() => door.finish.length === 1 && door.sockets.length === 3);
  const closed = door.close();
  await until(() => idle.ended && fresh.ended);
  door.finish[0]?.();
  const last = await busy.answer();
  expect(last?.head).toMatch(/\r\nconnection: close\r\n/i);
  expect(await busy.answer()).toBeUndefined();
  for (const { socket } of [busy, idle, fresh]) socket.destroy();
  await closed;
});

describe('patience', () => {
  const patience = { unusedMs: 60_000, requestMs: 30_000, idleMs: 72_000 };

  test.each<[string, string, number, string]>([
    ['nothing was asked', '', 61_000, 'HTTP/1.1 408 '],
    ['half a body came', hot('"1"').slice(0, -2), 31_000, 'HTTP/1.1 408 '],
    ['nothing was asked, not yet', '', 59_000, 'still open'],
    ['half a body came, not yet', hot('"1"').slice(0, -2), 29_000, 'still open'],
    ['nothing more was asked', hot('"1"'), 73_000, ''],
    ['nothing more was asked, not yet', hot('"1"'), 71_000, 'still open'],
  ])('%s', async (_name, bytes, after, heard) => {
    const route = { url: '/hot', bodyLimit: 100, serve: () => Promise.resolve() };
    const house: ConnectionHouse = {
      routes: new Map([['POST /hot HTTP/1.1', route]]),
      closing: false,
      serve: (connection) => connection.answer('answered', 'latin1', false),
      handOver: () => undefined,
      gone: () => undefined,
    };
    const door = await open();
    const client = new Client(door.port);
    await until(() => door.sockets.length === 1);
    const [socket] = door.sockets;
    if (!socket) throw new Error('no connection');
    socket.removeAllListeners('data').removeAllListeners('end');
    const connection = new DirectConnection(socket, house);
    let text = '';
    client.socket.on('data', (piece) => (text += String(piece)));
    if (bytes !== '') client.socket.write(bytes);
    await until(() => socket.bytesRead === bytes.length && (!bytes.endsWith('"1"') || text === 'answered'));
    connection.sweep(Date.now() + after, patience);
    if (heard === 'still open') expect(socket.writable).toBe(true);
    else await until(() => client.ended);
    expect(text.replace('answered', '')).toMatch(heard === 'still open' ? /^$/ : new RegExp(`^${heard}`));
    client.socket.destroy();
    await door.close();
  });
});
