import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
import { DB } from '../platform';

export interface MoveLine {
  what: 'agreement' | 'linked_number';
  to_state: string;
  evidence: string;
  at: Date;
}

/** History of agreements and linked numbers, by the numbers they concern. */
@Injectable()
export class AgreementMovesStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async about(blind: string, limit: number): Promise<MoveLine[]> {
    const of = (what: MoveLine['what'], table: string, column: string): string =>
      `SELECT '${what}' AS what, m.to_state, m.evidence, m.at FROM ${table} t
        JOIN agreement_move m ON m.object_id = t.id WHERE t.${column} = ?`;
    const sql = `${of('agreement', 'agreement', 'msisdn_blind')}
      UNION ALL ${of('linked_number', 'linked_number', 'msisdn_blind')}
      UNION ALL ${of('linked_number', 'linked_number', 'payer_blind')} ORDER BY at DESC LIMIT ?`;
    return (await this.db.select(sql, [blind, blind, blind, limit])) as unknown as MoveLine[];
  }
}
