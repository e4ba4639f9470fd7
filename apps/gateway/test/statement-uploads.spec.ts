import { connect } from 'node:net';
import { openDoors, type Answered, type Call, type Doors } from './doors';

interface Part {
  fileName: string;
  content: { upload?: string; offset: number; contentBase64: string; last: boolean };
}
const UPLOAD = '5f2f3c1e-6f0e-4c0e-9d39-0d4f2f6a9b11';
const SHA = 'a'.repeat(64);
const asked: unknown[] = [];

let doors: Doors;
beforeAll(async () => {
  doors = await openDoors({
    reconciliation: {
      'statements.upload': (request: never) => {
        const { fileName, content } = request as Part;
        asked.push(request);
        const received = content.offset + Buffer.from(content.contentBase64, 'base64').length;
        if (fileName.startsWith('no_')) return { outcome: 'refused', reason: fileName.slice(3) };
        if (!content.last) return { outcome: 'more', upload: UPLOAD, received };
        if (fileName === 'again.csv') return { outcome: 'already_have', version: 1, sha256: SHA };
        return { outcome: 'stored', version: 2, sha256: SHA, bytes: received, replaces: 1 };
      },
    },
  });
});
afterAll(() => doors.close());
beforeEach(() => asked.splice(0));

const cookies = new Map<string, string>();
async function send(who: Parameters<Doors['enter']>[0], body: object): Promise<Answered> {
  const cookie = cookies.get(who) ?? (await doors.enter(who));
  cookies.set(who, cookie);
  const call: Call = { method: 'POST', path: '/v1/finance/statement_uploads', body };
  return doors.call({ ...call, headers: { cookie, 'x-requested-with': 'console' } });
}
const of = { provider: 'bank_a', date: '2026-11-22', file_name: 'bill.csv' };
const text = (content: string | Buffer) => Buffer.from(content).toString('base64');

test('a part of 8 MB goes through this door, the rest after it', async () => {
  const first = await send('maker', {
    ...of,
    offset: 0,
    content_base64: text(Buffer.alloc(8_000_000, 7)),
    last: false,
  });
  const nothing = { version: null, sha256: null, replaces: null };
  expect(first.json).toEqual({
    ...{ object: 'statement_upload', outcome: 'more', upload: UPLOAD, received: 8_000_000, ...nothing },
  });
  const rest = { ...of, upload: UPLOAD, offset: 8_000_000, content_base64: text('end'), last: true, sha256: SHA };
  expect((await send('maker', rest)).json).toEqual({
    ...{ object: 'statement_upload', outcome: 'stored', upload: null, received: null },
    ...{ version: 2, sha256: SHA, replaces: 1 },
  });
  expect(asked[1]).toEqual({
    ...{ provider: 'bank_a', date: '2026-11-22', fileName: 'bill.csv', actor: 'maker' },
    content: { upload: UPLOAD, offset: 8_000_000, contentBase64: text('end'), last: true, sha256: SHA },
  });
});

const whole = { ...of, offset: 0, content_base64: text('a,b'), last: true };

test('the same bytes again are told so', async () => {
  expect((await send('maker', { ...whole, file_name: 'again.csv' })).json).toMatchObject({
    ...{ outcome: 'already_have', version: 1 },
  });
});

test.each([
  ['unknown_provider', 400, 'provider_unknown'],
  ['day_signed_off', 409, 'state_conflict'],
  ['unknown_upload', 404, 'not_found'],
  ['gap', 409, 'state_conflict'],
  ['other_bytes', 409, 'state_conflict'],
  ['too_large', 409, 'state_conflict'],
])('%s answers %d %s', async (reason, status, code) => {
  expect((await send('maker', { ...whole, file_name: `no_${reason}` })).json).toMatchObject({ status, code });
});

test.each([
  ['a path for a name', { ...whole, file_name: '../bill.csv' }, '/file_name'],
  ['no base64', { ...whole, content_base64: '<>' }, '/content_base64'],
  ['a later part of nothing', { ...whole, offset: 5 }, '/upload'],
])('%s is refused, and nobody is asked', async (_, body, pointer) => {
  expect((await send('maker', body)).json).toMatchObject({ status: 400, errors: [{ pointer }] });
  expect(asked).toEqual([]);
});

test('only who prepares finance may bring a file', async () => {
  expect((await send('checker', whole)).json).toMatchObject({ code: 'scope_missing' });
  expect((await send('hubei', whole)).json).toMatchObject({ code: 'scope_missing' });
});

/** Of a body of 11 MB that was announced and never came. */
const firstWords = (head: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(doors.url);
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.write(head));
    socket.once('error', reject);
    socket.once('data', (answer) => {
      socket.destroy();
      resolve(answer.toString('utf8').split('\r\n')[0] ?? '');
    });
  });

test.each([
  ['nobody', '', 401],
  ['who may not bring a file', 'checker', 403],
] as const)('%s is refused before a byte of the file is read', async (_, who, status) => {
  const cookie = who === '' ? '' : `cookie: ${cookies.get(who) ?? (await doors.enter(who))}\r\n`;
  const head =
    `POST /v1/finance/statement_uploads HTTP/1.1\r\nhost: x\r\n${cookie}x-requested-with: console\r\n` +
    'content-type: application/json\r\ncontent-length: 11000000\r\n\r\n{';
  expect(await firstWords(head)).toContain(`HTTP/1.1 ${status} `);
});

test.each([
  ['statement_uploads', 11_400_000, '11.3 MB'],
  ['payees', 70_000, '64 KiB'],
])('%s names the limit that it has', async (door, bytes, limit) => {
  const cookie = cookies.get('maker') ?? (await doors.enter('maker'));
  const answer = await doors.call({
    ...{ method: 'POST', path: `/v1/finance/${door}`, headers: { cookie, 'x-requested-with': 'console' } },
    body: `{"x":"${'a'.repeat(bytes)}"}`,
  });
  expect(answer.json).toMatchObject({ status: 413, code: 'body_too_large', detail: `The body is over ${limit}.` });
});
