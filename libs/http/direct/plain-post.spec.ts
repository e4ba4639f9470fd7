import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { readPlainPost } from './plain-post';
import type { DirectRoute } from './direct-route';

const route: DirectRoute = { url: '/v1/payments', bodyLimit: 100, serve: () => Promise.resolve() };
const routes = new Map([['POST /v1/payments HTTP/1.1', route]]);

const FIELDS = [
  'Host: pay.example',
  'Content-Type: application/json',
  'Content-Length: 7',
  'Idempotency-Key: "a b"',
  'Signature-Input: yd=("@method");created=1;keyid="k"',
];
const post = (fields: readonly string[] = FIELDS, body = '{"a":1}', first = 'POST /v1/payments HTTP/1.1') =>
  Buffer.from(`${[first, ...fields].join('\r\n')}\r\n\r\n${body}`, 'latin1');
const instead = (name: string, ...lines: string[]) => [...FIELDS.filter((one) => !one.startsWith(name)), ...lines];

test('a plain request: its fields, where its body lies, where the next one begins', () => {
  const bytes = Buffer.concat([post(), Buffer.from('POST')]);
  const read = readPlainPost(bytes, routes);
  expect(read?.headers).toEqual({
    host: 'pay.example',
    'content-type': 'application/json',
    'content-length': '7',
    'idempotency-key': '"a b"',
    'signature-input': 'yd=("@method");created=1;keyid="k"',
  });
  expect(bytes.subarray(read?.bodyStart, read?.end).toString()).toBe('{"a":1}');
  expect(readPlainPost(post(FIELDS, ''), routes)?.end).toBe(post().length);
});

test.each<[string, Buffer]>([
  ['another method', post(FIELDS, '', 'PUT /v1/payments HTTP/1.1')],
  ['another path', post(FIELDS, '', 'POST /v1/payment HTTP/1.1')],
  ['a query', post(FIELDS, '', 'POST /v1/payments?x=1 HTTP/1.1')],
  ['the absolute form', post(FIELDS, '', 'POST http://pay.example/v1/payments HTTP/1.1')],
  ['HTTP/1.0', post(FIELDS, '', 'POST /v1/payments HTTP/1.0')],
  ['two blanks in the request line', post(FIELDS, '', 'POST  /v1/payments HTTP/1.1')],
  ['no host', post(instead('Host'))],
  ['no length', post(instead('Content-Length'))],
  ['two lengths', post([...FIELDS, 'Content-Length: 7'])],
  ['two lengths, spelled differently', post([...FIELDS, 'content-length: 70'])],
  ['a list of lengths', post(instead('Content-Length', 'Content-Length: 7, 7'))],
  ['a signed length', post(instead('Content-Length', 'Content-Length: +7'))],
  ['a length with a zero before it', post(instead('Content-Length', 'Content-Length: 07'))],
  ['a length of none', post(instead('Content-Length', 'Content-Length: 0'))],
  ['a hexadecimal length', post(instead('Content-Length', 'Content-Length: 0x7'))],
  ['a length over the limit', post(instead('Content-Length', 'Content-Length: 101'))],
  ['a chunked body', post([...FIELDS, 'Transfer-Encoding: chunked'])],
  ['an encoding nobody knows', post([...FIELDS, 'Transfer-Encoding: x'])],
  ['Expect', post([...FIELDS, 'Expect: 100-continue'])],
  ['Upgrade', post([...FIELDS, 'Upgrade: h2c'])],
  ['Connection: close', post([...FIELDS, 'Connection: close'])],
  ['Connection naming a field', post([...FIELDS, 'Connection: keep-alive, host'])],
  ['a field twice', post([...FIELDS, 'Idempotency-Key: c'])],
  ['a blank before the colon', post([...FIELDS, 'X-A : 1'])],
  ['a folded line', post([...FIELDS, 'X-A: 1', ' 2'])],
  ['a line that ends by LF', post([...FIELDS, 'X-A: 1\nX-B: 2'])],
  ['a lone CR', post([...FIELDS, 'X-A: 1\rX-B: 2'])],
  ['a NUL', post([...FIELDS, 'X-A: 1\0'])],
  ['a tab', post([...FIELDS, 'X-A: 1\t2'])],
  ['a value beyond ASCII', post([...FIELDS, 'X-A: \xe9'])],
  ['a name beyond letters', post([...FIELDS, 'X_A: 1'])],
  ['an empty value', post([...FIELDS, 'X-A:'])],
  ['a blank after the value', post([...FIELDS, 'X-A: 1 '])],
  ['another content type', post(instead('Content-Type', 'Content-Type: text/plain'))],
  ['no signature', post(instead('Signature-Input'))],
  ['too many fields', post([...FIELDS, ...Array.from({ length: 60 }, (_, n) => `X-${n}: 1`)])],
  ['a head too long', post([...FIELDS, `X-A: ${'x'.repeat(8_200)}`])],
  ['half a head', post().subarray(0, 60)],
])('%s is not read here', (_name, bytes) => {
  expect(readPlainPost(bytes, routes)).toBeUndefined();
  expect(readPlainPost(bytes, routes, formOf(post()))).toBeUndefined();
});

