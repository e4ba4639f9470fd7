import type { HashSource } from '@yidian/journal';
import { canonicalHash } from './canonical';
import { postingsOfBatches, transfersOfBatches, type PostingRow, type TransferRow } from './ledger.store';

const NO_HASH = '0'.repeat(64);

/** Recomputed from the stored input, so that neither it nor its stored hash can be changed alone. */
const inputHashOf = (input: string): string => (input === '' ? NO_HASH : canonicalHash(input).toString('hex'));

/** The texts of postings and transfers inside the batch hash: the same from memory and from their rows. */
export function postingText(row: PostingRow, inputHash: string): string {
  return JSON.stringify([
    'posting',
    row.key_day,
    row.k,
    row.outcome,
    row.reason,
    row.actor,
    inputHash,
    row.input_hash.toString('hex'),
    row.balances,
    row.n,
    row.at.toISOString(),
  ]);
}

export function transferText(row: TransferRow): string {
  return JSON.stringify([
    'transfer',
    row.n,
    row.day,
    row.k,
    row.debit,
    row.credit,
    String(row.amount),
    row.currency,
    row.kind,
    row.refers_to,
    row.forced,
    row.at.toISOString(),
  ]);
}

/** For verifyChains: what the ledger's lanes have hashed. Who sums them up as well sees the transfers in passing. */
export const ledgerSource = (onTransfers?: (rows: readonly TransferRow[]) => void): HashSource => ({
  async rows(db, laneId, fromBatch, toBatch) {
    const postings = await postingsOfBatches(db, laneId, fromBatch, toBatch);
    const transfers = await transfersOfBatches(db, laneId, fromBatch, toBatch);
    onTransfers?.(transfers);
    return [
      ...postings.map((row) => ({ batchNo: row.batch_no, row: postingText(row, inputHashOf(row.input)) })),
      ...transfers.map((row) => ({ batchNo: row.batch_no, row: transferText(row) })),
    ];
  },
});

export const LEDGER_SOURCE: HashSource = ledgerSource();
