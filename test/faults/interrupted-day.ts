import { setTimeout as sleep } from 'node:timers/promises';
import type { DemoResult, DemoView, Stage } from '../e2e/stage';

/** Something done to the platform when the demo day has come that far. */
export interface Blow {
  name: string;
  /** In the payments: the share of them done. In the night: as soon as it runs. */
  when: number | 'night';
  strike: (stage: Stage) => Promise<void>;
}

const PATIENCE_MS = 600_000;

/**
 * Plays the demo day and strikes on the way, each blow once and in order. The driver outside may give up or be killed
 * itself: the day is then begun again, as the start tool does, and goes on where it was.
 */
export async function interruptedDay(stage: Stage, blows: readonly Blow[]): Promise<DemoResult> {
  const waiting = [...blows];
  const deadline = Date.now() + PATIENCE_MS;
  let begun = 0;
  await stage.beginDemoDay();
  for (;;) {
    if (Date.now() > deadline) throw new Error(`the day does not end; ${waiting.length} blows were not struck`);
    const now = await stage.view().catch(() => null);
    if (now?.result) {
      if (waiting.length > 0) throw new Error(`never struck: ${waiting.map(({ name }) => name).join(', ')}`);
      return now.result;
    }
    if (now?.phase === 'idle' || now?.phase === 'failed') {
      begun += 1;
      if (begun > 6) throw new Error(`the day failed ${begun} times, at last: ${now.error ?? 'no reason given'}`);
      await sleep(500);
      await stage.beginDemoDay().catch(() => undefined);
    }
    const next = waiting[0];
    if (next && now && isTime(next, now)) {
      waiting.shift();
      await next.strike(stage);
    }
    await sleep(50);
  }
}

function isTime(blow: Blow, now: DemoView): boolean {
  if (blow.when === 'night') return ['cut', 'night'].includes(now.phase);
  return now.phase === 'payments' && now.total > 0 && now.done / now.total >= blow.when;
}
