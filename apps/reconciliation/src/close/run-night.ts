import { Injectable } from '@nestjs/common';
import type { NightStatusReply } from '@yidian/contracts';
import { KnownProviders, type KnownProvider } from '../providers/known-providers';
import { BeginNight } from './begin-night';
import { NightBell } from './night-bell';
import { NightStatus } from './night-status';
import { AGAIN, stepId } from './night-graph';
import { SignOffsStore } from './sign-offs.store';
import { StepsStore, type StepView } from './steps.store';

/**
 * Starts what is due for a date; what has failed is taken up at once. A provider-day that has ended is run again only when
 * all that was asked for has ended: its books stay, its statement is fetched anew. The same inputs are the same run.
 * A signed day is never run again: what comes later is an adjustment.
 */
@Injectable()
export class RunNight {
  constructor(
    private readonly providers: KnownProviders,
    private readonly steps: StepsStore,
    private readonly begin: BeginNight,
    private readonly bell: NightBell,
    private readonly signOffs: SignOffsStore,
    private readonly status: NightStatus,
  ) {}

  async execute(date: string, provider?: string): Promise<NightStatusReply> {
    if (await this.signOffs.get(date)) return this.status.execute(date);
    const asked = (await this.providers.list()).filter(({ code }) => provider === undefined || code === provider);
    const steps = await this.steps.ofDate(date);
    const ended: { code: string; steps: StepView[] }[] = [];
    for (const one of asked) {
      const own = steps.filter((step) => step.provider === one.code);
      if (own.length > 0 && own.every((step) => step.state === 'done')) ended.push({ code: one.code, steps: own });
      else await this.goOn(one, date, own);
    }
    if (ended.length === asked.length) for (const { code, steps } of ended) await this.again(code, date, steps);
    return this.status.execute(date);
  }

  private async goOn(provider: KnownProvider, date: string, steps: readonly StepView[]): Promise<void> {
    if (steps.length === 0) return void (await this.begin.execute(provider, date));
    await this.steps.hurry(provider.code, date);
    for (const step of steps)
      if (step.state === 'ready' || step.state === 'failed') this.bell.ring(step.id, step.fence);
  }

  private async again(provider: string, date: string, steps: readonly StepView[]): Promise<void> {
    const generation = Math.max(...steps.map((step) => step.generation)) + 1;
    if (await this.steps.begin(provider, date, generation, AGAIN))
      this.bell.ring(stepId(provider, date, generation, 'fetch'), 0n);
  }
}
