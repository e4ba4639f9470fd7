import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Archived } from '@yidian/archive';
import { Pricing } from '../pricing';
import type { FromSettler, Counted, SettledPart, SettleSettings, ToSettler } from './settle-messages';
import type { FeeGap } from './settle-part';
import { Settler } from './settler';

export interface SettledDay {
  pricing: Pricing;
  /** In the order of the matched segments. */
  parts: SettledPart[];
  gaps: FeeGap[];
}

/** One settler, wherever it runs. */
interface Hand {
  settle(part: number, segment: Archived): Promise<SettledPart>;
  counted(): Counted | Promise<Counted>;
  close(): Promise<unknown>;
}

/**
 * Settles all matched segments of a run: each thread takes the next segment, seals its settled lines, and in the end hands
 * over the sums of its groups, which add up to the same whoever had which segment. Memory is one segment a thread.
 * @param threads 0: all in the caller's own thread
 */
export async function settleSegments(
  segments: readonly Archived[],
  settings: SettleSettings,
  threads: number,
): Promise<SettledDay> {
  const pricing = new Pricing(settings.terms);
  const parts: SettledPart[] = [];
  const gaps: FeeGap[] = [];
  let next = 0;
  const run = async (): Promise<void> => {
    const hand = threads === 0 ? here(settings) : thread(settings);
    try {
      for (let part = next++, segment = segments[part]; segment; part = next++, segment = segments[part])
        parts[part] = await hand.settle(part, segment);
      const counted = await hand.counted();
      for (const { line, count, totals } of counted.groups) pricing.groupOf(line).absorb(count, totals);
      for (const gap of counted.gaps) gaps.push(gap);
    } finally {
      await hand.close();
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(threads, segments.length)) }, run));
  gaps.sort((a, b) => (a.paymentNo < b.paymentNo ? -1 : 1));
  return { pricing, parts, gaps };
}

function here(settings: SettleSettings): Hand {
  const settler = new Settler(settings);
  return {
    settle: (part, segment) => settler.settle(part, segment),
    counted: () => settler.counted(),
    close: () => Promise.resolve(),
  };
}

function thread(settings: SettleSettings): Hand {
  const worker = new Worker(join(__dirname, 'settle.worker.js'), { workerData: settings });
  const ask = async (question: ToSettler): Promise<FromSettler> => {
    worker.postMessage(question);
    const [answer] = (await once(worker, 'message')) as [FromSettler];
    if ('failed' in answer) throw new Error(answer.failed);
    return answer;
  };
  return {
    settle: async (part, segment) => {
      const answer = await ask({ part, segment });
      if (!('settled' in answer)) throw new Error('a settler answered something else');
      return answer.settled;
    },
    counted: async () => {
      const answer = await ask('end');
      if (!('counted' in answer)) throw new Error('a settler answered something else');
      return answer.counted;
    },
    close: () => worker.terminate(),
  };
}
