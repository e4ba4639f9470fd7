import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
import type { Receipt, Submitted } from '@yidian/smpp';
import { DB } from '../../platform';

export interface Part {
  messageId: string;
  partNo: number;
  tryNo: number;
}

/** What was handed to the message centre, part by part and try by try. */
@Injectable()
export class SubmitsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** Before anything leaves: what is never answered stays unknown. A try that is taken up again keeps its rows. */
  async intend(parts: readonly Part[]): Promise<void> {
    const rows = parts.map(({ messageId, partNo, tryNo }) => [messageId, partNo, tryNo, 'unknown']);
    await this.db.run(
      `INSERT INTO sms_submit (message_id, part_no, try_no, outcome, at) VALUES ${rows.map(() => '(?, UTC_TIMESTAMP(3))').join(', ')}
        ON DUPLICATE KEY UPDATE at = VALUES(at)`,
      rows,
    );
  }

  async answered({ messageId, partNo, tryNo }: Part, submitted: Submitted): Promise<void> {
    if (submitted.outcome === 'unknown') return;
    await this.db.run(
      'UPDATE sms_submit SET outcome = ?, status = ?, smsc_id = ? WHERE message_id = ? AND part_no = ? AND try_no = ?',
      [
        submitted.outcome,
        submitted.outcome === 'refused' ? submitted.status : null,
        submitted.outcome === 'taken' ? submitted.messageId : null,
        ...[messageId, partNo, tryNo],
      ],
    );
  }

  /** Parts that an earlier try has handed over. */
  async taken(messageId: string): Promise<Set<number>> {
    const sql = "SELECT DISTINCT part_no FROM sms_submit WHERE message_id = ? AND outcome = 'taken'";
    const rows = await this.db.select<{ part_no: bigint | number }>(sql, [messageId]);
    return new Set(rows.map((row) => Number(row.part_no)));
  }

  /** The last word stands; one that comes twice changes nothing. @returns whether the message is one of ours */
  async receipt({ messageId, state, error }: Receipt): Promise<boolean> {
    const rows = await this.db.select('SELECT 1 FROM sms_submit WHERE smsc_id = ? LIMIT 1', [messageId]);
    if (rows.length === 0) return false;
    const sql = `UPDATE sms_submit SET receipt = ?, receipt_error = ?, receipt_at = UTC_TIMESTAMP(3)
      WHERE smsc_id = ? AND (receipt IS NULL OR receipt IN ('ENROUTE', 'ACCEPTD', 'UNKNOWN'))`;
    await this.db.run(sql, [state, error, messageId]);
    return true;
  }
}
