import { ClientProxyFactory, RpcException, ServerTCP, Transport } from '@nestjs/microservices';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { firstValueFrom, throwError } from 'rxjs';
import { frameBytes, FrameReader, KIND } from './frame';
import { FrameServer } from './frame-server';
import { HELLO, hello } from './hello';
import { RpcClient, RpcUnknown } from './rpc-client';

const REPLY = { items: [{ key: '26112900000000000001', outcome: 'credited', replay: false }], queueAgeMs: 3 };
const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

type Asked = { pattern: string; message: unknown };

/** A service of this build, or one that has never heard of frames. */
async function served(server: ServerTCP): Promise<{ port: number; asked: Asked[] }> {
  const asked: Asked[] = [];
  const on = (pattern: string, answer: (message: unknown) => unknown) =>
    server.addHandler(pattern, async (message: unknown) => {
      asked.push({ pattern, message });
      return answer(message);
    });
  on('topups.post', () => REPLY);
  on('topups.query', () =>
    throwError(() => new RpcException({ status: 'error', code: 'busy', message: 'no' }).getError()),
  );
  on('branches.list', () => null);
  on('ledger.branches', () => new Promise(() => undefined));
  on('topups.void', (message) => message);
  server.on('error', () => undefined);
  jest.spyOn(server as unknown as { handleError(): void }, 'handleError').mockImplementation(() => undefined);
  await new Promise<void>((resolve) => server.listen(() => resolve()));
  open.push(server);
  return { port: (server.unwrap<Server>().address() as AddressInfo).port, asked };
}

const place = { host: '127.0.0.1', port: 0 };

function clientOf(port: number): RpcClient<'billing'> {
  const client = new RpcClient('billing', place.host, port);
  open.push(client);
  return client;
}

const until = async (what: () => boolean) => {
  while (!what()) await new Promise((resolve) => setImmediate(resolve));
};

describe.each([
  { peer: 'a service of this build', make: () => new FrameServer(place) },
  { peer: 'an older service', make: () => new ServerTCP(place) },
])('a caller of this build and $peer', ({ make }) => {
  test('replies, refusals, nobody at home, no answer in time: each call has its own end', async () => {
    const { port, asked } = await served(make());
    const client = clientOf(port);
    const request = { items: [{ key: '26112900000000000001' }] };
    const ends = await Promise.allSettled([
      client.call('topups.post', request as never),
      client.call('topups.query', request),
      client.call('branches.list', {}),
      client.call('ledger.verify', {}),
      client.call('ledger.branches', {}, 30),
    ]);
    expect(ends.map((end) => (end.status === 'fulfilled' ? end.value : String(end.reason)))).toEqual([
      REPLY,
      'RpcUnknown: billing did not answer topups.query: no',
      null,
      expect.stringMatching(/^RpcUnknown: billing did not answer ledger.verify/),
      'RpcUnknown: billing did not answer ledger.branches: no answer in 30 ms',
    ]);
    expect((ends[1] as PromiseRejectedResult).reason.cause).toEqual({ status: 'error', code: 'busy', message: 'no' });
    expect(asked.map(({ pattern }) => pattern)).toEqual([
      'topups.post',
      'topups.query',
      'branches.list',
      'ledger.branches',
    ]);
  });

  test('a text of many chunks and of every script arrives as it was sent', async () => {
    const { port } = await served(make());
    const items = Array.from({ length: 5_000 }, (_, n) => ({ key: `${n} 王 😀 "\\ `.repeat(20) }));
    expect(await clientOf(port).call('topups.void', { items })).toEqual({ items });
  });

  test('when the line is lost all that wait have no answer, nothing is sent again, and the next call opens another', async () => {
    const server = make();
    const { port, asked } = await served(server);
    const client = clientOf(port);
    const lost = [client.call('ledger.branches', {}), client.call('ledger.branches', {})];
    const ends = Promise.allSettled(lost);
    await until(() => asked.length === 2);
    for (const socket of (server as unknown as { openSockets: Set<Socket> }).openSockets) socket.destroy();
    for (const end of await ends) expect((end as PromiseRejectedResult).reason).toBeInstanceOf(RpcUnknown);
    expect(await client.call('topups.post', { items: [] })).toEqual(REPLY);
    expect(asked).toHaveLength(3);
  });
});

test('an older caller and a service of this build', async () => {
  const { port } = await served(new FrameServer(place));
  const client = ClientProxyFactory.create({ transport: Transport.TCP, options: { host: place.host, port } });
  open.push(client);
  expect(await firstValueFrom(client.send('topups.post', { items: [] }))).toEqual(REPLY);
});

