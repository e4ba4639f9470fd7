import type { IncomingHttpHeaders } from 'node:http';

/** No inline script, no foreign host, no framing. `upgrade-insecure-requests` would break pages served over plain http. */
const contentSecurityPolicy = (forms: string): string =>
  [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "font-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    `form-action 'self'${forms}`,
    "frame-ancestors 'none'",
  ].join(';');

/** What helmet sends, written down once: helmet makes its headers anew for each answer, which cost as much as Fastify. */
const FOR_BROWSERS = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'SAMEORIGIN',
  'x-permitted-cross-domain-policies': 'none',
  'x-xss-protection': '0',
};

/**
 * Headers that every answer has. Only a program signs its requests: what tells a browser how to show a page is left out of
 * its answers, since eleven headers cost more than the answer's own.
 * @param formsLeave where pages begin whose forms may go to another host: a payer may be sent to his bank by one
 */
export function standingHeaders(publicUrl: string, formsLeave?: string) {
  const always = {
    ...(publicUrl.startsWith('https:') ? { 'strict-transport-security': 'max-age=31536000' } : {}),
    'x-content-type-options': 'nosniff',
  };
  const forBrowsers = { ...FOR_BROWSERS, 'content-security-policy': contentSecurityPolicy(''), ...always };
  // What is served over plain http is a trial, and so is the page that its form goes to.
  const elsewhere = contentSecurityPolicy(publicUrl.startsWith('https:') ? ' https:' : ' http: https:');
  const forPayers = { ...forBrowsers, 'content-security-policy': elsewhere };
  return (request: IncomingHttpHeaders, url: string): Readonly<Record<string, string>> => {
    if (request['signature-input'] !== undefined) return always;
    return formsLeave !== undefined && url.startsWith(formsLeave) ? forPayers : forBrowsers;
  };
}
