import { Inject, Injectable } from '@nestjs/common';
import type { Db, Queryable, Row } from '@yidian/database';
import { NO_TOTALS, type Batch } from '../batches/batch';
import { BatchesStore } from '../batches/batches.store';
import { DB } from '../resources/tokens';

interface DayRow extends Row {
  generation: number;
  batch_id: string;
}

export interface SettleRequest {
  provider: string;
  day: string;
  runId: string;
  digest: string;
}

/** Which batch a provider-day stands on. Its row is the lock of everything that may change the day. */
@Injectable()
export class ProviderDaysStore {
  constructor(
    @Inject(DB) private readonly db: Db,
    private readonly batches: BatchesStore,
  ) {}

  /** Current batch of the day with the day held until the transaction ends; null when none was ever made. */
  async lock(tx: Queryable, provider: string, day: string): Promise<Batch | null> {
    await tx.run(
      `INSERT INTO provider_day (provider, day, generation, batch_id) VALUES (?, ?, 0, '')
       ON DUPLICATE KEY UPDATE provider = VALUES(provider)`,
      [provider, day],
    );
    const row = await this.row(tx, provider, day);
    return row.batch_id === '' ? null : this.batches.find(row.batch_id, tx);
  }

  /** A new generation for other inputs; the day must be held. */
  async begin(tx: Queryable, request: SettleRequest): Promise<Batch> {
    const { provider, day, runId, digest } = request;
    const generation = (await this.row(tx, provider, day)).generation + 1;
    const batch: Batch = {
      batchId: `${provider}-${day}-${generation}`,
      kind: 'settle',
      ...{ provider, day, runId, digest },
      actor: 'settlement',
      state: 'planning',
      fence: 1,
      totals: NO_TOTALS,
    };
    await this.batches.create(tx, batch);
    await tx.run('UPDATE provider_day SET generation = ?, batch_id = ? WHERE provider = ? AND day = ?', [
      ...[generation, batch.batchId, provider, day],
    ]);
    return batch;
  }

  /** The latest batch of the day that was undone: later refunds of its payments are carried over from it. */
  async lastReversed(provider: string, day: string): Promise<string | null> {
    const rows = await this.db.select<{ batch_id: string }>(
      `SELECT batch_id FROM settlement_batch WHERE provider = ? AND day = ? AND kind = 'settle' AND state = 'reversed'
       ORDER BY created_at DESC LIMIT 1`,
      [provider, day],
    );
    return rows[0]?.batch_id ?? null;
  }

  private async row(tx: Queryable, provider: string, day: string): Promise<DayRow> {
    const rows = await tx.select<DayRow>(
      'SELECT generation, batch_id FROM provider_day WHERE provider = ? AND day = ? FOR UPDATE',
      [provider, day],
    );
    if (!rows[0]) throw new Error(`provider-day ${provider} ${day} is gone`);
    return rows[0];
  }
}
