import { Inject, Injectable } from '@nestjs/common';
import type { Db, Queryable, Row } from '@yidian/database';
import { DB } from '../resources/tokens';

/** One payout as the provider tells it. */
export interface PayoutLine {
  lineId: string;
  provider: string;
  /** YYYY-MM-DD in Asia/Shanghai. */
  day: string;
  /** + sent to our bank. */
  amount: bigint;
  /** The provider's own number of it, which banks often repeat. */
  reference: string;
  fileSha256: string;
}

interface LineRow extends Row {
  line_id: string;
  provider: string;
  day: string;
  amount: bigint;
  reference: string;
  file_sha256: string;
}

@Injectable()
export class PayoutLinesStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** @returns how many were not known, and known ones that now say another sum */
  async add(tx: Queryable, lines: readonly PayoutLine[]): Promise<{ added: number; conflicting: string[] }> {
    if (lines.length === 0) return { added: 0, conflicting: [] };
    const ids = lines.map(({ lineId }) => lineId);
    const rows = await tx.select<LineRow>('SELECT * FROM payout_line WHERE line_id IN (?) FOR UPDATE', [ids]);
    const known = new Map(rows.map((row) => [row.line_id, row.amount]));
    const fresh = lines.filter(({ lineId }) => !known.has(lineId));
    if (fresh.length > 0)
      await tx.run('INSERT INTO payout_line (line_id, provider, day, amount, reference, file_sha256) VALUES ?', [
        fresh.map((line) => [line.lineId, line.provider, line.day, line.amount, line.reference, line.fileSha256]),
      ]);
    const conflicting = lines
      .filter(({ lineId, amount }) => known.has(lineId) && known.get(lineId) !== amount)
      .map(({ lineId }) => lineId);
    return { added: fresh.length, conflicting };
  }

  async ofProvider(provider: string): Promise<PayoutLine[]> {
    const rows = await this.db.select<LineRow>('SELECT * FROM payout_line WHERE provider = ? ORDER BY day, line_id', [
      provider,
    ]);
    return rows.map(({ line_id: lineId, file_sha256: fileSha256, ...line }) => ({ ...line, lineId, fileSha256 }));
  }
}
