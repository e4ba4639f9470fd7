import type { FastifyReply } from 'fastify';

/** Values are escaped; `{raw}` is markup that was made by `html` itself. */
export function html(parts: TemplateStringsArray, ...values: (string | { raw: string })[]): string {
  return parts.reduce((text, part, i) => {
    const value = values[i - 1] ?? '';
    return text + (typeof value === 'string' ? escape(value) : value.raw) + part;
  });
}

function escape(text: string): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => names[character] ?? '');
}

/**
 * No script and no style but our own files. A form may lead to another port of this machine: after signing, the bank's
 * page sends the payer back to the platform, and browsers check that redirect against `form-action` too.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "form-action 'self' http://127.0.0.1:* http://localhost:*",
].join('; ');

export function page(answer: FastifyReply, title: string, body: string): FastifyReply {
  return answer
    .type('text/html; charset=utf-8')
    .headers({ 'content-security-policy': CONTENT_SECURITY_POLICY, 'referrer-policy': 'no-referrer' })
    .send(
      html`<!doctype html>
        <html lang="zh-CN">
          <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <title>${title}</title>
            <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
            <link rel="stylesheet" href="/page.css" />
          </head>
          <body>
            <main>${{ raw: body }}</main>
          </body>
        </html> `,
    );
}
