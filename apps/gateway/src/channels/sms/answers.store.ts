import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
import { DB } from '../../platform';

/** What a message was answered with. */
@Injectable()
export class AnswersStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** The first text to its sender since it came, once the message is done with: an answer of its own, or a receipt. */
  async to(messageId: string): Promise<{ id: string; text_sealed: string } | undefined> {
    const rows = await this.db.select<{ id: string; text_sealed: string }>(
      `SELECT m.id, m.text_sealed FROM sms_inbound i JOIN sms_message m
          ON m.to_blind = i.from_blind AND m.created_at >= i.received_at
        WHERE i.id = ? AND i.state = 'done' ORDER BY m.id = CONCAT('mo-', i.id) DESC, m.created_at, m.id LIMIT 1`,
      [messageId],
    );
    return rows[0];
  }

  async handedOver(id: string): Promise<void> {
    const sql =
      "UPDATE sms_message SET state = 'sent', due_at = NULL, sent_at = UTC_TIMESTAMP(3) WHERE id = ? AND state = 'new'";
    await this.db.run(sql, [id]);
  }
}
