import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
import { newId } from '@yidian/http';
import { DB } from '../platform';

/**
 * consent: a number does not want to be asked, by anybody or `against` one payer. number, account, partner: pays or
 * is paid for no more. device: a phone or browser that nothing is ordered from. legal: an order of an authority; only who may lift orders lifts it.
 */
export type BlockKind = 'consent' | 'number' | 'account' | 'partner' | 'device' | 'legal';

export interface BlockRow {
  id: string;
  kind: BlockKind;
  /** Blind index of a number, an agreement, a partner, a device. */
  value: string;
  /** Blind index of the payer it is meant for; '': everybody. */
  against: string;
  /** To be shown. */
  masked: string;
  reason: string;
  made_by: string;
  created_at: Date;
  ended_by: string | null;
  ended_at: Date | null;
}

export type NewBlock = Pick<BlockRow, 'kind' | 'value' | 'against' | 'masked' | 'reason' | 'made_by'>;

/** The block lists; an entry that was lifted stays as history. */
@Injectable()
export class BlocksStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** @returns the entry that stands: a second one for the same would say nothing new */
  async add(block: NewBlock): Promise<BlockRow> {
    return this.db.transaction(async (tx) => {
      const [stands] = await tx.select(
        'SELECT * FROM block WHERE kind = ? AND value = ? AND against = ? AND ended_at IS NULL FOR UPDATE',
        [block.kind, block.value, block.against],
      );
      if (stands) return stands as unknown as BlockRow;
      const row: BlockRow = { id: newId('blk'), ...block, created_at: new Date(), ended_by: null, ended_at: null };
      await tx.run(`INSERT INTO block (${Object.keys(row).join(', ')}) VALUES (?)`, [Object.values(row)]);
      return row;
    });
  }

  async find(id: string): Promise<BlockRow | undefined> {
    return ((await this.db.select('SELECT * FROM block WHERE id = ?', [id])) as unknown as BlockRow[])[0];
  }

  /** @returns whether it stood */
  async lift(id: string, by: string): Promise<boolean> {
    const sql = 'UPDATE block SET ended_by = ?, ended_at = UTC_TIMESTAMP(3) WHERE id = ? AND ended_at IS NULL';
    return (await this.db.run(sql, [by, id])) === 1;
  }

  /** Whether one stands for this value, against everybody or against this payer. */
  async stands(kind: BlockKind, value: string, payer = ''): Promise<boolean> {
    const sql = `SELECT 1 FROM block WHERE kind = ? AND value = ? AND against IN ('', ?) AND ended_at IS NULL LIMIT 1`;
    return (await this.db.select(sql, [kind, value, payer])).length > 0;
  }

  async allStanding(kinds: readonly BlockKind[]): Promise<BlockRow[]> {
    const sql = 'SELECT * FROM block WHERE kind IN (?) AND ended_at IS NULL';
    return (await this.db.select(sql, [kinds])) as unknown as BlockRow[];
  }

  /** All that stand for any of these. */
  async standing(pairs: readonly (readonly [BlockKind, string])[]): Promise<BlockRow[]> {
    if (pairs.length === 0) return [];
    const where = pairs.map(() => '(kind = ? AND value = ?)').join(' OR ');
    const sql = `SELECT * FROM block WHERE (${where}) AND ended_at IS NULL ORDER BY created_at`;
    return (await this.db.select(sql, pairs.flat())) as unknown as BlockRow[];
  }

  /** Latest first, lifted ones among them. */
  async list(kinds: readonly BlockKind[], limit: number): Promise<BlockRow[]> {
    const sql = 'SELECT * FROM block WHERE kind IN (?) ORDER BY created_at DESC, id DESC LIMIT ?';
    return (await this.db.select(sql, [kinds, limit])) as unknown as BlockRow[];
  }
}
