import fc from 'fast-check';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { STATUS } from './commands';
import { backOff, Esme, ESME_DEFAULTS, type EsmeHandler, type EsmeOptions } from './esme';
import { Frames } from './frames';
import { decodePdu, encodePdu, type Pdu } from './pdu';
import { Smsc, type SmscHandler } from './smsc';

const LINK = { window: 10, answerMs: 300, enquireMs: 60_000 };
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
async function until(holds: () => boolean, ms = 5_000): Promise<void> {
  for (const end = Date.now() + ms; !holds(); await pause(5))
    if (Date.now() > end) throw new Error('it did not happen');
}

describe('both ends of a line', () => {
  let smsc: Smsc;
  let port: number;
  const esmes: Esme[] = [];
  const submitted: Pdu<'submit_sm'>['body'][] = [];
  let answer: SmscHandler['submit'];

  beforeEach(async () => {
    submitted.length = 0;
    answer = (pdu) => {
      submitted.push(pdu.body as Pdu<'submit_sm'>['body']);
      return Promise.resolve({ status: STATUS.ok, messageId: `m${submitted.length}` });
    };
    smsc = new Smsc('CENTRE', LINK, {
      authenticate: ({ password }) => (password === 'good' ? STATUS.ok : STATUS.invalidPassword),
      submit: (pdu, session) => answer(pdu, session),
      query: (id) => (id === 'm1' ? { state: 2, finalDate: '', error: 0 } : undefined),
    });
    port = await smsc.listen(0);
  });
  afterEach(async () => {
    await Promise.all(esmes.splice(0).map((esme) => esme.stop()));
    await smsc.close();
  });

  function esme(options: Partial<EsmeOptions> = {}, handler: Partial<EsmeHandler> = {}): Esme {
    const made = new Esme(
      {
        ...ESME_DEFAULTS,
        ...LINK,
        ...{ host: '127.0.0.1', port, systemId: 'esme', password: 'good' },
        ...{ reconnectMs: [10, 50], throttleMs: [40, 80] },
        ...options,
      },
      { deliver: () => Promise.resolve(STATUS.ok), ...handler },
    );
    esmes.push(made);
    made.start();
    return made;
  }
  const bound = async (options: Partial<EsmeOptions> = {}, handler: Partial<EsmeHandler> = {}) => {
    const made = esme(options, handler);
    await until(() => made.bound);
    return made;
  };
  const hello = { destination_addr: '13800001234', short_message: Buffer.from('hello') };

  test('a message goes over and is named; one comes back and is answered', async () => {
    const got: string[] = [];
    const line = await bound(
      {},
      {
        deliver: ({ body }) => {
          got.push((body as Pdu<'deliver_sm'>['body']).short_message.toString());
          return Promise.resolve(STATUS.ok);
        },
      },
    );
    expect(await line.submit(hello)).toEqual({ outcome: 'taken', messageId: 'm1' });
    expect(submitted[0]?.destination_addr).toBe('13800001234');
    const reply = await smsc.receiver()?.deliver({ short_message: Buffer.from('CZ 50') });
    expect(reply).toMatchObject({ got: 'answer', pdu: { command: 'deliver_sm_resp', status: STATUS.ok } });
    expect(got).toEqual(['CZ 50']);
  });

  test('a handler that fails still answers, and says that it failed', async () => {
    await bound({}, { deliver: () => Promise.reject(new Error('no database')) });
    const reply = await smsc.receiver()?.deliver({ short_message: Buffer.from('CZ 50') });
    expect(reply).toMatchObject({ got: 'answer', pdu: { status: STATUS.systemError } });
  });

  test('no answer in time is unknown; without a line nothing was sent', async () => {
    const line = await bound();
    answer = () => new Promise(() => undefined);
    expect(await line.submit(hello)).toEqual({ outcome: 'unknown' });
    smsc.dropAll();
    await until(() => !line.bound);
    expect(await line.submit(hello, [], 0)).toEqual({ outcome: 'later' });
  });

  test('a line that breaks while an answer is awaited leaves it unknown', async () => {
    const line = await bound({ answerMs: 5_000 });
    answer = () => new Promise(() => undefined);
    const asked = line.submit(hello);
    await pause(30);
    smsc.dropAll();
    expect(await asked).toEqual({ outcome: 'unknown' });
  });

  test('the line comes back by itself, however often it is lost', async () => {
    const states: string[] = [];
    const line = await bound({}, { state: (state) => states.push(state) });
    for (let turn = 0; turn < 3; turn += 1) {
      smsc.dropAll();
      await until(() => !line.bound);
      await until(() => line.bound);
    }
    expect(states.filter((state) => state === 'bound').length).toBe(4);
    expect(await line.submit(hello)).toMatchObject({ outcome: 'taken' });
  });

  test('a wrong password is tried again, with pauses, and never counts as bound', async () => {
    const refused: (number | undefined)[] = [];
    const line = esme({ password: 'bad' }, { state: (_, status) => refused.push(status) });
    await until(() => refused.length >= 2);
    expect(refused[0]).toBe(STATUS.invalidPassword);
    expect(line.bound).toBe(false);
  });

  test('never more than the window at once; the rest wait for their turn', async () => {
    const line = await bound({ window: 3, answerMs: 3_000 });
    let now = 0;
    let most = 0;
    answer = async () => {
      most = Math.max(most, ++now);
      await pause(10);
      now -= 1;
      return { status: STATUS.ok, messageId: 'x' };
    };
    const all = await Promise.all(Array.from({ length: 20 }, () => line.submit(hello)));
    expect(all.every(({ outcome }) => outcome === 'taken')).toBe(true);
    expect(most).toBe(3);
  });

  test('a full window that does not move sends nothing more', async () => {
    const line = await bound({ window: 1, answerMs: 1_000 });
    answer = () => new Promise(() => undefined);
    const first = line.submit(hello);
    expect(await line.submit(hello, [], 50)).toEqual({ outcome: 'later' });
    expect(await first).toEqual({ outcome: 'unknown' });
  });

  test.each([STATUS.throttled, STATUS.queueFull])('status %d slows down, and nothing is lost', async (status) => {
    const line = await bound();
    answer = () => Promise.resolve({ status, messageId: '' });
    expect(await line.submit(hello)).toEqual({ outcome: 'later' });
    answer = () => Promise.resolve({ status: STATUS.ok, messageId: 'x' });
    const at = Date.now();
    expect(await line.submit(hello, [], 0)).toEqual({ outcome: 'later' });
    expect(await line.submit(hello)).toEqual({ outcome: 'taken', messageId: 'x' });
    expect(Date.now() - at).toBeGreaterThanOrEqual(15);
  });

  test('other refusals are for good', async () => {
    const line = await bound();
    answer = () => Promise.resolve({ status: STATUS.invalidDestination, messageId: '' });
    expect(await line.submit(hello)).toEqual({ outcome: 'refused', status: STATUS.invalidDestination });
  });

  test('who has bound to receive does not send, and the other way round', async () => {
    const receiver = await bound({ bind: 'bind_receiver' });
    expect(await receiver.submit(hello)).toEqual({ outcome: 'later' });
    expect(submitted).toEqual([]);
    await receiver.stop();
    await bound({ bind: 'bind_transmitter' });
    expect(smsc.receiver()).toBeUndefined();
  });

  /** A client of plain octets. */
  async function raw(): Promise<{ socket: Socket; got: Pdu[]; send: (octets: Buffer) => void }> {
    const socket = connect(port, '127.0.0.1');
    const got: Pdu[] = [];
    const frames = new Frames();
    socket.on('data', (chunk: Buffer) => {
      for (const frame of frames.push(chunk)) got.push(decodePdu(frame));
    });
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.once('connect', resolve));
    return { socket, got, send: (octets) => void socket.write(octets) };
  }
  /** Answers may come in another order than requests. */
  const bySequence = (pdus: Pdu[]) => pdus.toSorted((a, b) => a.sequence - b.sequence);
  const login = encodePdu('bind_transceiver', 1, { system_id: 'raw', password: 'good', interface_version: 0x34 });
  const again = encodePdu('bind_transceiver', 2, { system_id: 'raw', password: 'good' });

  test('nothing before a bind but a bind; after it questions about messages', async () => {
    const { socket, got, send } = await raw();
    send(encodePdu('submit_sm', 0, hello));
    send(login);
    send(again);
    send(encodePdu('query_sm', 3, { message_id: 'm1' }));
    send(encodePdu('query_sm', 4, { message_id: 'other' }));
    send(encodePdu('cancel_sm', 5));
    send(encodePdu('enquire_link', 6));
    send(encodePdu('unbind', 7));
    await until(() => got.length === 8);
    expect(bySequence(got).map(({ command, status, sequence }) => [command, status, sequence])).toEqual([
      ...[['submit_sm_resp', STATUS.invalidBindStatus, 0]],
      ...[['bind_transceiver_resp', STATUS.ok, 1]],
      ...[['bind_transceiver_resp', STATUS.alreadyBound, 2]],
      ...[['query_sm_resp', STATUS.ok, 3]],
      ...[['query_sm_resp', STATUS.queryFailed, 4]],
      ...[['cancel_sm_resp', STATUS.invalidCommandId, 5]],
      ...[['enquire_link_resp', STATUS.ok, 6]],
      ...[['unbind_resp', STATUS.ok, 7]],
    ]);
    await until(() => socket.destroyed);
  });

  test('what cannot be read is refused by name, and the line goes on; a lying length ends it', async () => {
    const { socket, got, send } = await raw();
    send(login);
    const cut = encodePdu('submit_sm', 2, hello).subarray(0, -3);
    cut.writeUInt32BE(cut.length, 0);
    send(cut);
    send(Buffer.from('00000010000000990000000000000003', 'hex'));
    send(encodePdu('enquire_link', 4));
    await until(() => got.length === 4);
    expect(bySequence(got).map(({ command, sequence }) => [command, sequence])).toEqual([
      ['bind_transceiver_resp', 1],
      ['submit_sm_resp', 2],
      ['generic_nack', 3],
      ['enquire_link_resp', 4],
    ]);
    send(Buffer.from('0000000500', 'hex'));
    await until(() => socket.destroyed);
    expect(got.at(-1)).toMatchObject({ command: 'generic_nack', status: STATUS.invalidCommandLength });
  });

  test('random octets never take the centre down', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (octets) => {
        const { socket, send } = await raw();
        send(login);
        send(Buffer.from(octets));
        await pause(5);
        socket.destroy();
      }),
      { numRuns: 40 },
    );
    expect(await (await bound()).submit(hello)).toMatchObject({ outcome: 'taken' });
  });
});

