import type { BreakView, CreditRunView, NumberSweepView } from '@yidian/contracts';
import { inStep, type Screen } from '../platform/progress';
import { datesBetween, type Desk } from './desk';
import type { Options } from './options';

type Asked = Pick<Options, 'branch' | 'from' | 'to' | 'refetch'>;

/** A file may have to be fetched, and a province's numbers asked about. */
const COMPARE_MS = 600_000;

/** Under which a branch's own book stands where a provider would. */
const provinceOf = (branch: string): string => `bss_${branch}`;

/** Each province-date of the range, one after the other; one whose file is not there yet stays wanted. */
export async function compareCredits(desk: Desk, asked: Asked, screen: Screen): Promise<void> {
  const wanted = await wantedOf(desk, asked);
  await inStep(
    screen,
    asked.from === asked.to ? asked.from : `${asked.from} to ${asked.to}`,
    async (step) => {
      let there = 0;
      for (const [place, { branch, date }] of wanted.entries()) {
        step.progress(place, wanted.length, `${branch} ${date}`);
        const { run } = await desk.ask('credit_runs.run', { branch, date, refetch: asked.refetch }, COMPARE_MS);
        if (run) there++;
      }
      return `${there} of ${wanted.length} compared`;
    },
    (said) => said,
  );
}

/** The branch that is named, else every one that has a row: rows are made for all of them as soon as a date is over. */
async function wantedOf(desk: Desk, asked: Asked): Promise<{ branch: string; date: string }[]> {
  const { branch, from, to } = asked;
  if (branch !== undefined) return datesBetween(from, to).map((date) => ({ branch, date }));
  return (await desk.ask('credit_runs.list', { from, to })).runs;
}

/** Runs of the range, and every difference that stands under them. */
export async function creditRows(
  desk: Desk,
  { branch, from, to }: Asked,
): Promise<{ runs: CreditRunView[]; findings: BreakView[]; sweeps: NumberSweepView[] }> {
  const { runs } = await desk.ask('credit_runs.list', { from, to, ...(branch ? { branch } : {}) });
  const findings: BreakView[] = [];
  for (const run of runs) findings.push(...(await desk.breaks(run.date, provinceOf(run.branch), 'any')));
  const { sweeps } = await desk.ask('number_sweeps.list', branch ? { branch } : {});
  return { runs, findings, sweeps };
}
