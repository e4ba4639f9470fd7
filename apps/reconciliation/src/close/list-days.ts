import { Injectable } from '@nestjs/common';
import type { DaysReply } from '@yidian/contracts';
import { NightStatus } from './night-status';
import { StepsStore } from './steps.store';

/** The latest dates that have a night, newest first. */
@Injectable()
export class ListDays {
  constructor(
    private readonly steps: StepsStore,
    private readonly status: NightStatus,
  ) {}

  async execute(limit: number): Promise<DaysReply> {
    const days: DaysReply['days'] = [];
    for (const date of await this.steps.dates(limit)) days.push(await this.status.execute(date));
    return { days };
  }
}
