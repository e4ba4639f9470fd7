import type { Db } from '@yidian/database';
import { lastTaken, type Snapshot } from './snapshots.store';
import { basisOf } from './verify-basis';
import { explainBalances } from './verify-explain';
import { Look } from './verify-look';
import { SnapshotProof } from './verify-snapshot';
import { Drawers } from './verify-sums';
import { walkHashed, type WalkOptions } from './verify-walk';

export interface VerifyResult {
  ok: boolean;
  checks: { name: string; ok: boolean; detail: string }[];
}

type Check = VerifyResult['checks'][number];

export interface VerifyOptions extends WalkOptions {
  /** `snapshot` (default): from the last one that was taken, if there is one; `start`: from the first batch. */
  since?: 'start' | 'snapshot';
}

/**
 * Recomputes a ledger from its rows while writers go on: zero sum per currency, every balance = Σ of its transfers, every
 * hash. One pass, short reads by primary key, the same memory for any number of rows; see Horizon for why the two may be
 * compared. Only when something is wrong a second pass opens what is wrong and names it.
 */
export async function verifyLedger(db: Db, options: VerifyOptions = {}): Promise<VerifyResult> {
  const taken = await lastTaken(db);
  const basis = taken && options.since !== 'start' ? await basisOf(db, taken) : {};
  const drawers = new Drawers();
  const look = await Look.at(db, basis, drawers, options);
  const proof = taken && !basis.snapshot ? await SnapshotProof.of(db, taken, undefined, options) : undefined;
  const chains = await walkHashed(db, basis, look.horizon.ends, options, (row) => {
    look.add(row);
    proof?.add(row);
  });
  const wrong = drawers.wrong();
  const balances = wrong.length === 0 ? ALL_SUMS : await explainBalances(db, basis, drawers, wrong, options);
  const { ok, detail } = chains;
  const checks: Check[] = [
    zeroSum(look.totals),
    { name: 'balances', ok: wrong.length === 0, detail: balances },
    { name: 'chains', ok, detail: basis.snapshot ? `${detail}, since the snapshot of ${basis.snapshot.day}` : detail },
    ...(basis.snapshot ? [snapshotCheck(basis.snapshot, look.snapshotIntact)] : []),
    ...(proof && taken ? [snapshotCheck(taken, proof.holds() && proof.keeps(taken))] : []),
  ];
  return { ok: checks.every((check) => check.ok), checks };
}

const ALL_SUMS = 'every balance is the sum of its transfers';

function zeroSum(totals: ReadonlyMap<string, bigint>): Check {
  const off = [...totals].filter(([, total]) => total !== 0n).sort();
  const detail = off.map(([currency, total]) => `${currency} is off by ${total}`).join(', ');
  return { name: 'zero_sum', ok: off.length === 0, detail: detail || 'every currency sums to zero' };
}

function snapshotCheck({ day, anchorN }: Snapshot, ok: boolean): Check {
  const detail = ok ? `${day}, at anchor ${anchorN}` : `${day}, at anchor ${anchorN}: its balances are not those taken`;
  return { name: 'snapshot', ok, detail };
}
