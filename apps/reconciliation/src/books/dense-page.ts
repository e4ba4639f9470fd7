import type { PullReply } from '@yidian/contracts';

/**
 * What came in the place of a fact that is missing: its number, or null when nothing did or it cannot be read. Undefined: the
 * page holds every fact from `after` + 1 to where it says it ends, and no other. Looks at the head of each line only.
 */
export function metInsteadOf(page: PullReply, laneId: number, after: bigint): bigint | null | undefined {
  const { text, n } = page;
  let at = 0;
  for (let place = 1n; place <= BigInt(n); place++) {
    if (!text.startsWith(`${laneId}\t${after + place}\t`, at)) return numberAt(text, at);
    const end = text.indexOf('\n', at);
    if (end < 0) return null;
    at = end + 1;
  }
  const ends = page.fromSeq === String(after + 1n) && page.toSeq === String(after + BigInt(n));
  return n > 0 && at === text.length && ends ? undefined : null;
}

function numberAt(text: string, at: number): bigint | null {
  const [, seq = ''] = text.slice(at, at + 64).split('\t');
  return /^\d{1,19}$/.test(seq) ? BigInt(seq) : null;
}
