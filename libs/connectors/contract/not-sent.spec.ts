import { createServer, type AddressInfo } from 'node:net';
import { Pool } from 'undici';
import { NotSent } from './connector';
import { neverLeft, notSent } from './not-sent';

const errno = (code: string, syscall?: string) => Object.assign(new Error(code), { code, ...(syscall && { syscall }) });

describe('what surely never left us', () => {
  test.each<[string, unknown, boolean]>([
    ['a refused connection', errno('ECONNREFUSED', 'connect'), true],
    ['a host that cannot be reached', errno('EHOSTUNREACH', 'connect'), true],
    ['a name that nobody has', errno('ENOTFOUND', 'getaddrinfo'), true],
    ['a connection that took too long to stand', errno('UND_ERR_CONNECT_TIMEOUT'), true],
    [
      'every address refused',
      new AggregateError([errno('ECONNREFUSED', 'connect'), errno('ENETUNREACH', 'connect')]),
      true,
    ],
    [
      'one address that was connected',
      new AggregateError([errno('ECONNREFUSED', 'connect'), errno('ECONNRESET', 'read')]),
      false,
    ],
    ['no address at all', new AggregateError([]), false],
    ['a host that became unreachable while it was waited for', errno('EHOSTUNREACH', 'read'), false],
    ['the same while it was told', errno('ENETUNREACH', 'write'), false],
    ['a code alone', errno('ECONNREFUSED'), false],
    ['a connection that was reset', errno('ECONNRESET', 'connect'), false],
    ['an answer that did not come', errno('UND_ERR_HEADERS_TIMEOUT'), false],
    ['nothing', null, false],
  ])('%s: %#', (_what, error, sure) => {
    expect(neverLeft(error)).toBe(sure);
    expect(notSent(error) instanceof NotSent).toBe(sure);
  });

  test('as the line itself says it: refused, and cut after the request was read', async () => {
    const server = createServer((socket) => socket.once('data', () => socket.destroy()));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const asked = async (host: string) => {
      const pool = new Pool(`http://${host}:${port}`);
      const error: unknown = await pool.request({ path: '/', method: 'GET' }).catch((reason: unknown) => reason);
      await pool.close();
      return neverLeft(error);
    };
    expect(await asked('127.0.0.1')).toBe(false);
    await new Promise((resolve) => server.close(resolve));
    expect(await asked('127.0.0.1')).toBe(true);
    expect(await asked('localhost')).toBe(true);
  });
});
