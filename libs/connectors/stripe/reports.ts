import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { atMost, collected, LARGEST_STATEMENT, withHead, type StatementFile } from '../contract';
import type { StripeApi } from './api';
import { REPORT_COLUMNS } from './report-rows';
import type { StripeSettings } from './settings';

const runWord = z.object({
  id: z.string().min(1),
  report_type: z.string(),
  status: z.string(),
  error: z.string().nullish(),
  result: z.object({ id: z.string() }).nullish(),
});
type RunWord = z.output<typeof runWord>;
const typeWord = z.object({ id: z.string(), data_available_end: z.number().int() });

/** How long one fetch waits for a run; the next fetch of the same hour finds the same run. */
const PATIENCE_MS = 25_000;

/**
 * The report of one day in Beijing time: asked whether its data are complete, run, waited for, fetched. A run that is
 * not done yet is "not ready"; a report without rows is "none today".
 */
export async function fetchStatement(
  api: StripeApi,
  settings: StripeSettings,
  date: string,
  signal: AbortSignal,
  pollMs = 1_000,
): Promise<StatementFile> {
  const type = settings.report === 'balance' ? settings.balanceReport : settings.payoutReport;
  const start = Date.parse(`${date}T00:00:00+08:00`) / 1_000;
  if (!Number.isInteger(start)) throw new Error(`no date: ${date}`);
  const end = start + 86_400;
  const known = typeWord.parse(await api.call(signal, (kit) => kit.reporting.reportTypes.retrieve(type)));
  if (known.id !== type) throw new Error('another report type was answered');
  if (known.data_available_end < end) return { state: 'not_ready' };
  const run = await finished(api, await begun(api, settings, type, { start, end }, signal), signal, pollMs);
  if (!run) return { state: 'not_ready' };
  if (run.report_type !== type || !run.result) throw new Error('a report run without its report');
  const { head, bytes } = await withHead(await api.file(run.result.id, signal));
  if (head.toString('latin1').trimEnd().split('\n').length < 2) {
    await collected(LARGEST_STATEMENT, bytes); // one that was cut is not empty
    return { state: 'none_today' };
  }
  const fileName = `${date}.stripe-${settings.report}.csv`;
  return { state: 'ready', fileName, content: atMost(LARGEST_STATEMENT, bytes) };
}

/** Within an hour the same run is found again by its idempotency key; a run that failed is tried anew after it. */
async function begun(
  api: StripeApi,
  { timezone, report }: StripeSettings,
  type: string,
  { start, end }: { start: number; end: number },
  signal: AbortSignal,
): Promise<RunWord> {
  const hour = Math.floor(api.now().getTime() / 3_600_000);
  const parameters = { interval_start: start, interval_end: end, timezone, columns: [...columnsOf(report)] };
  const options = { idempotencyKey: `report-${type}-${start}-${hour}` };
  const asked = { report_type: type, parameters };
  return runWord.parse(await api.call(signal, (kit) => kit.reporting.reportRuns.create(asked, options)));
}

const columnsOf = (report: StripeSettings['report']): readonly string[] =>
  report === 'balance'
    ? REPORT_COLUMNS
    : ['automatic_payout_id', 'automatic_payout_effective_at_utc', ...REPORT_COLUMNS];

async function finished(api: StripeApi, run: RunWord, signal: AbortSignal, pollMs: number): Promise<RunWord | null> {
  const until = performance.now() + PATIENCE_MS;
  let now = run;
  for (;;) {
    if (now.status === 'succeeded') return now;
    if (now.status !== 'pending') throw new Error(`the report run is ${now.status}: ${now.error ?? ''}`);
    if (performance.now() + pollMs > until) return null;
    await wait(pollMs, undefined, { signal });
    now = runWord.parse(await api.call(signal, (kit) => kit.reporting.reportRuns.retrieve(run.id)));
  }
}
