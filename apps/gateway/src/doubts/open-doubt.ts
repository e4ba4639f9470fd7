import { newId } from '@yidian/http';
import type { Statement } from '@yidian/journal';

/** Something that no ladder settles. */
export interface NewDoubt {
  kind: 'payment' | 'refund' | 'return' | 'callback' | 'attempt';
  /** Payment, refund, return or attempt number; of a callback provider and event. */
  objectNo: string;
  paymentNo: string;
  provider: string;
  /** Fen; null when nobody can tell. */
  amount: bigint | null;
  why: string;
}

/** Once per object, however many find it. What comes back after it was closed is open anew. */
export function openDoubt(doubt: NewDoubt, at: Date): Statement {
  const { kind, objectNo, paymentNo, provider, amount, why } = doubt;
  return {
    sql: `INSERT INTO doubt (id, kind, object_no, payment_no, provider, amount, why, state, owner, tries, opened_at, outcome)
      VALUES (?, ?, ?, ?, ?, ?, ?, 'open', '', 0, ?, '')
      ON DUPLICATE KEY UPDATE
        opened_at = IF(state = 'closed', VALUES(opened_at), opened_at), owner = IF(state = 'closed', '', owner),
        closed_at = NULL, outcome = '', why = VALUES(why), state = 'open'`,
    params: [newId('dbt'), kind, objectNo, paymentNo, provider, amount, why.slice(0, 200), at],
  };
}
