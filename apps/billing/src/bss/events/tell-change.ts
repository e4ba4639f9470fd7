import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from '@yidian/telemetry';
import { LOGGER } from '../../resources/logger';
import { ChangeSubscriber } from '../../subscribers/change-subscriber';
import { SubscribersStore } from '../../subscribers/subscribers.store';
import { readEvent } from './event-words';

export interface Told {
  outcome: string;
  /** False: it may be told again later. */
  ends: boolean;
}

/** A province speaks of its own numbers only: what it tells of another branch's is kept for people and changes nothing. */
@Injectable()
export class TellChange {
  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly subscribers: SubscribersStore,
    private readonly change: ChangeSubscriber,
  ) {}

  async execute(branch: string, body: Buffer): Promise<Told> {
    const change = readEvent(branch, body);
    if (change === 'other') return { outcome: 'not_used', ends: true };
    if (change === null) return { outcome: 'unreadable', ends: false };
    const [holder] = await this.subscribers.holders([change.msisdn]);
    if (holder && holder.branch !== branch) {
      this.logger.error(
        { branch, event: change.key, kind: change.kind },
        'a province speaks of another branch’s number',
      );
      return { outcome: 'foreign_number', ends: false };
    }
    const { outcome } = await this.change.execute(change);
    return { outcome, ends: outcome !== 'unknown_number' };
  }
}
