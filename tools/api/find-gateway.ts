import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PlainError } from '../platform/progress';

const DEFAULT = 'http://127.0.0.1:4001';

/**
 * The gateway of this checkout: what was given, else the port beside the front door's, else the preferred one. It is the
 * gateway when it publishes keys.
 * @throws PlainError when nothing answers
 */
export async function findGateway(root: string, given?: string): Promise<string> {
  const candidates = given ? [given] : [...new Set([besideFrontDoor(root), DEFAULT])];
  for (const url of candidates) if (url && (await publishesKeys(url))) return url.replace(/\/+$/, '');
  throw new PlainError(
    `No gateway answers at ${candidates.filter(Boolean).join(' or ')}: run \`npm start\`, or set YIDIAN_URL.`,
  );
}

function besideFrontDoor(root: string): string | undefined {
  const path = join(root, '.data', 'run.json');
  if (!existsSync(path)) return undefined;
  const { address } = JSON.parse(readFileSync(path, 'utf8')) as { address?: string };
  if (!address) return undefined;
  const url = new URL(address);
  url.port = String(Number.parseInt(url.port, 10) + 1);
  return url.origin;
}

async function publishesKeys(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url.replace(/\/+$/, '')}/.well-known/jwks.json`, {
      signal: AbortSignal.timeout(3_000),
    });
    return answer.ok && 'keys' in ((await answer.json()) as object);
  } catch {
    return false;
  }
}
