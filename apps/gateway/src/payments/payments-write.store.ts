import type { LaneTx } from '@yidian/journal';

/**
 * Tables of which many columns are empty in most rows, and what an INSERT that does not name a column leaves in it (null
 * if nothing is said here): a column that is empty in every row of a batch is neither sent nor parsed.
 */
const SPARSE: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  payment: { refunded: 0n, currency: 'CNY', provider_txn_id: '', late: 0, tries: 0 },
};

/** Members of a row are columns of its table. */
export function insert(tx: LaneTx, table: string, rows: readonly object[]): void {
  tx.insert(table, rows, SPARSE[table]);
}
