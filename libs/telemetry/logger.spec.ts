import { get } from 'node:http';
import { healthServer } from './health-server';
import { createLogger, maskText, plainError } from './logger';

function lines(write: (logger: ReturnType<typeof createLogger>) => void): string {
  let text = '';
  write(createLogger({ service: 'test', destination: { write: (line: string) => (text += line) } }));
  return text;
}

test.each([
  ['number 13800001234 called', 'number 138****1234 called'],
  ['payment 26112243215007310042', 'payment 26112243215007310042'],
])('%s', (text, masked) => expect(maskText(text)).toBe(masked));

test('numbers, keys, codes and SQL do not reach the log', () => {
  const text = lines((logger) => {
    logger.info(
      { number: '13800001234', a: { msisdn: '13800001234', password: 'hunter2' }, to: '13800001234' },
      'from 13800001234',
    );
    logger.info({ req: { headers: { 'set-cookie': 'yd=1', authorization: 'secret' } } }, 'call');
    const error = Object.assign(new Error("Duplicate entry '13800001234' for key"), {
      sql: 'INSERT INTO x VALUES (13800001234)',
      parameters: ['13800001234'],
    });
    logger.error({ err: error }, 'failed');
  });
  expect(text).not.toMatch(/13800001234|hunter2|yd=1|secret|INSERT/);
  expect(text).toContain('138****1234');
});

test('an error keeps its cause', () => {
  const error = new Error('outer', { cause: new Error('inner') });
  expect(plainError(error)).toMatchObject({ message: 'outer', cause: { message: 'inner' } });
  expect(plainError('just text')).toMatchObject({ message: 'just text' });
});

function ask(port: number, path: string): Promise<{ status: number; body: unknown }> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path }, (response) => {
      let text = '';
      response.on('data', (part: Buffer) => (text += part.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as unknown }));
    }).on('error', reject);
  });
}

test('health: live whatever happens, ready only when every check passes', async () => {
  let broken = true;
  const server = await healthServer(0, {
    fine: () => undefined,
    database: async () => {
      await Promise.resolve();
      if (broken) throw new Error('not reachable');
    },
  });
  try {
    expect(await ask(server.port, '/health/live')).toEqual({ status: 200, body: { ok: true } });
    const wrong = await ask(server.port, '/health/ready');
    expect(wrong).toEqual({ status: 503, body: { ok: false, checks: { fine: 'ok', database: 'not reachable' } } });
    broken = false;
    expect((await ask(server.port, '/health/ready')).status).toBe(200);
    expect((await ask(server.port, '/else')).status).toBe(404);
  } finally {
    await server.close();
  }
});
