import type { Worth } from './pull-books';

const FACTS = 2_000;
const LONGEST_MS = 60_000;

/**
 * By day nobody reads what is pulled, and each segment is a file forced to disk: a lane with little to say is taken once a
 * minute, a busy one at every turn. By the monotonic clock of this process.
 */
export class Patience {
  private readonly since = new Map<string, number>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  readonly worth: Worth = (service, laneId, waiting) => {
    const lane = `${service} ${laneId}`;
    const since = this.since.get(lane) ?? this.now();
    this.since.set(lane, since);
    const taken = waiting >= FACTS || this.now() - since >= LONGEST_MS;
    if (taken) this.since.delete(lane);
    return taken;
  };
}
