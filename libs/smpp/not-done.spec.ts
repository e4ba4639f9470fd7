import { connect, createServer, type AddressInfo } from 'node:net';
import { STATUS, type RequestName } from './commands';
import { Esme, ESME_DEFAULTS } from './esme';
import { Frames } from './frames';
import { decodePdu, encodePdu, type Pdu } from './pdu';
import { Smsc } from './smsc';

const LINK = { window: 10, answerMs: 2_000, enquireMs: 60_000 };
const hello = { destination_addr: '13800001234', short_message: Buffer.from('hello') };
async function until(holds: () => boolean, ms = 5_000): Promise<void> {
  for (const end = Date.now() + ms; !holds(); await new Promise((resolve) => setTimeout(resolve, 5)))
    if (Date.now() > end) throw new Error('it did not happen');
}
const bySequence = (pdus: Pdu[]) => pdus.toSorted((a, b) => a.sequence - b.sequence);

/** Every operation of the specification that one of the two ends does not carry out. */
describe('what an end does not do', () => {
  let smsc: Smsc;
  let port: number;
  beforeAll(async () => {
    smsc = new Smsc('CENTRE', LINK, {
      authenticate: () => STATUS.ok,
      submit: () => Promise.resolve({ status: STATUS.ok, messageId: 'm1' }),
    });
    port = await smsc.listen(0);
  });
  afterAll(() => smsc.close());

  async function raw(): Promise<{ got: Pdu[]; send: (octets: Buffer) => void }> {
    const socket = connect(port, '127.0.0.1');
    const got: Pdu[] = [];
    const frames = new Frames();
    socket.on('data', (chunk: Buffer) => got.push(...[...frames.push(chunk)].map((frame) => decodePdu(frame))));
    await new Promise((resolve) => socket.once('connect', resolve));
    return { got, send: (octets) => void socket.write(octets) };
  }
  const login = encodePdu('bind_transceiver', 1, { system_id: 'raw', interface_version: 0x34 });

  /** One address and one distribution list (§4.5.1). */
  const multi = Buffer.from('0002010101313338303030303132333400024c495354000000000000000100080000', 'hex');
  const NOT_DONE: [RequestName, object, number | null][] = [
    ['submit_multi', { unread: multi }, STATUS.invalidCommandId],
    ['cancel_sm', { message_id: 'm1' }, STATUS.invalidCommandId],
    ['replace_sm', { message_id: 'm1', short_message: Buffer.from('x') }, STATUS.invalidCommandId],
    ['deliver_sm', {}, STATUS.invalidCommandId],
    ['outbind', { system_id: 'x' }, null],
    ['alert_notification', {}, null],
  ];
  test.each(NOT_DONE)('the centre does not do %s, and says so under its own name', async (command, body, status) => {
    const { got, send } = await raw();
    send(encodePdu(command, 9, body));
    send(login);
    await until(() => got.some(({ sequence }) => sequence === 1));
    send(encodePdu(command, 2, body));
    send(encodePdu('enquire_link', 3));
    await until(() => got.some(({ sequence }) => sequence === 3));
    const answers = bySequence(got).filter(({ sequence }) => sequence === 2 || sequence === 9);
    const said = answers.map(({ command: as, sequence, status: told }) => [as, sequence, told]);
    expect(said).toEqual(
      status === null
        ? []
        : [
            [`${command}_resp`, 2, status],
            [`${command}_resp`, 9, STATUS.invalidBindStatus],
          ],
    );
  });

  test.each([
    ['submit_sm', 'submit_sm_resp'],
    ['submit_multi', 'submit_multi_resp'],
    ['query_sm', 'query_sm_resp'],
    ['cancel_sm', 'cancel_sm_resp'],
    ['replace_sm', 'replace_sm_resp'],
    ['bind_transceiver', 'bind_transceiver_resp'],
    ['outbind', null],
    ['alert_notification', null],
  ] as [RequestName, string | null][])('a client that is sent %s stays on the line', async (command, answer) => {
    const got: Pdu[] = [];
    const centre = createServer((socket) => {
      const frames = new Frames();
      socket.on('data', (chunk: Buffer) => {
        for (const pdu of [...frames.push(chunk)].map((frame) => decodePdu(frame))) {
          if (pdu.command === 'unbind') socket.end(encodePdu('unbind_resp', pdu.sequence));
          else if (pdu.command !== 'bind_transceiver') got.push(pdu);
          else {
            socket.write(encodePdu('bind_transceiver_resp', pdu.sequence, { system_id: 'C' }));
            socket.write(encodePdu(command, 7, {}));
            socket.write(encodePdu('deliver_sm', 8, hello));
          }
        }
      });
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => centre.listen(0, '127.0.0.1', resolve));
    const line = new Esme(
      {
        ...ESME_DEFAULTS,
        ...LINK,
        ...{ host: '127.0.0.1', port: (centre.address() as AddressInfo).port, systemId: 'esme', password: 'good' },
      },
      { deliver: () => Promise.resolve(STATUS.ok) },
    );
    line.start();
    await until(() => got.some(({ sequence }) => sequence === 8));
    await until(() => answer === null || got.some(({ sequence }) => sequence === 7));
    expect(got.filter(({ sequence }) => sequence === 7).map(({ command: as, status }) => [as, status])).toEqual(
      answer === null ? [] : [[answer, STATUS.invalidBindStatus]],
    );
    expect(line.bound).toBe(true);
    await Promise.all([line.stop(), new Promise((resolve) => centre.close(resolve))]);
  });
});
