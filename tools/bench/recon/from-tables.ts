import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { EnginePool } from '../../../apps/reconciliation/src/matching/engine/engine-pool';
import { sealBook, type SealedBook } from '../../../apps/reconciliation/src/matching/engine/seal-book';
import { HASH_KEY, runRecon, type ReconOutcome, type ReconRun } from './run-recon';

/** The same night when nothing was pulled by day: both sources are read now, their books sealed, then matched. */
export async function fromTables(run: ReconRun): Promise<ReconOutcome> {
  const folder = join(run.folder, 'from-tables');
  mkdirSync(folder, { recursive: true });
  const started = performance.now();
  const settings = { folder, hashKey: HASH_KEY };
  const seal = async (service: 'gateway' | 'billing'): Promise<SealedBook> => {
    const pool = EnginePool.open({ count: 1, threads: true }, settings, () => Promise.resolve([]));
    const { book, bits, inputs } = run.books[service === 'gateway' ? 0 : 1].manifest;
    try {
      return await sealBook(pool, { folder, book, inputs, bits, texts: run.tables.pages(service) });
    } finally {
      await pool.close();
    }
  };
  const books = await Promise.all([seal('gateway'), seal('billing')]);
  const sealed = (performance.now() - started) / 1_000;
  const outcome = await runRecon({ ...run, books: [books[0], books[1]], folder, name: 'from-tables' });
  return {
    ...outcome,
    seconds: (performance.now() - started) / 1_000,
    parts: { 'read and sealed': Math.round(sealed * 1_000) / 1_000, ...outcome.parts },
  };
}
