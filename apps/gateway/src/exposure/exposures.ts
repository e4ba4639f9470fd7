import { Inject, Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { toJson } from '@yidian/money';
import type { GatewayConfig } from '../gateway.config';
import { CONFIG } from '../platform';
import { ExposureStore, type ExposureRow } from './exposure.store';
import type { ExposureView } from './exposure.schema';

/** Hundredths of what it may hold at which a partner is warned. */
const WARNED_AT = 80n;

/** What a partner may have collected at most, by its counter; null: no limit. */
export function limitOf(row: ExposureRow): bigint | null {
  if (row.exposure_basis === 'prefund') return (row.exposure_limit ?? 0n) + row.received;
  return row.exposure_basis === 'held' && row.exposure_limit !== null
    ? row.exposure_limit + row.received
    : row.exposure_limit;
}

/** Where the counter warns: what is left of the limit, or of the latest deposit, has shrunk to a fifth. */
export function warningAt(row: ExposureRow): bigint | null {
  const limit = limitOf(row);
  if (limit === null) return null;
  const whole = row.exposure_basis === 'prefund' ? row.prefund_base : (row.exposure_limit ?? 0n);
  return limit - (whole * (100n - WARNED_AT)) / 100n;
}

/** How much of its limit a partner has used up. */
@Injectable()
export class Exposures {
  constructor(
    private readonly store: ExposureStore,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  async all(): Promise<ExposureView[]> {
    return (await this.store.all()).map((row) => this.view(row));
  }

  /** @throws Problem not_found for a partner that collects nothing */
  async of(partner: string): Promise<ExposureView> {
    const row = await this.store.of(partner);
    if (!row) throw new Problem('not_found');
    return this.view(row);
  }

  /** What was paid in and is remitted stands on neither side: `limit` less `used` is always what is left. */
  view(row: ExposureRow): ExposureView {
    const [limit, warning] = [limitOf(row), warningAt(row)];
    const paid = row.exposure_basis === 'held' ? row.received : 0n;
    return {
      object: 'exposure',
      partner: row.id,
      provider: row.provider,
      basis: row.exposure_basis,
      business_date: row.open_date,
      currency: 'CNY',
      limit: limit === null ? null : toJson(limit - paid),
      used: toJson(row.used - paid),
      available: limit === null ? null : toJson(limit - row.used),
      warning_at: warning === null ? null : toJson(warning - paid),
      livemode: this.config.livemode,
    };
  }
}