describe('a peer that is dead but connected', () => {
  test('is asked whether it lives, and left', async () => {
    const asked: string[] = [];
    const server = createServer((socket) => {
      const frames = new Frames();
      socket.on('error', () => undefined);
      socket.on('data', (chunk: Buffer) => {
        for (const frame of frames.push(chunk)) {
          const pdu = decodePdu(frame);
          asked.push(pdu.command);
          if (pdu.command === 'bind_transceiver') socket.write(encodePdu('bind_transceiver_resp', pdu.sequence));
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const states: string[] = [];
    const place = { host: '127.0.0.1', port, systemId: 'e', password: 'p' };
    const line = new Esme(
      { ...ESME_DEFAULTS, ...place, answerMs: 60, enquireMs: 40, reconnectMs: [5_000, 5_000] },
      { deliver: () => Promise.resolve(0), state: (state) => states.push(state) },
    );
    line.start();
    await until(() => states.includes('lost'));
    expect(asked).toContain('enquire_link');
    await line.stop();
    await new Promise((resolve) => server.close(resolve));
  });
});

test('pauses grow to their most, and are never the same for all', () => {
  const tries = Array.from({ length: 200 }, () => backOff([100, 1_000], 3));
  expect(Math.min(...tries)).toBeGreaterThanOrEqual(400);
  expect(Math.max(...tries)).toBeLessThanOrEqual(800);
  expect(new Set(tries).size).toBeGreaterThan(100);
  expect(backOff([100, 1_000], 60)).toBeLessThanOrEqual(1_000);
});
