import type { Bearer } from '@yidian/contracts';
import type { Row } from '@yidian/database';
import type { LaneTx, Statement } from '@yidian/journal';

/** Minor units taken back of a payment so far, by who bore them; what the payer paid is the rest of its guard. */
export type TakenParts = Record<Bearer | 'bonus', bigint>;

export const NOTHING_TAKEN: Readonly<TakenParts> = { home: 0n, hq: 0n, provider: 0n, partner: 0n, bonus: 0n };

type PartsRow = TakenParts & { paymentNo: string } & Row;

/** Inside a batch of the write door, under the lock of each payment's guard. */
export const takenPartsReads = (paymentNos: readonly string[]): Statement[] =>
  paymentNos.length === 0
    ? []
    : [
        {
          sql: `SELECT payment_no AS paymentNo, home, hq, provider, partner, bonus FROM taken_back FORCE INDEX (PRIMARY)
            WHERE payment_no IN (?)`,
          params: [paymentNos],
        },
      ];

export const takenPartsFrom = (rows: readonly Row[]): Map<string, TakenParts> =>
  new Map((rows as readonly PartsRow[]).map(({ paymentNo, ...parts }) => [paymentNo, parts]));

export function writeTakenParts(tx: LaneTx, parts: ReadonlyMap<string, TakenParts>): void {
  if (parts.size === 0) return;
  const rows = [...parts].map(([paymentNo, { home, hq, provider, partner, bonus }]) => {
    return [paymentNo, home, hq, provider, partner, bonus];
  });
  tx.write({
    sql: `INSERT INTO taken_back (payment_no, home, hq, provider, partner, bonus) VALUES ?
      ON DUPLICATE KEY UPDATE home = VALUES(home), hq = VALUES(hq), provider = VALUES(provider),
      partner = VALUES(partner), bonus = VALUES(bonus)`,
    params: [rows],
  });
}
