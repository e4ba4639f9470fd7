import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { readIntoOne } from './one-buffer';

/** What two connections sent, read in turn through the one buffer. */
test('an accepted socket of this Node is read so, and nothing of two is mixed or lost', async () => {
  const got = new Map<number, Buffer[]>();
  const ends: Promise<unknown>[] = [];
  const server = createServer((socket: Socket) => {
    const parts: Buffer[] = [];
    got.set(socket.remotePort ?? 0, parts);
    expect(readIntoOne(socket, (bytes) => parts.push(bytes) > 0)).toBe(true);
    socket.resume();
    ends.push(once(socket, 'end').then(() => socket.end()));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sent = new Map<number, Buffer>();
  const clients = [200_000, 300_000].map(async (length) => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    await once(socket, 'connect');
    const bytes = randomBytes(length);
    sent.set(socket.localPort ?? 0, bytes);
    for (let at = 0; at < length; at += 7_000) socket.write(bytes.subarray(at, at + 7_000));
    socket.end();
    socket.resume();
    await once(socket, 'close');
  });
  await Promise.all(clients);
  await Promise.all(ends);
  for (const [port, bytes] of sent) expect(Buffer.concat(got.get(port) ?? []).equals(bytes)).toBe(true);
  server.close();
});

test('what says no is not read on until it is asked to', async () => {
  let heard = 0;
  let told: () => void = () => undefined;
  const first = new Promise<void>((resolve) => (told = resolve));
  const whole = new Promise<void>((resolve) => {
    const server = createServer((socket: Socket) => {
      readIntoOne(socket, (bytes) => {
        heard += bytes.length;
        if (heard === 3) setTimeout(() => (socket.pause(), socket.resume()), 20);
        if (heard === 6) resolve();
        told();
        return heard > 3;
      });
      socket.resume();
      socket.once('end', () => (socket.end(), server.close()));
    }).listen(0, '127.0.0.1', () => {
      const client = connect((server.address() as AddressInfo).port, '127.0.0.1', () => client.write('one'));
      void first.then(() => {
        expect(heard).toBe(3);
        client.end('two');
      });
      client.resume();
    });
  });
  await whole;
  expect(heard).toBe(6);
});
