import fastifyStatic from '@fastify/static';
import { Problem } from '@yidian/errors';
import type { FastifyInstance } from 'fastify';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const SITES = ['portal', 'console'];

/** Serves the built sites; an address inside a site that is no file is one of its pages. */
export async function serveSites(instance: FastifyInstance, webDir: string): Promise<void> {
  for (const [index, site] of SITES.entries()) {
    const root = join(webDir, site);
    if (!existsSync(join(root, 'index.html'))) continue;
    await instance.register(fastifyStatic, {
      root,
      prefix: `/${site}/`,
      wildcard: false,
      index: false,
      decorateReply: index === 0,
      cacheControl: true,
      maxAge: '1h',
      setHeaders: (reply, path) => {
        if (path.includes(`${site}/assets/`)) void reply.header('cache-control', 'public, max-age=31536000, immutable');
      },
    });
    if (site === 'portal') await takeReturningPayers(instance);
    instance.get(`/${site}`, (_, reply) => reply.redirect(`/${site}/`, 308));
    instance.get(`/${site}/*`, (request, reply) => {
      if (isFile(request.url)) throw new Problem('not_found'); // a page instead of a missing script would be a riddle
      return reply.header('cache-control', 'no-cache').sendFile('index.html', root, { cacheControl: false });
    });
  }
}

const MOST_SAID_BYTES = 64 * 1024;

/**
 * UnionPay sends the payer back by a form that posts itself. What the form says came through the payer's browser: it is a
 * hint that he is back and nothing more, so it is not read; the page asks us, and we ask the provider.
 */
async function takeReturningPayers(instance: FastifyInstance): Promise<void> {
  await instance.register((pages, _options, done) => {
    pages.removeAllContentTypeParsers();
    pages.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MOST_SAID_BYTES }, (_request, _body, parsed) =>
      parsed(null, null),
    );
    pages.post('/portal/*', (request, reply) => reply.redirect(request.url.split('?')[0] ?? '/portal/', 303));
    done();
  });
}

const isFile = (url: string): boolean => /\.[a-z0-9]{1,5}$/i.test(url.split('?')[0] ?? '');
