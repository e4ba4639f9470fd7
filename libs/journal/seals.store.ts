import type { Queryable, Row } from '@yidian/database';

/** A signed anchor. Its text is not stored: it is written out again from the rows it speaks of, and must be the signed one. */
export interface Seal {
  n: bigint;
  service: string;
  keyId: string;
  publicKeyPem: string;
  signature: Buffer;
  /** Further lines the signature covers, such as the snapshot of a day. */
  notes: readonly string[];
  sealedAt: Date;
}

interface SealRow extends Row {
  n: bigint;
  service: string;
  key_id: string;
  public_key: string;
  signature: Buffer;
  notes: string;
  sealed_at: Date;
}

const COLUMNS = 'n, service, key_id, public_key, signature, notes, sealed_at';

export async function insertSeal(db: Queryable, seal: Seal): Promise<void> {
  const { n, service, keyId, publicKeyPem, signature, notes, sealedAt } = seal;
  await db.run(`INSERT INTO anchor_seal (${COLUMNS}) VALUES (?)`, [
    [n, service, keyId, publicKeyPem, signature, notes.join('\n'), sealedAt],
  ]);
}

export async function latestSeal(db: Queryable): Promise<Seal | null> {
  const [row] = await db.select<SealRow>(`SELECT ${COLUMNS} FROM anchor_seal ORDER BY n DESC LIMIT 1`);
  return row ? sealOfRow(row) : null;
}

export async function sealsBetween(db: Queryable, from: bigint, to: bigint): Promise<Map<bigint, Seal>> {
  const rows = await db.select<SealRow>(`SELECT ${COLUMNS} FROM anchor_seal WHERE n BETWEEN ? AND ?`, [from, to]);
  return new Map(rows.map((row) => [row.n, sealOfRow(row)]));
}

/** What says whether an anchor is to be signed now; one statement, the database's clock. */
export interface SealState extends Row {
  anchor_n: bigint | null;
  sealed_n: bigint | null;
  sealed_at: Date | null;
  /** When a book was last frozen. */
  frozen_at: Date | null;
  clock: Date;
}

export async function sealState(db: Queryable): Promise<SealState> {
  const [row] = await db.select<SealState>(
    `SELECT (SELECT MAX(n) FROM anchor) AS anchor_n, (SELECT MAX(n) FROM anchor_seal) AS sealed_n,
      (SELECT MAX(sealed_at) FROM anchor_seal) AS sealed_at, (SELECT MAX(frozen_at) FROM book_cut) AS frozen_at,
      NOW(3) AS clock`,
  );
  if (!row) throw new Error('a SELECT without FROM has one row');
  return row;
}

const sealOfRow = (row: SealRow): Seal => ({
  n: row.n,
  service: row.service,
  keyId: row.key_id,
  publicKeyPem: row.public_key,
  signature: row.signature,
  notes: row.notes === '' ? [] : row.notes.split('\n'),
  sealedAt: row.sealed_at,
});
