import type { BreakView, CreditRunView, DayProgress, NumberSweepView, ReportReply } from '@yidian/contracts';
import { formatMajor, fromDigits } from '@yidian/money';
import type { Screen } from '../platform/progress';
import type { ProviderDay } from './desk';

const yuan = (digits: string): string => formatMajor(fromDigits(digits));

export function showDays(screen: Screen, days: readonly ProviderDay[], progress: readonly DayProgress[]): void {
  if (days.length === 0) screen.say('No night has begun for this.');
  for (const day of days) {
    const far = progress.find(({ provider, date }) => provider === day.provider && date === day.date);
    const at = far?.step ? ` · ${far.step} ${far.stepState ?? ''}${far.error ? `: ${far.error}` : ''}` : '';
    const lines = far && far.total > 0 ? ` · ${far.done}/${far.total} lines, ${far.linesPerSecond} lines/s` : '';
    screen.say(
      `${day.date}  ${day.provider}  ${day.state}  ${far?.percent ?? 0} %${at}${lines}  · open breaks ${day.openBreaks}  · residual ${yuan(day.residual)}`,
    );
  }
}

export function showBreaks(screen: Screen, rows: readonly BreakView[], most = 50): void {
  for (const row of rows.slice(0, most))
    screen.say(
      `${row.date}  ${row.provider}  ${row.class}  ${yuan(row.atStake)}  ${row.paymentNo || row.providerTxnId}  ${row.state}  → ${row.suggested}  ${row.owner || '–'}  due ${row.dueOn ?? '–'}  ${row.id}`,
    );
  if (rows.length > most) screen.say(`… ${rows.length} in all; --json lists them`);
  if (rows.length === 0) screen.say('No breaks.');
}

export function showReport(screen: Screen, { ageing, quality, pareto }: ReportReply): void {
  for (const row of ageing)
    screen.say(`   ${row.provider}  ${row.class}  ${row.bucket} days  ${row.count}  ${yuan(row.amount)}`);
  const whole = quality.find(({ of }) => of === 'all');
  if (whole)
    screen.say(
      `   ${whole.defects} defects of ${whole.payments} payments${whole.dpmo === null ? '' : `: ${whole.dpmo} per million, sigma ${whole.sigma ?? ''} (1.5 shift)`}`,
    );
  for (const row of pareto.slice(0, 3))
    screen.say(`   ${row.class}  ${row.count}  up to ${row.cumulativePpm / 10_000} %`);
}

const COMPARED = { wanted: 'waits for the file', ready: 'compared', none_today: 'no business that day' } as const;

export function showCredits(screen: Screen, runs: readonly CreditRunView[], findings: readonly BreakView[]): void {
  if (runs.length === 0) screen.say('No province has a book of its own for this.');
  for (const run of runs) {
    const { date, branch, state, version, lines, numbersAsked: asked, numbersUnanswered: silent } = run;
    const file = state === 'ready' ? ` · version ${version}, ${lines} lines${run.agrees ? '' : ', sums differ'}` : '';
    screen.say(
      `${date}  ${branch}  ${COMPARED[state]}${file}  · file ${yuan(run.amount)}, ours ${yuan(run.ours)}, residual ${yuan(run.residual)}  · ${run.found} found  · numbers ${asked - silent}/${asked}`,
    );
    for (const part of run.parts) screen.say(`     ${part.name}  ${part.count}  ${yuan(part.amount)}`);
  }
  if (findings.length > 0) showBreaks(screen, findings);
}

export function showSweeps(screen: Screen, sweeps: readonly NumberSweepView[]): void {
  for (const { branch, round, asked, unanswered, different, wholeOn, wholeAsked } of sweeps) {
    const whole = wholeOn === null ? 'no round is whole yet' : `last whole on ${wholeOn}: ${wholeAsked ?? 0} numbers`;
    screen.say(
      `   numbers of ${branch}: round ${round}, ${asked} asked, ${unanswered} unanswered, ${different} differ · ${whole}`,
    );
  }
}
