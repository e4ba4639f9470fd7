import { Inject, Injectable } from '@nestjs/common';
import { isDuplicateKey, type Queryable } from '@yidian/database';
import { DB, type Db } from '../platform';
import { applyChange, type ChangeRow } from './exposure.store';

/** Of headquarters' bank, as settlement booked it. */
export interface Receipt {
  id: string;
  /** Settlement's booking. */
  key: string;
  partner: string;
  kind: 'deposit' | 'remittance';
  /** Negative: taken back by the bank. */
  amount: bigint;
  /** The bank's own reference, by which people enter it. */
  receipt: string;
}

/** Whoever booked it there; two people saw nothing of it here. */
const BOOKED_BY = 'settlement';
const EVIDENCE = 'bank statement';

@Injectable()
export class ReceiptsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async partnerOf(provider: string): Promise<string | null> {
    const rows = await this.db.select<{ id: string }>('SELECT id FROM partner WHERE provider = ?', [provider]);
    return rows.length === 1 ? (rows[0]?.id ?? null) : null;
  }

  /** counted now, known before, or conflict: the same receipt was entered for something else. */
  async count(booked: Receipt): Promise<'counted' | 'known' | 'conflict'> {
    for (;;) {
      try {
        return await this.db.transaction((tx) => this.try(tx, booked));
      } catch (error) {
        if (!isDuplicateKey(error)) throw error; // somebody entered it at the same moment: look again
      }
    }
  }

  private async try(tx: Queryable, booked: Receipt): Promise<'counted' | 'known' | 'conflict'> {
    const entered = await this.entered(tx, booked);
    if (entered && !sameMoney(entered, booked)) return 'conflict';
    if (entered?.state === 'approved') return 'known';
    if (entered) await this.prove(tx, entered.id);
    else await this.add(tx, booked);
    await applyChange(tx, entered?.id ?? booked.id);
    return 'counted';
  }

  /** By our booking's key or by the bank's reference, held. */
  private async entered(tx: Queryable, { key, receipt }: Receipt): Promise<ChangeRow | undefined> {
    const sql = 'SELECT * FROM exposure_change WHERE receipt_key IN (?) FOR UPDATE';
    return ((await tx.select(sql, [[key, receipt]])) as unknown as ChangeRow[])[0];
  }

  private async prove(tx: Queryable, id: string): Promise<void> {
    await tx.run(
      `UPDATE exposure_change SET state = 'approved', decided_by = ?, decided_at = UTC_TIMESTAMP(3), decision_reason = ?
        WHERE id = ? AND state = 'proposed'`,
      [BOOKED_BY, EVIDENCE, id],
    );
  }

  private async add(tx: Queryable, { id, partner, kind, amount, receipt }: Receipt): Promise<void> {
    const now = new Date();
    const row: ChangeRow = {
      ...{ id, partner, kind, amount, basis: null, receipt, receipt_key: receipt, reason: EVIDENCE },
      ...{ state: 'approved', proposed_by: BOOKED_BY, proposed_at: now, decided_by: BOOKED_BY, decided_at: now },
      decision_reason: EVIDENCE,
    };
    await tx.run(`INSERT INTO exposure_change (${Object.keys(row).join(', ')}) VALUES (?)`, [Object.values(row)]);
  }
}

const sameMoney = (entered: ChangeRow, { partner, kind, amount }: Receipt): boolean =>
  entered.partner === partner && entered.kind === kind && entered.amount === amount;
