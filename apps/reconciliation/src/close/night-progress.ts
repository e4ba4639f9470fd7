import { Injectable } from '@nestjs/common';
import type { DayProgress, ProgressReply } from '@yidian/contracts';
import { StatementsStore } from '../statements/statements.store';
import { dayState } from './day-state';
import { NIGHT } from './night-graph';
import { StepsStore, type StepView } from './steps.store';

/** How far each provider-day of a range is: steps that have ended, and of the running one its lines. */
@Injectable()
export class NightProgress {
  constructor(
    private readonly steps: StepsStore,
    private readonly statements: StatementsStore,
  ) {}

  async execute(from: string, to: string, provider?: string): Promise<ProgressReply> {
    const days: DayProgress[] = [];
    for (const date of await this.steps.datesBetween(from, to)) {
      const steps = await this.steps.ofDate(date);
      const names = [...new Set(steps.map((step) => step.provider))].sort();
      for (const name of names.filter((one) => provider === undefined || one === provider)) {
        const own = steps.filter((step) => step.provider === name);
        const file = await this.statements.current(name, date);
        const state = dayState(own, file?.fileName === '' && file.archivePath === '');
        days.push(progressOf(name, date, state, own));
      }
    }
    const percent = days.reduce((sum, day) => sum + day.percent, 0) / Math.max(1, days.length);
    return { percent: Math.floor(percent * 10) / 10, days };
  }
}

export function progressOf(provider: string, date: string, state: string, steps: readonly StepView[]): DayProgress {
  const ordered = NIGHT.flatMap((name) => steps.filter((step) => step.name === name));
  const ended = ordered.filter((step) => step.state === 'done').length;
  const now = ordered.find((step) => step.state !== 'done');
  const done = now?.linesDone ?? 0;
  const total = now?.linesTotal ?? 0;
  const part = total > 0 ? Math.min(1, done / total) : 0;
  return {
    ...{ provider, date, state, step: now?.name ?? null, stepState: now?.state ?? null, error: now?.error ?? null },
    ...{ done, total, linesPerSecond: now && now.runMs > 0 ? Math.round((done * 1_000) / now.runMs) : 0 },
    percent: Math.floor(((ended + part) * 1_000) / Math.max(1, ordered.length)) / 10,
  };
}
