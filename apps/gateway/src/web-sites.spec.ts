import { httpServer } from '@yidian/http';
import { createLogger } from '@yidian/telemetry';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveSites } from './web-sites';

test('sites: files as they are, pages as the site, nothing else', async () => {
  const webDir = mkdtempSync(join(tmpdir(), 'yd-web-'));
  mkdirSync(join(webDir, 'portal', 'assets'), { recursive: true });
  writeFileSync(join(webDir, 'portal', 'index.html'), '<title>portal</title>');
  writeFileSync(join(webDir, 'portal', 'assets', 'a.js'), '1');
  writeFileSync(join(webDir, 'secret.txt'), 'not for you');
  const logger = createLogger({ service: 'test', level: 'silent' });
  const { instance } = httpServer({ publicUrl: 'http://127.0.0.1:1', logger });
  await serveSites(instance, webDir);
  await instance.ready();
  const page = await instance.inject('/portal/payments/pay_1');
  expect([page.statusCode, page.body, page.headers['cache-control']]).toEqual([
    200,
    '<title>portal</title>',
    'no-cache',
  ]);
  expect((await instance.inject('/portal/')).body).toBe('<title>portal</title>');
  expect((await instance.inject('/portal')).headers['location']).toBe('/portal/');
  const script = await instance.inject('/portal/assets/a.js');
  expect([script.statusCode, script.headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable']);
  for (const path of ['/portal/assets/gone.js', '/portal/..%2fsecret.txt', '/portal/../secret.txt', '/console/']) {
    expect(`${path} ${(await instance.inject(path)).body.includes('not for you') ? 'leaks' : 'holds'}`).toBe(
      `${path} holds`,
    );
    expect((await instance.inject(path)).statusCode).not.toBe(200);
  }
  await instance.close();
});

test('a payer who is sent back by a form gets the page of his payment, whatever the form says', async () => {
  const webDir = mkdtempSync(join(tmpdir(), 'yd-web-'));
  for (const site of ['portal', 'console']) {
    mkdirSync(join(webDir, site), { recursive: true });
    writeFileSync(join(webDir, site, 'index.html'), `<title>${site}</title>`);
  }
  const logger = createLogger({ service: 'test', level: 'silent' });
  const { instance } = httpServer({ publicUrl: 'http://127.0.0.1:1', logger });
  await serveSites(instance, webDir);
  await instance.ready();
  const back = (url: string, payload = 'respCode=00&respMsg=success', type = 'application/x-www-form-urlencoded') =>
    instance.inject({ method: 'POST', url, payload, headers: { 'content-type': type } });
  const answer = await back('/portal/payments/pay_1?respCode=00');
  expect([answer.statusCode, answer.headers['location'], answer.body]).toEqual([303, '/portal/payments/pay_1', '']);
  expect((await back('/portal/me', '{', 'application/json')).headers['location']).toBe('/portal/me');
  expect((await back('/portal/payments/pay_1', '', 'text/plain; charset=GBK')).statusCode).toBe(303);
  expect((await back('/portal//evil.example/')).headers['location']).toMatch(/^\/portal\//);
  expect((await back('/portal/payments/pay_1', 'x'.repeat(70_000))).statusCode).toBe(413);
  expect((await back('/console/breaks')).statusCode).toBe(404);
  await instance.close();
});
