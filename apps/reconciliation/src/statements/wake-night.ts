import { Injectable } from '@nestjs/common';
import { NightBell } from '../close/night-bell';
import { AGAIN, stepId } from '../close/night-graph';
import { StepsStore, type StepView } from '../close/steps.store';

/**
 * A new statement has come in by a person's hand. A night that waits for it goes on; one that has read another file begins
 * anew from the fetch, as a new generation. A night that has not begun finds the file when it does.
 */
@Injectable()
export class WakeNight {
  constructor(
    private readonly steps: StepsStore,
    private readonly bell: NightBell,
  ) {}

  async execute(provider: string, date: string): Promise<void> {
    const own = (await this.steps.ofDate(date)).filter((step) => step.provider === provider);
    if (own.some((step) => step.name === 'parse' && step.state === 'done')) return this.anew(provider, date, own);
    await this.steps.hurry(provider, date);
    for (const step of own) if (step.state === 'ready' || step.state === 'failed') this.bell.ring(step.id, step.fence);
  }

  private async anew(provider: string, date: string, own: readonly StepView[]): Promise<void> {
    const generation = Math.max(...own.map((step) => step.generation)) + 1;
    if (await this.steps.begin(provider, date, generation, AGAIN))
      this.bell.ring(stepId(provider, date, generation, 'fetch'), 0n);
  }
}
