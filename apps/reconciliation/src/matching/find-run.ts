import { Injectable } from '@nestjs/common';
import type { RunView } from '@yidian/contracts';
import { RunsStore } from './runs.store';

/** The run that stands for a provider and date, with its bridges. */
@Injectable()
export class FindRun {
  constructor(private readonly runs: RunsStore) {}

  async execute(provider: string, date: string): Promise<RunView | null> {
    const run = await this.runs.current(provider, date);
    if (!run) return null;
    const { runId, inputs, digest, counts, bridges, statement } = run;
    return { provider, date, runId, inputs, digest, counts, bridges, statement };
  }
}
