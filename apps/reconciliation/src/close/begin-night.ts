import { Injectable } from '@nestjs/common';
import { Peers } from '../peers';
import type { KnownProvider } from '../providers/known-providers';
import { NightBell } from './night-bell';
import { NIGHT, stepId } from './night-graph';
import { StepsStore } from './steps.store';

/** Writes the steps of a provider's night, once. Only the date its book is open for, or one already frozen, has a night. */
@Injectable()
export class BeginNight {
  constructor(
    private readonly steps: StepsStore,
    private readonly bell: NightBell,
    private readonly peers: Peers,
  ) {}

  async execute(provider: KnownProvider, date: string): Promise<boolean> {
    if (provider.openDate < date) return false;
    if (provider.openDate > date) {
      const vector = await this.peers.gateway.call('books.vector', { provider: provider.code, date });
      if (!vector) return false;
    }
    if (!(await this.steps.begin(provider.code, date, 1, NIGHT))) return false;
    this.bell.ring(stepId(provider.code, date, 1, 'cut'), 0n);
    return true;
  }
}
