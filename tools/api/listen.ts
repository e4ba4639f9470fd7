import type { SigningKey } from '@yidian/security';
import { setTimeout as sleep } from 'node:timers/promises';
import { PlainError } from '../platform/progress';
import { signedCall } from './signed-call';

interface Page {
  data: { id: string; type: string; created_at: string; data: { object: { id?: string; state?: string } } }[];
  has_more: boolean;
  next_cursor: string | null;
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
  let cursor: string | null = null;
  let earlier = 0;
  let caughtUp = false;
  while (!stop.aborted) {
    const page: Page = await nextPage(gateway, key, cursor);
    cursor = page.next_cursor ?? cursor;
    if (caughtUp) page.data.forEach((event) => say(line(event)));
    else earlier += page.data.length;
    if (page.has_more) continue;
    if (!caughtUp) say(`listening as ${key.keyId} (${earlier} earlier events); Ctrl-C ends`);
    caughtUp = true;
    await sleep(EVERY_MS, undefined, { signal: stop }).catch(() => undefined);
  }
}

async function nextPage(gateway: string, key: SigningKey, cursor: string | null): Promise<Page> {
  const path = `/v1/events?limit=100${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
  const { status, answer } = await signedCall(gateway, key, { method: 'GET', path });
  if (status !== 200) throw new PlainError(`GET /v1/events answered ${status}: ${answer}`);
  return JSON.parse(answer) as Page;
}

function line(event: Page['data'][number]): string {
  const { id = '', state = '' } = event.data.object;
  return `${event.created_at}  ${event.type.padEnd(20)} ${id} ${state}`;
}
