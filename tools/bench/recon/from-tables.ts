import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DirectoryArchive } from '@yidian/archive';
import { EnginePool } from '../../../apps/reconciliation/src/matching/engine/engine-pool';
import type { FactsResult } from '../../../apps/reconciliation/src/matching/engine/fact-records';
import { sealFacts, type SealedBook } from '../../../apps/reconciliation/src/matching/engine/seal-book';
import type { RowsTask } from './rows.worker';
import { HASH_KEY, runRecon, type ReconOutcome, type ReconRun } from './run-recon';

/** The same night when nothing was pulled by day: both sources' tables are read now, their books sealed, then matched. */
export async function fromTables(run: ReconRun): Promise<ReconOutcome> {
  const folder = join(run.folder, 'from-tables');
  mkdirSync(folder, { recursive: true });
  const started = performance.now();
  const parts: Record<string, number> = {};
  const mark = (name: string) => (parts[name] = Math.round(performance.now() - started) / 1_000);
  const seal = async ({ manifest: { book, bits, inputs } }: SealedBook): Promise<SealedBook> => {
    const spill = join(folder, `${book.service}.spill`);
    const { url, sql } = run.tables.source(book.service);
    const facts = await rows({ url, sql, hashKey: HASH_KEY, spill, bits, book });
    mark(`${book.service} read after`);
    const workers = { count: run.workers, threads: true };
    const pool = EnginePool.open(workers, { folder, hashKey: HASH_KEY }, () => Promise.resolve([]));
    try {
      return await sealFacts(pool, { folder, book, inputs, bits }, [facts]);
    } finally {
      await pool.close();
      mark(`sealed after`);
    }
  };
  const books = await Promise.all(run.books.map(seal));
  const own = { folder, sealed: new DirectoryArchive(join(folder, 'archive')), name: 'from-tables' };
  const outcome = await runRecon({ ...run, books: books as [SealedBook, SealedBook], ...own });
  return {
    ...outcome,
    seconds: (performance.now() - started) / 1_000,
    parts: { ...parts, ...outcome.parts },
  };
}

function rows(task: RowsTask): Promise<FactsResult> {
  const worker = new Worker(join(__dirname, 'rows.worker.js'), { workerData: task });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`a thread that reads rows ended with ${code}`)));
  });
}
