import type { HashSource } from '@yidian/journal';
import { postingsOfBatches, postingSql, transferSql, transfersOfBatches, type TransferRow } from './ledger.store';

/**
 * For verifyChains: what the ledger's lanes have hashed, each row as the SQL it was inserted by. Rows of different tables are
 * never alike: their number of values and the kinds of these tell them apart. Who sums them up as well sees the transfers in
 * passing.
 */
export const ledgerSource = (onTransfers?: (rows: readonly TransferRow[]) => void): HashSource => ({
  async rows(db, laneId, fromBatch, toBatch) {
    const postings = await postingsOfBatches(db, laneId, fromBatch, toBatch);
    const transfers = await transfersOfBatches(db, laneId, fromBatch, toBatch);
    onTransfers?.(transfers);
    return [
      ...postings.map((row) => ({ batchNo: row.batch_no, row: postingSql(row) })),
      ...transfers.map((row) => ({ batchNo: row.batch_no, row: transferSql(row) })),
    ];
  },
});

export const LEDGER_SOURCE: HashSource = ledgerSource();
