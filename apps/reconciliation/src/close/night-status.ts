import { Injectable } from '@nestjs/common';
import type { NightStatusReply } from '@yidian/contracts';
import { toDigits } from '@yidian/money';
import { BreaksStore } from '../breaks/breaks.store';
import { RunsStore } from '../matching/runs.store';
import { StatementsStore } from '../statements/statements.store';
import { dayState } from './day-state';
import { NIGHT } from './night-graph';
import { SignOffsStore } from './sign-offs.store';
import { StepsStore, type StepView } from './steps.store';

type ProviderDay = NightStatusReply['providers'][number];

@Injectable()
export class NightStatus {
  constructor(
    private readonly steps: StepsStore,
    private readonly breaks: BreaksStore,
    private readonly runs: RunsStore,
    private readonly statements: StatementsStore,
    private readonly signOffs: SignOffsStore,
  ) {}

  async execute(date: string): Promise<NightStatusReply> {
    const steps = await this.steps.ofDate(date);
    const open = await this.breaks.countOpen(date);
    const runs = new Map((await this.runs.currentOfDate(date)).map((run) => [run.provider, run]));
    const names = [...new Set(steps.map((step) => step.provider))].sort();
    const providers = await Promise.all(
      names.map(async (provider): Promise<ProviderDay> => {
        const own = steps.filter((step) => step.provider === provider);
        const file = await this.statements.current(provider, date);
        return {
          provider,
          state: dayState(own, file?.fileName === '' && file.archivePath === ''),
          steps: NIGHT.flatMap((name) => own.filter((step) => step.name === name)).map(told),
          openBreaks: open.get(provider) ?? 0,
          residual: toDigits(runs.get(provider)?.residual ?? 0n),
        };
      }),
    );
    const signedOff = (await this.signOffs.signed([date])).has(date);
    return { date, providers, signedOff };
  }

  /** Open breaks of the date that belong to no provider-day: of a province's file, its numbers, our own accounts. */
  async openElsewhere(date: string): Promise<number> {
    const providers = new Set((await this.steps.ofDate(date)).map((step) => step.provider));
    const open = [...(await this.breaks.countOpen(date))].filter(([provider]) => !providers.has(provider));
    return open.reduce((sum, [, count]) => sum + count, 0);
  }
}

function told({ name, state, tries, error, startedAt, doneAt }: StepView): ProviderDay['steps'][number] {
  return {
    name,
    state,
    tries,
    error,
    startedAt: startedAt?.toISOString() ?? null,
    doneAt: doneAt?.toISOString() ?? null,
  };
}
