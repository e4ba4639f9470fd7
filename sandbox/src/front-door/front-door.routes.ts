import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { World } from '../world';
import { CONTENT_SECURITY_POLICY, html, page } from './page';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};
const PAGES: Readonly<Record<string, string>> = {
  '/': 'index.html',
  '/faults': 'faults.html',
  '/phones': 'phones.html',
};
const FILES = [
  'page.css',
  'front-door.css',
  'texts.js',
  'behaviours.js',
  'page.js',
  'front-door.js',
  'faults.js',
  'phones.js',
  'favicon.svg',
  'hourglass.svg',
];

/** The front door and its two side rooms: static files, no inline script, nothing from other hosts. */
export function frontDoorRoutes(app: FastifyInstance, world: World): void {
  for (const [path, name] of Object.entries(PAGES)) serve(app, path, name);
  for (const name of FILES) serve(app, `/${name}`, name);
  app.get('/favicon.ico', (_request, answer) => answer.redirect('/favicon.svg', 301));
  app.get('/sandbox/api/people', () => ({
    operators: world.demoFile.operators.map(({ username, name, nameEn, password, totpSecret }) => {
      return { username, name, nameEn, password, totpSecret };
    }),
    partnerKey: world.demoFile.partners.demo_bank.keyId,
  }));
  app.setNotFoundHandler((request, answer) => {
    if (!(request.headers.accept ?? '').includes('text/html')) return answer.code(404).send({ code: 'not_found' });
    const body = html`<section class="card">
      <h1>一点付 Yidian</h1>
      <p>没有这一页。 There is no such page.</p>
      <p><a href="/">← 首页 Front door</a></p>
    </section>`;
    return page(answer.code(404), '一点付 Yidian', body);
  });
}

function serve(app: FastifyInstance, path: string, name: string): void {
  const content = readFileSync(join(__dirname, 'static', name));
  const type = TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
  app.get(path, (_request, answer) =>
    answer
      .type(type)
      .headers({
        'content-security-policy': CONTENT_SECURITY_POLICY,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-cache',
      })
      .send(content),
  );
}
