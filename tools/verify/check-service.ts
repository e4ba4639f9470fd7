import type { ServiceName } from '@yidian/contracts';
import { openDb, type Db } from '@yidian/database';
import { AUDIT_SOURCE, verifyChains, type HashSource, type Progress } from '@yidian/journal';
import { verifyLedger, type VerifyResult } from '@yidian/ledger';
import { hashSources } from '../../apps/billing/src/hash-sources';
import type { Screen } from '../platform/progress';
import type { Options } from './options';
import type { Check, ServiceReport } from './report';
import { grouped, tell } from './show';

/** What each service's lanes have hashed beside facts; null: it keeps no ledger. */
const LEDGERS: Readonly<Record<ServiceName, readonly HashSource[] | null>> = {
  billing: hashSources,
  settlement: [],
  gateway: null,
  reconciliation: null,
};

/** Walks one service's rows with progress, then does what else is wanted while its database is open. */
export async function checkService(
  service: ServiceName,
  url: string,
  since: Options['since'],
  screen: Screen,
  then: (db: Db) => Promise<Check[]>,
): Promise<ServiceReport> {
  const step = screen.step(service);
  const db = await openDb({ url, poolSize: 3 });
  try {
    let rows = 0;
    const begun = performance.now();
    const walked = await walk(service, db, since, (progress) => {
      rows = progress.rows;
      tell(step, progress);
    });
    const checks = [...walked.checks, ...(await then(db))];
    const report = {
      service,
      ok: checks.every(({ ok }) => ok),
      checks,
      rows,
      ms: Math.round(performance.now() - begun),
    };
    if (report.ok) step.done(`${grouped(rows)} rows as they were written`);
    else step.fail(`${grouped(rows)} rows, and not all as they were written`);
    return report;
  } catch (error) {
    step.fail();
    throw error;
  } finally {
    await db.close();
  }
}

async function walk(
  service: ServiceName,
  db: Db,
  since: Options['since'],
  progress: (told: Progress) => void,
): Promise<VerifyResult> {
  const sources = LEDGERS[service];
  if (sources) return verifyLedger(db, { since, sources, progress });
  const { ok, detail } = await verifyChains(db, [AUDIT_SOURCE], { progress });
  return { ok, checks: [{ name: 'chains', ok, detail }] };
}