test('a caller with another layout is told that nobody answers its question, and both stay with the text', async () => {
  const { port } = await served(new FrameServer(place));
  const client = ClientProxyFactory.create({ transport: Transport.TCP, options: { host: place.host, port } });
  open.push(client);
  await expect(firstValueFrom(client.send(HELLO, { layout: 'another' }))).rejects.toContain(
    'no matching message handler',
  );
  expect(await firstValueFrom(client.send('topups.post', { items: [] }))).toEqual(REPLY);
});

test('nobody listens: no answer, and the next call tries again', async () => {
  const { port } = await served(new FrameServer(place));
  open.splice(0).forEach((one) => void one.close());
  const client = clientOf(port);
  await expect(client.call('branches.list', {})).rejects.toThrow(RpcUnknown);
  const { asked } = await served(new FrameServer({ host: place.host, port }));
  expect(await client.call('topups.post', { items: [] })).toEqual(REPLY);
  expect(asked).toHaveLength(1);
});

test('a service that takes connections and says nothing costs a call its time, and the line is given up', async () => {
  const sockets: Socket[] = [];
  const mute = createServer((socket) => sockets.push(socket)).listen(0, place.host);
  open.push({ close: () => (sockets.forEach((socket) => void socket.destroy()), mute.close()) });
  await new Promise((resolve) => mute.once('listening', resolve));
  const client = clientOf((mute.address() as AddressInfo).port);
  await expect(client.call('branches.list', {}, 30)).rejects.toThrow('did not open in time');
  await expect(client.call('branches.list', {}, 30)).rejects.toThrow(RpcUnknown);
  await until(() => sockets.length === 2);
});

const text = (message: object) => `${JSON.stringify(message).length}#${JSON.stringify(message)}`;

/** Speaks in frames from here on, by hand. */
async function framesTo(port: number): Promise<Socket> {
  const socket = connect(port, place.host);
  open.push({ close: () => socket.destroy() });
  socket.on('error', () => undefined);
  socket.write(text(hello));
  await new Promise((resolve) => socket.once('data', resolve));
  return socket;
}

test.each([
  { name: 'wrong bytes', bytes: Buffer.from('27#{"pattern":"branches.list"}') },
  { name: 'a frame that no reader takes', bytes: Buffer.from([0xff, 0xff, 0xff, 0xff]) },
  { name: 'a text that is no JSON', bytes: frameBytes(KIND.asked, 2, 'branches.list', '{') },
  { name: 'a packed list of another width', bytes: frameBytes(KIND.packedAsked, 2, 'topups.post', '["26"]') },
  { name: 'an answer to nothing', bytes: frameBytes(KIND.answered, 2, '', '{}') },
])('a service closes the line on $name, and hands nothing of it to anybody', async ({ bytes }) => {
  const { port, asked } = await served(new FrameServer(place));
  const socket = await framesTo(port);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write(Buffer.concat([frameBytes(KIND.asked, 1, 'branches.list', '{}'), bytes]));
  await closed;
  expect(asked).toEqual([{ pattern: 'branches.list', message: {} }]);
});

test('a caller that does not read its answers is not read from, and has them all once it does', async () => {
  const server = new FrameServer(place);
  const { port, asked } = await served(server);
  const socket = await framesTo(port);
  socket.removeAllListeners('data').pause();
  const message = JSON.stringify({ items: ['x'.repeat(200_000)] });
  const calls = 150;
  for (let call = 1; call <= calls; call++) socket.write(frameBytes(KIND.asked, call, 'topups.void', message));
  const [held] = (server as unknown as { openSockets: Set<Socket> }).openSockets;
  await until(() => held?.isPaused() === true);
  expect(asked.length).toBeLessThan(calls);
  const reader = new FrameReader();
  const answered = new Set<number>();
  socket.on('data', (chunk: Buffer) => reader.push(chunk, (frame) => answered.add(frame.call)));
  socket.resume();
  await until(() => answered.size === calls);
  expect(asked).toHaveLength(calls);
});

test('a service that answers in wrong bytes is left, and what was asked has no answer', async () => {
  const answer = text({ id: 'hello', response: hello.data, isDisposed: true });
  const sockets: Socket[] = [];
  const wrong = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => socket.write(answer, () => socket.on('data', () => socket.write('nonsense nonsense'))));
  }).listen(0, place.host);
  open.push({ close: () => (sockets.forEach((socket) => void socket.destroy()), wrong.close()) });
  await new Promise((resolve) => wrong.once('listening', resolve));
  const client = clientOf((wrong.address() as AddressInfo).port);
  await expect(client.call('branches.list', {})).rejects.toThrow(RpcUnknown);
});
