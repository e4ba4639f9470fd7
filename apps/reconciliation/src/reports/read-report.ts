import { Injectable } from '@nestjs/common';
import type { BreakClass, ProviderDaySummary, QualityRow, ReportReply } from '@yidian/contracts';
import { toDigits } from '@yidian/money';
import type { Break } from '../breaks/break';
import { BreaksStore, type BreakFilter } from '../breaks/breaks.store';
import { NightStatus } from '../close/night-status';
import { StepsStore } from '../close/steps.store';
import { RunsStore } from '../matching/runs.store';
import { ageing } from './ageing';
import { pareto, qualityRow, type DefectCell } from './quality';
import { QualityStore, type Span } from './quality.store';

const PAGE = 500;
const OPEN = ['open', 'proposed', 'resolving'] as const;

/** Figures of a range of dates: each provider-day, the age of what is open, quality by provider, branch and channel. */
@Injectable()
export class ReadReport {
  constructor(
    private readonly breaks: BreaksStore,
    private readonly runs: RunsStore,
    private readonly steps: StepsStore,
    private readonly status: NightStatus,
    private readonly quality: QualityStore,
  ) {}

  async execute(span: Span): Promise<ReportReply> {
    const { from, to, provider } = span;
    const open = await this.all({ states: [...OPEN], to, ...(provider === undefined ? {} : { provider }) });
    const days: ProviderDaySummary[] = [];
    for (const date of await this.steps.datesBetween(from, to)) days.push(...(await this.daysOf(date, provider)));
    const defects = await this.quality.defects('provider', span);
    return {
      from,
      to,
      days,
      ageing: ageing(open, to),
      quality: await this.rates(span, defects),
      pareto: pareto(defects),
    };
  }

  private async daysOf(date: string, wanted: string | undefined): Promise<ProviderDaySummary[]> {
    const { providers } = await this.status.execute(date);
    const runs = new Map((await this.runs.currentOfDate(date)).map((run) => [run.provider, run]));
    const breaks = await this.all({ date });
    return providers
      .filter(({ provider }) => wanted === undefined || provider === wanted)
      .map(({ provider, state, residual }) => {
        const run = runs.get(provider);
        const own = breaks.filter((row) => row.provider === provider);
        return {
          ...{ provider, date, state, lines: run?.statement.lines ?? 0, residual, digest: run?.digest ?? '' },
          ...countBreaks(own),
        };
      });
  }

  private async rates(span: Span, byProvider: readonly (DefectCell & { key: string })[]): Promise<QualityRow[]> {
    const payments = await this.quality.payments('provider', span);
    const whole = [...payments.values()].reduce((sum, n) => sum + n, 0);
    const isCounted = await this.quality.isCounted(span);
    const rows = [qualityRow({ of: 'all', key: '', payments: whole, defects: merged(byProvider) })];
    rows.push(...rowsOf('provider', payments, byProvider));
    for (const cut of ['branch', 'channel'] as const) {
      const defects = await this.quality.defects(cut, span);
      // A rate over what was counted of it alone would be too high.
      rows.push(...rowsOf(cut, isCounted ? await this.quality.payments(cut, span) : null, defects));
    }
    return rows;
  }

  private async all(filter: Omit<BreakFilter, 'limit' | 'after'>): Promise<Break[]> {
    const rows: Break[] = [];
    for (let last: Break | undefined; ;) {
      const after = last ? { after: { date: last.date, id: last.id } } : {};
      const page = await this.breaks.list({ ...filter, limit: PAGE, ...after });
      rows.push(...page);
      last = page.at(-1);
      if (page.length < PAGE) return rows;
    }
  }
}

function countBreaks(rows: readonly Break[]) {
  const count = (test: (row: Break) => boolean) => rows.filter(test).length;
  const byRule = (row: Break) => (row.resolved_by ?? '').startsWith('rule');
  const unsettled = rows.filter((row) => row.state !== 'resolved');
  return {
    found: rows.length,
    byRule: count((row) => row.state === 'resolved' && byRule(row)),
    byPeople: count((row) => row.state === 'resolved' && !byRule(row)),
    open: count((row) => OPEN.some((state) => state === row.state)),
    suspense: count((row) => row.state === 'suspense'),
    atStake: toDigits(unsettled.reduce((sum, { at_stake: at }) => sum + (at < 0n ? -at : at), 0n)),
  };
}

function rowsOf(
  of: 'provider' | 'branch' | 'channel',
  payments: ReadonlyMap<string, number> | null,
  defects: readonly (DefectCell & { key: string })[],
): QualityRow[] {
  const keys = [...new Set([...(payments?.keys() ?? []), ...defects.map(({ key }) => key)])].sort();
  return keys.map((key) =>
    qualityRow({
      ...{ of, key, payments: payments === null ? null : (payments.get(key) ?? 0) },
      defects: defects.filter((cell) => cell.key === key),
    }),
  );
}

function merged(cells: readonly DefectCell[]): DefectCell[] {
  const classes = [...new Set(cells.map((cell) => cell.class))];
  const sum = <T>(cls: BreakClass, from: T, add: (total: T, cell: DefectCell) => T) =>
    cells.filter((cell) => cell.class === cls).reduce(add, from);
  return classes.map((cls) => ({
    class: cls,
    count: sum(cls, 0, (total, { count }) => total + count),
    amount: sum(cls, 0n, (total, { amount }) => total + amount),
  }));
}
