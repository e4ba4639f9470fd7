import type { HashSource } from '@yidian/journal';
import { postingsOfBatches, postingSql, transferSql, transfersOfBatches, type TransferRow } from './ledger.store';

/** The texts of postings and transfers inside the batch hash: the same from memory and as they are read back. */
export const postingText = (sql: string): string => `posting${sql}`;
export const transferText = (sql: string): string => `transfer${sql}`;

/** For verifyChains: what the ledger's lanes have hashed. Who sums them up as well sees the transfers in passing. */
export const ledgerSource = (onTransfers?: (rows: readonly TransferRow[]) => void): HashSource => ({
  async rows(db, laneId, fromBatch, toBatch) {
    const postings = await postingsOfBatches(db, laneId, fromBatch, toBatch);
    const transfers = await transfersOfBatches(db, laneId, fromBatch, toBatch);
    onTransfers?.(transfers);
    return [
      ...postings.map((row) => ({ batchNo: row.batch_no, row: postingText(postingSql(row)) })),
      ...transfers.map((row) => ({ batchNo: row.batch_no, row: transferText(transferSql(row)) })),
    ];
  },
});

export const LEDGER_SOURCE: HashSource = ledgerSource();
