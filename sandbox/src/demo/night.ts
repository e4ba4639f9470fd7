import { setTimeout as sleep } from 'node:timers/promises';
import { Unexpected } from '../wire/web-client';
import type { DemoTools } from './demo-tools';

export const MAKER = 'clerk.a';
const NIGHT_PATIENCE_MS = 600_000;

interface Day {
  date: string;
  providers: {
    provider: string;
    state: string;
    steps: { name: string; state: string; error: string | null }[];
    open_breaks: number;
    residual: number;
  }[];
}

/** All providers end their accounting day: what comes now belongs to the next one. */
export function cutOutside(tools: DemoTools, date: string): void {
  const { bank, partners } = tools.world;
  for (const source of [bank, partners.demo_bank, partners.demo_shop]) source.cut(date);
}

/** The finance maker starts the night of a date; again is the same night. */
export async function startNight(tools: DemoTools, date: string): Promise<void> {
  const answer = await tools.operators.call(MAKER, {
    path: '/v1/finance/nights',
    body: { date },
    key: `demo-night-${date}-${Date.now()}`,
  });
  if (answer.status >= 300) throw new Unexpected('start of the night', answer);
}

/** Waits until every provider's day is that far; keeps the picture of the steps up to date. */
export async function awaitNight(tools: DemoTools, date: string, far: (day: Day) => boolean): Promise<Day> {
  const deadline = Date.now() + NIGHT_PATIENCE_MS;
  for (let ring = Date.now() + 30_000; ;) {
    const day = await readDay(tools, date);
    if (day) {
      tools.progress.night(day.providers.map(({ provider, state, steps }) => ({ provider, state, steps })));
      if (far(day)) return day;
    }
    if (Date.now() > deadline) throw new Error(`the night of ${date} does not end: ${whereIsIt(day)}`);
    if (Date.now() > ring) {
      await startNight(tools, date); // a step that failed while a service was away is taken up again
      ring = Date.now() + 30_000;
    }
    await sleep(700);
  }
}

export async function readDay(tools: DemoTools, date: string): Promise<Day | undefined> {
  const answer = await tools.operators.call(MAKER, { path: '/v1/finance/days?limit=14' });
  if (answer.status !== 200) throw new Unexpected('days', answer);
  return (answer.body as { data: Day[] }).data.find((day) => day.date === date);
}

export function allCut(day: Day): boolean {
  return (
    day.providers.length > 0 && day.providers.every((p) => p.steps.some((s) => s.name === 'cut' && s.state === 'done'))
  );
}

export function allSettled(day: Day): boolean {
  return (
    day.providers.length > 0 &&
    day.providers.every((p) => p.state === 'settled' && p.steps.every((s) => ['done', 'superseded'].includes(s.state)))
  );
}

function whereIsIt(day: Day | undefined): string {
  const open = day?.providers.flatMap((p) =>
    p.steps.filter((s) => s.state !== 'done').map((s) => `${p.provider} ${s.name} ${s.state} ${s.error ?? ''}`.trim()),
  );
  return open?.slice(0, 5).join(', ') ?? 'it has no day';
}