const formOf = (bytes: Buffer) => readPlainPost(bytes, routes)?.form;

test.each<[string, Buffer]>([
  ['the same again', post()],
  ['other values', post(instead('Idempotency-Key', 'Idempotency-Key: k'), '{"a":12345}')],
  ['a field more', post([...FIELDS, 'X-A: 1'])],
  ['a field less', post(instead('Idempotency-Key'))],
  ['another spelling', post(instead('Host', 'host: pay.example'))],
  ['another order', post(FIELDS.toReversed())],
  ['no blank', post(instead('Host', 'Host:pay.example'))],
  ['names like numbers', post([...FIELDS, '2: b', '1: a'])],
])('%s: in the form of the last request or not, it is read alike', (_name, bytes) => {
  for (const last of [post(), post([...FIELDS, '2: x', '1: y']), post([...FIELDS, 'Connection: keep-alive'])]) {
    expect(formOf(last)).toBeDefined();
    const read = readPlainPost(bytes, routes, formOf(last));
    expect(read).toEqual(readPlainPost(bytes, routes));
    expect(read).toBeDefined();
  }
});

test('a form with no blank behind a colon is not kept', () =>
  expect(formOf(post(instead('Host', 'Host:pay.example')))).toBeUndefined());

/** As Node's parser reads it; undefined when it refuses. */
async function asNode(bytes: Buffer, port: number): Promise<object | undefined> {
  const socket = connect(port, '127.0.0.1');
  socket.end(bytes); // what is missing will never come
  let text = '';
  for await (const piece of socket) text += String(piece);
  const body = text.slice(text.indexOf('\r\n\r\n') + 4);
  return text.startsWith('HTTP/1.1 200') ? (JSON.parse(body) as object) : undefined;
}

function echo(request: IncomingMessage, response: ServerResponse): void {
  const { method, url, headers } = request;
  let body = '';
  request.setEncoding('latin1').on('data', (piece: string) => (body += piece));
  request.on('end', () => {
    response.setHeader('connection', 'close');
    response.end(JSON.stringify({ method, url, headers, body }));
  });
}

const SPLINTERS = [
  '\r\n',
  '\n',
  '\r',
  ' ',
  '\t',
  ':',
  '\0',
  '0',
  '7',
  'A: 1\r\n',
  'Content-Length: 3\r\n',
  '\r\n\r\n',
  ';',
  '\xff',
];

test('whatever it reads in damaged requests, Node reads alike', async () => {
  const server = createServer(echo);
  Object.assign(server, { httpAllowHalfOpen: true });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  let seed = 42;
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  let read = 0;
  for (let round = 0; round < 3_000; round++) {
    const whole = post().toString('latin1');
    const at = random(whole.length);
    const splinter = SPLINTERS[random(SPLINTERS.length)] ?? '';
    const damaged = Buffer.from(whole.slice(0, at) + splinter + whole.slice(at + random(3)), 'latin1');
    const plain = readPlainPost(damaged, routes);
    expect(readPlainPost(damaged, routes, formOf(post()))).toEqual(plain);
    if (!plain || plain.end > damaged.length) continue;
    read++;
    const body = damaged.toString('latin1', plain.bodyStart, plain.end);
    const ours = { method: 'POST', url: plain.route.url, headers: plain.headers, body };
    const first = damaged.subarray(0, plain.end);
    expect({ text: damaged.toString('latin1'), read: await asNode(first, port) }).toEqual({
      text: damaged.toString('latin1'),
      read: ours,
    });
  }
  expect(read).toBeGreaterThan(100);
  server.close();
});
