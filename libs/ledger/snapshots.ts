import type { Db } from '@yidian/database';
import { lanesAt, latestAnchor, writeAnchor, type Pace } from '@yidian/journal';
import { transfersOfBatches } from './ledger.store';
import {
  beatSnapshot,
  claimSnapshot,
  endSnapshot,
  insertBalances,
  lastTaken,
  outlivedSnapshots,
  removeBalances,
  snapshotOn,
  type Snapshot,
  type SnapshotClaim,
} from './snapshots.store';
import { SnapshotProof } from './verify-snapshot';
import { accountsPage, lowestMovingLane, sharedBalances, type HeldBalance, type LanePositions } from './verify.store';
import { basisOf } from './verify-basis';
import { walkHashed, type WalkOptions } from './verify-walk';

const PAGE = 2_000;
const BATCHES = 64n;
/** Younger snapshots than this keep their rows. */
const KEPT = 7;

/**
 * Takes the balances of a day as they stand at an anchor written now, and proves them: they are computed backward from the
 * accounts, and compared with what the transfers since the last snapshot say forward, every hash on the way recomputed.
 * Only then may they stand for those transfers. Writers go on; whatever fails half-way is taken over and begun again.
 * @returns undefined when there is nothing yet to take, or another process is at it
 */
export async function takeSnapshot(db: Db, day: string, options: WalkOptions = {}): Promise<Snapshot | undefined> {
  const known = await snapshotOn(db, day);
  if (known && known.state !== 'taking') return known;
  // Before the anchor: lanes that are closed now are closed at it, too.
  const lowest = await lowestMovingLane(db);
  const anchor = (await writeAnchor(db)) ?? (await latestAnchor(db));
  if (!anchor) return undefined;
  const claim: SnapshotClaim = { day, anchorN: anchor.n };
  if (!(await claimSnapshot(db, day, anchor.n))) return undefined;
  while (await removeBalances(db, day, PAGE)) await options.breathe?.();
  const written = await new Backward(db, claim, lowest, options).write();
  if (!written) return undefined;
  const snapshot = await prove(db, claim, options);
  if (!(await endSnapshot(db, snapshot))) return undefined;
  await removeOutlived(db, options);
  return snapshot;
}

async function prove(db: Db, claim: SnapshotClaim, options: WalkOptions): Promise<Snapshot> {
  const earlier = await lastTaken(db);
  const basis = earlier ? await basisOf(db, earlier) : {};
  const proof = await SnapshotProof.of(db, claim, basis.snapshot, options);
  const beat = async () => {
    await beatSnapshot(db, claim);
    await options.breathe?.();
  };
  const ends = await lanesAt(db, claim.anchorN);
  const chains = await walkHashed(db, basis, ends, { ...options, breathe: beat }, proof.add);
  return { ...claim, ...proof.read, state: chains.ok && proof.holds() ? 'taken' : 'refused' };
}

/** The line by which a signed anchor covers a snapshot. */
export const snapshotNote = ({ day, anchorN, rows, hash }: Snapshot): string =>
  `snapshot|${day}|${anchorN}|${rows}|${hash.toString('hex')}`;

/** Balance at the anchor = balance now − what came between; accounts and positions are read in one statement. */
class Backward {
  private readonly between = new Map<string, bigint>();
  private readonly reached = new Map<number, bigint>();

  constructor(
    private readonly db: Db,
    private readonly claim: SnapshotClaim,
    private readonly lowest: number,
    private readonly options: WalkOptions,
  ) {}

  /** @returns false when another process has taken it over */
  async write(): Promise<boolean> {
    for (const lane of await lanesAt(this.db, this.claim.anchorN)) this.reached.set(lane.laneId, lane.batchNo);
    for (let after = ''; ;) {
      const { held, lanes } = await accountsPage(this.db, after, PAGE, this.lowest);
      if (!(await this.keep(held, lanes))) return false;
      if (held.length < PAGE) break;
      after = held.reduce((last, one) => (Buffer.from(last).compare(Buffer.from(one.id)) < 0 ? one.id : last), after);
    }
    const { held, ends } = await sharedBalances(this.db);
    return this.keep(held, new Map(ends.map((end) => [end.laneId, end.batchNo])));
  }

  private async keep(held: readonly HeldBalance[], lanes: LanePositions): Promise<boolean> {
    for (const [laneId, batchNo] of lanes) await this.comeTo(laneId, batchNo);
    const then = held.map((one) => ({ ...one, balance: one.balance - (this.between.get(nameOf(one)) ?? 0n) }));
    if (!(await beatSnapshot(this.db, this.claim))) return false;
    await insertBalances(
      this.db,
      this.claim.day,
      then.filter((one) => one.balance !== 0n),
    );
    await this.options.breathe?.();
    return true;
  }

  private async comeTo(laneId: number, batchNo: bigint): Promise<void> {
    for (let at = this.reached.get(laneId) ?? 0n; at < batchNo;) {
      const to = at + BATCHES < batchNo ? at + BATCHES : batchNo;
      for (const row of await transfersOfBatches(this.db, laneId, at + 1n, to)) {
        this.add(row.debit, row.currency, -row.amount);
        this.add(row.credit, row.currency, row.amount);
      }
      this.reached.set(laneId, to);
      at = to;
    }
  }

  private add(id: string, currency: string, effect: bigint): void {
    const name = nameOf({ id, currency });
    this.between.set(name, (this.between.get(name) ?? 0n) + effect);
  }
}

const nameOf = ({ id, currency }: { id: string; currency: string }): string => `${currency} ${id}`;

async function removeOutlived(db: Db, { breathe }: Pace): Promise<void> {
  for (const day of await outlivedSnapshots(db, KEPT)) while (await removeBalances(db, day, PAGE)) await breathe?.();
}
