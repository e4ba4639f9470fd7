import { Inject, Injectable } from '@nestjs/common';
import type { CutReply, VectorEntry } from '@yidian/contracts';
import { again, done, type StepOutcome, type StepWork, type StepRow } from '../close/step-work';
import { hashOf } from '../matching/identity';
import { Peers } from '../peers';
import { CONFIG, type ReconciliationConfig } from '../reconciliation.config';
import { BooksStore } from './books.store';
import { BOOK_SERVICES, type BookService } from './fact';

const ASK_AGAIN_MS = 500;

/**
 * Step `cut`: freezes the gateway's book, billing's a grace later, then reads how far every lane has come. A credit in
 * billing's book was asked for by a payment fact that was committed before, so the gateway's heads read now hold it: what
 * looks like a credit without a payment only because the cut fell between the two can be told apart.
 */
@Injectable()
export class FreezeBooks implements StepWork {
  readonly name = 'cut';

  constructor(
    private readonly store: BooksStore,
    private readonly peers: Peers,
    @Inject(CONFIG) private readonly config: ReconciliationConfig,
  ) {}

  async run({ provider, date }: StepRow): Promise<StepOutcome> {
    const before = await this.store.books(provider, date);
    if (!before.gateway && !(await this.freeze('gateway', provider, date)))
      return again(ASK_AGAIN_MS, 'gateway is cutting');
    if (!before.billing) {
      const left = await this.store.graceLeft(provider, date, this.config.CUT_GRACE_MS);
      if (left > 0) return again(left, 'grace for credits under way');
      if (!(await this.freeze('billing', provider, date))) return again(ASK_AGAIN_MS, 'billing is cutting');
    }
    for (const service of BOOK_SERVICES) {
      if (before[service]?.horizon) continue;
      const { lanes } = await this.peers.books(service, 'books.lanes', {});
      await this.store.saveHorizon(
        provider,
        date,
        service,
        lanes.map(({ laneId, seq }) => ({ laneId, seq })),
      );
    }
    const { gateway, billing } = await this.store.books(provider, date);
    return done(hashOf(gateway?.vectorHash ?? '', billing?.vectorHash ?? ''));
  }

  private async freeze(service: BookService, provider: string, date: string): Promise<boolean> {
    const reply: CutReply = await this.peers.books(service, 'books.cut', { provider, date });
    if (reply.state !== 'frozen') return false;
    const vector = sorted(reply.vector);
    await this.store.saveBook(provider, date, { service, epoch: reply.epoch, vector, vectorHash: vectorHash(vector) });
    return true;
  }
}

const sorted = (vector: readonly VectorEntry[]): VectorEntry[] => [...vector].sort((a, b) => a.laneId - b.laneId);

export const vectorHash = (vector: readonly VectorEntry[]): string =>
  hashOf(...vector.map(({ laneId, seq }) => `${laneId}:${seq}`));
