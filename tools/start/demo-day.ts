import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { PlainError, type Screen, type Step } from '../platform/progress';

/** What the sandbox tells about its run of the demo day: `GET /sandbox/api/demo`. */
const progress = z.object({
  state: z.enum(['idle', 'running', 'done', 'failed']),
  date: z.string(),
  done: z.number(),
  total: z.number(),
  inDoubt: z.number(),
  doing: z.string().default('payments'),
  /** Lines for people, in order, only ever growing. */
  notes: z.array(z.string()),
  /** Closing lines: the night, the breaks, the books, the files. */
  summary: z.array(z.string()).default([]),
  ok: z.boolean().default(false),
});
export type DemoProgress = z.infer<typeof progress>;

/** Without any news for this long the demo is stuck, and waiting longer would only hide it. */
const STUCK_MS = 300_000;

/** Runs the demo day and tells it as it goes; true when the day ended as it should. */
export async function playDemoDay(sandboxUrl: string, screen: Screen, wish: { payments?: number }): Promise<boolean> {
  const begin = () => ask(sandboxUrl, { method: 'POST', body: JSON.stringify(wish) });
  const first = await begin();
  let told = first.notes.length;
  const step = screen.step(`Demo ${first.date}`);
  const last = await follow(sandboxUrl, begin, step, (now) => {
    // After the sandbox was started again its notes begin anew.
    for (const note of now.notes.slice(told > now.notes.length ? 0 : told)) screen.say(`  ${note}`);
    told = now.notes.length;
  }).catch((error: unknown) => {
    step.fail();
    throw error;
  });
  if (last.ok) step.done(`${last.done} payments, ${last.inDoubt} in doubt`);
  else step.fail(last.state === 'failed' ? 'stopped' : 'ended with differences');
  for (const line of last.summary) screen.say(` ${line}`);
  return last.state === 'done' && last.ok;
}

async function follow(
  sandboxUrl: string,
  begin: () => Promise<DemoProgress>,
  step: Step,
  told: (now: DemoProgress) => void,
): Promise<DemoProgress> {
  let news = '';
  let newsAt = Date.now();
  for (;;) {
    const now = await ask(sandboxUrl);
    told(now);
    step.progress(now.done, now.total, `${now.doing}${now.inDoubt > 0 ? ` · ${now.inDoubt} in doubt` : ''}`);
    if (now.state === 'idle')
      await begin(); // the sandbox was started again: the day goes on where it was
    else if (now.state !== 'running') return now;
    const fresh = JSON.stringify(now);
    if (fresh !== news) newsAt = Date.now();
    news = fresh;
    if (Date.now() - newsAt > STUCK_MS)
      throw new PlainError('The demo day has made no step for five minutes; .data/logs tells why.');
    await sleep(500);
  }
}

/** The sandbox may be starting again in between: a lost answer is asked for anew. */
async function ask(sandboxUrl: string, request: RequestInit = {}): Promise<DemoProgress> {
  for (let tries = 1; ; tries += 1) {
    try {
      const response = await fetch(`${sandboxUrl}/sandbox/api/demo`, {
        ...request,
        headers: { 'content-type': 'application/json' },
        signal: AbortSignal.timeout(15_000),
      });
      if (!response.ok) throw new Error(`the sandbox answered ${response.status}`);
      return progress.parse(await response.json());
    } catch (cause) {
      if (tries === 20) throw new PlainError(`The sandbox does not answer: ${String(cause)}`);
      await sleep(1_000);
    }
  }
}
