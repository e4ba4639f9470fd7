import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { BackfillView, NightStatusReply, nightBackfill } from '@yidian/contracts';
import type { Logger } from '@yidian/telemetry';
import type { z } from 'zod';
import { LOGGER } from '../alarms/raise-alarm';
import { WriteAudit } from '../audit/write-audit';
import { addDays } from '../dates';
import { CONFIG, type ReconciliationConfig } from '../reconciliation.config';
import { Repeat } from '../repeat';
import { BackfillsStore, type Backfill } from './backfills.store';
import { NightStatus } from './night-status';
import { RunNight } from './run-night';

/**
 * Nights of a range, one date after the other: books close in the order of their dates. A date that cannot begin stops the
 * range and says why; one that waits for people or for a file is waited for. Kept as rows: a restart goes on.
 */
@Injectable()
export class BackfillJob implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly repeat: Repeat;

  constructor(
    private readonly backfills: BackfillsStore,
    private readonly night: RunNight,
    private readonly status: NightStatus,
    private readonly audit: WriteAudit,
    @Inject(CONFIG) config: ReconciliationConfig,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.repeat = new Repeat('backfill', Math.min(config.SWEEP_EVERY_MS, 1_000), () => this.execute(), logger);
  }

  async begin({ from, to, provider, actor }: z.output<typeof nightBackfill>): Promise<BackfillView> {
    const view = viewOf(await this.backfills.begin(provider ?? '', from, to, actor));
    await this.audit.execute({
      ...{ actor, action: 'backfill_begun', object: view.id, before: {} },
      after: { from, to, provider: provider ?? 'all' },
    });
    return view;
  }

  async find(id: string): Promise<BackfillView | null> {
    const found = await this.backfills.get(id);
    return found ? viewOf(found) : null;
  }

  async execute(): Promise<void> {
    for (const backfill of await this.backfills.running()) await this.goOn(backfill);
  }

  private async goOn(backfill: Backfill): Promise<void> {
    const { at, to, provider } = backfill;
    if (!backfill.asked) {
      // Asked for before it is written down: asked twice is harmless, written down and not asked would be waited for in vain.
      await this.night.execute(at, provider || undefined);
      return void (await this.backfills.move(backfill, {
        at,
        asked: true,
        state: 'running',
        detail: `night of ${at}`,
      }));
    }
    const days = ofProvider(await this.status.execute(at), provider);
    if (days.length === 0) return this.stop(backfill, `no night could begin for ${at}: its book is not open yet`);
    if (!days.every(hasEnded)) return;
    if (at >= to) await this.backfills.move(backfill, { at, asked: true, state: 'done', detail: 'done' });
    else await this.backfills.move(backfill, { at: addDays(at, 1), asked: false, state: 'running', detail: '' });
  }

  private async stop(backfill: Backfill, detail: string): Promise<void> {
    await this.backfills.move(backfill, { at: backfill.at, asked: true, state: 'stopped', detail });
  }

  onApplicationBootstrap(): void {
    this.repeat.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.repeat.stop();
  }
}

function viewOf({ id, provider, from, to, at, state, detail, actor }: Backfill): BackfillView {
  return { id, provider, from, to, at, state, detail, actor };
}

type Day = NightStatusReply['providers'][number];

const ofProvider = ({ providers }: NightStatusReply, provider: string): Day[] =>
  providers.filter((day) => provider === '' || day.provider === provider);

const hasEnded = ({ steps }: Day): boolean => steps.every((step) => step.state === 'done');
