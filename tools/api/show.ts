import type { Exchange } from './signed-call';

const SHOWN = ['request-id', 'content-type', 'idempotency-replayed', 'retry-after', 'ratelimit', 'signature-input'];

/** Request, signature base and answer, as lines for people. */
export function show(exchange: Exchange): string {
  const block = (title: string, lines: string[]) => [`── ${title}`, ...lines, ''].join('\n');
  const headers = Object.entries(exchange.headers).map(([name, value]) => `${name}: ${value}`);
  const answered = SHOWN.flatMap((name) =>
    exchange.answerHeaders[name] ? [`${name}: ${exchange.answerHeaders[name]}`] : [],
  );
  return [
    block('request', [
      `${exchange.method} ${exchange.url}`,
      ...headers,
      ...(exchange.body === undefined ? [] : ['', exchange.body]),
    ]),
    block('signature base (what was signed)', exchange.base.split('\n')),
    block(`answer ${exchange.status} · its signature ${exchange.answerSignature}`, [
      ...answered,
      '',
      pretty(exchange.answer),
    ]),
  ].join('\n');
}

export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
