import type { Db } from '@yidian/database';
import { Meter, type LaneEnd, type Pace } from '@yidian/journal';
import { accountsPage, lowestMovingLane, sharedBalances, type HeldBalance, type LanePositions } from './verify.store';

/**
 * Balances and transfers can be compared only as of one moment, and the moment of a balance is a position in every lane. A
 * read view over all accounts would stay open for minutes; instead each page of accounts comes with the positions that its
 * own statement saw, and of the few transfers behind the first page's positions each account counts only those up to its own
 * page's. Shared accounts are read last, with the positions at which the walk will end.
 *
 * Why it holds: one statement is one read view; a lane's batch is one transaction, so its balances and its position are seen
 * together or not at all; positions only grow, so what the first page has seen every later one has.
 */
export class Horizon {
  private readonly pages: { last: Buffer; lanes: LanePositions }[] = [];
  private readonly shared = new Set<string>();
  /** Where every lane is walked to. */
  ends: readonly LaneEnd[] = [];

  constructor(private readonly lowestMoving: number) {}

  addPage(held: readonly HeldBalance[], lanes: LanePositions): void {
    const ids = held.map((one) => Buffer.from(one.id)).sort((a, b) => a.compare(b));
    this.pages.push({ last: ids.at(-1) ?? Buffer.alloc(0), lanes });
  }

  end(shared: readonly HeldBalance[], ends: readonly LaneEnd[]): void {
    for (const { id } of shared) this.shared.add(id);
    this.ends = ends;
  }

  /** Whether the balance of this account, as it was read, has this batch in it. */
  has(laneId: number, batchNo: bigint, account: string): boolean {
    if (laneId < this.lowestMoving || batchNo <= positionIn(this.pages[0]?.lanes, laneId)) return true;
    return this.shared.has(account) || batchNo <= positionIn(this.pageOf(account).lanes, laneId);
  }

  /** Compared as bytes, as the database's collation does. The last page reaches to the end of the table. */
  private pageOf(account: string): { lanes: LanePositions } {
    const id = Buffer.from(account);
    let [low, high] = [0, this.pages.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.pages[middle]?.last.compare(id) ?? 0) >= 0) high = middle;
      else low = middle + 1;
    }
    return this.pages[low] ?? { lanes: new Map() };
  }
}

const positionIn = (lanes: LanePositions | undefined, laneId: number): bigint => lanes?.get(laneId) ?? 0n;

const PAGE = 2_000;

/** Reads every balance once, page by page, and says of which moment each was. */
export async function readBalances(db: Db, each: (held: HeldBalance) => void, pace: Pace = {}): Promise<Horizon> {
  const lowest = await lowestMovingLane(db);
  const horizon = new Horizon(lowest);
  const meter = new Meter(0n, pace, 'balances');
  const { pageRows = PAGE } = pace;
  for (let after = ''; ;) {
    const { held, lanes } = await accountsPage(db, after, pageRows, lowest);
    horizon.addPage(held, lanes);
    held.forEach(each);
    await meter.page(0n, held.length, 0);
    if (held.length < pageRows) break;
    after = held.reduce((last, one) => (Buffer.from(last).compare(Buffer.from(one.id)) < 0 ? one.id : last), after);
  }
  const { held, ends } = await sharedBalances(db);
  held.forEach(each);
  horizon.end(held, ends);
  return horizon;
}
