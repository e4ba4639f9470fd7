import type { BackfillView, DayProgress, ProgressReply } from '@yidian/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import { inStep, type Screen, type Step } from '../platform/progress';
import type { Desk } from './desk';
import type { Options } from './options';

const ASK_EVERY_MS = 500;
/** As many looks without any step of its own and the date has no night. */
const PATIENCE = 20;

export interface NightsOutcome {
  ended: boolean;
  detail: string;
  lines: number;
  seconds: number;
  linesPerSecond: number;
}

/** Starts the night, or the range, and follows it until every step has ended, it stops, or the time is over. */
export async function runNights(desk: Desk, options: Options, screen: Screen): Promise<NightsOutcome> {
  const { from, to, provider } = options;
  const started = performance.now();
  const detail = await inStep(
    screen,
    from === to ? from : `${from} to ${to}`,
    (step) => (from === to ? oneNight(desk, options, step) : range(desk, options, step)),
    (said) => said,
  );
  const seconds = (performance.now() - started) / 1_000;
  const { days } = await desk.ask('report.get', { from, to, ...(provider ? { provider } : {}) });
  const lines = days.reduce((sum, day) => sum + day.lines, 0);
  return {
    ...{ ended: detail === ENDED, detail, lines, seconds: round(seconds) },
    linesPerSecond: seconds > 0 ? Math.round(lines / seconds) : 0,
  };
}

const ENDED = 'every step has ended';
const round = (seconds: number): number => Math.round(seconds * 1_000) / 1_000;

async function oneNight(desk: Desk, { from, provider, timeoutMs }: Options, step: Step): Promise<string> {
  await desk.ask('night.run', { date: from, actor: desk.actor, ...(provider ? { provider } : {}) });
  return follow(desk, { from, to: from, provider, timeoutMs }, step, () => Promise.resolve(null));
}

async function range(desk: Desk, options: Options, step: Step): Promise<string> {
  const { from, to, provider } = options;
  const wanted = { from, to, actor: desk.actor, ...(provider ? { provider } : {}) };
  const begun = await desk.ask('night.backfill', wanted);
  return follow(desk, options, step, async () => (await desk.ask('night.backfills', { id: begun.id })).backfill);
}

type Span = Pick<Options, 'from' | 'to' | 'provider' | 'timeoutMs'>;

async function follow(
  desk: Desk,
  { from, to, provider, timeoutMs }: Span,
  step: Step,
  backfill: () => Promise<BackfillView | null>,
): Promise<string> {
  const until = Date.now() + timeoutMs;
  for (let looks = 1; ; looks++) {
    const now = await desk.ask('night.progress', { from, to, ...(provider ? { provider } : {}) });
    const range = await backfill();
    show(step, now, range);
    if (range?.state === 'stopped') return `stopped: ${range.detail}`;
    const ended = now.days.length > 0 && now.days.every((day) => day.step === null);
    if (range ? range.state === 'done' : ended) return ENDED;
    if (now.days.length === 0 && range === null && looks > PATIENCE)
      return 'no night could begin: is the book open yet?';
    if (Date.now() > until) return 'the time is over; the night goes on by itself';
    await sleep(ASK_EVERY_MS);
  }
}

function show(step: Step, { percent, days }: ProgressReply, range: BackfillView | null): void {
  const running = days.find((day) => day.step !== null);
  const at = running ? wordsOf(running) : '';
  step.progress(Math.floor(range ? rangePercent(range, percent) : percent), 100, `% ${at}`.trim());
}

/** Of a range the dates before the one at work are done, the ones after it are not begun. */
function rangePercent({ from, to, at, state }: BackfillView, percent: number): number {
  if (state === 'done') return 100;
  const day = (date: string) => Date.parse(`${date}T00:00:00Z`) / 86_400_000;
  const dates = day(to) - day(from) + 1;
  // Dates that have no night yet count for nothing in `percent`: what is known of the range is at most this far.
  return Math.min(99, (100 * (day(at) - day(from))) / dates + Math.min(percent, 100) / dates);
}

export function wordsOf({ provider, date, step, done, total, linesPerSecond, error }: DayProgress): string {
  const lines = total > 0 ? ` ${done}/${total} lines, ${linesPerSecond} lines/s` : '';
  return `${date} ${provider} ${step ?? ''}${lines}${error ? `: ${error}` : ''}`;
}
