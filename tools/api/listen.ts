import type { SigningKey } from '@yidian/security';
import { setTimeout as sleep } from 'node:timers/promises';
import { PlainError } from '../platform/progress';
import { signedCall } from './signed-call';

interface Page {
  data: { id: string; type: string; created_at: string; data: { object: { id?: string; state?: string } } }[];
}

const EVERY_MS = 1_000;

/**
 * Shows events as they come, by pulling: what arrives is the same as the webhooks' bodies, and it works behind any
 * firewall. Those from before the start are only counted.
 */
export async function listen(
  gateway: string,
  key: SigningKey,
  say: (line: string) => void,
  stop: AbortSignal,
): Promise<void> {
  const seen = new Set<string>();
  let first = true;
  while (!stop.aborted) {
    const { status, answer } = await signedCall(gateway, key, { method: 'GET', path: '/v1/events?limit=100' });
    if (status !== 200) throw new PlainError(`GET /v1/events answered ${status}: ${answer}`);
    const fresh = (JSON.parse(answer) as Page).data.filter(({ id }) => !seen.has(id));
    for (const event of [...fresh].sort((a, b) => a.created_at.localeCompare(b.created_at))) {
      seen.add(event.id);
      const { id = '', state = '' } = event.data.object;
      if (!first) say(`${event.created_at}  ${event.type.padEnd(20)} ${id} ${state}`);
    }
    if (first) say(`listening as ${key.keyId} (${fresh.length} earlier events); Ctrl-C ends`);
    first = false;
    await sleep(EVERY_MS, undefined, { signal: stop }).catch(() => undefined);
  }
}
