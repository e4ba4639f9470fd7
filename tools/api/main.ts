import { PlainError } from '../platform/progress';
import { apiConfig } from './api.config';
import { findGateway } from './find-gateway';
import { listen } from './listen';
import { show } from './show';
import { readKey, signedCall } from './signed-call';

const USAGE = `npm run api -- METHOD PATH [JSON] [--key IDEMPOTENCY-KEY]   signs, sends, shows request, signature base, answer
npm run api -- listen                                       shows events as they come`;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

export async function main(args: string[], root: string): Promise<number> {
  const [verb, path, ...rest] = args;
  if (!verb || (verb !== 'listen' && !path?.startsWith('/'))) {
    say(USAGE);
    return 1;
  }
  const config = apiConfig(root);
  const gateway = await findGateway(root, config.url);
  const key = readKey(config);
  if (verb === 'listen') {
    const stop = new AbortController();
    process.once('SIGINT', () => stop.abort());
    await listen(gateway, key, say, stop.signal);
    return 0;
  }
  const { body, idempotencyKey } = bodyAndKey(rest);
  const exchange = await signedCall(gateway, key, {
    method: verb.toUpperCase(),
    path: path ?? '/',
    body,
    idempotencyKey,
  });
  say(show(exchange));
  return exchange.status < 400 ? 0 : 2;
}

/** @throws PlainError when the body is not JSON: better said here than by a refusal */
export function bodyAndKey(rest: readonly string[]): { body: string | undefined; idempotencyKey: string | undefined } {
  const at = rest.indexOf('--key');
  const idempotencyKey = at >= 0 ? rest[at + 1] : undefined;
  const body = rest.find((_, index) => at < 0 || (index !== at && index !== at + 1));
  if (body !== undefined) {
    try {
      JSON.parse(body);
    } catch {
      throw new PlainError(`The body is not JSON: ${body}`);
    }
  }
  return { body, idempotencyKey };
}
