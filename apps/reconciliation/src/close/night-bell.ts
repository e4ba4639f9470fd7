import { Injectable } from '@nestjs/common';
import { Bell, redisConnection } from '@yidian/messaging';
import { within } from '../within';

const RING_MS = 1_500;
const REST_MS = 10_000;

/** Name of the queue that only wakes workers. */
export const NIGHT_QUEUE = 'night';

/**
 * Wakes a worker early. A ring that is lost, or a Redis that is down, costs at most the time until the next sweep: the
 * sweep works by itself what it cannot ring for.
 */
@Injectable()
export class NightBell {
  private readonly connection;
  private readonly bell: Bell;
  private readonly later = new Set<NodeJS.Timeout>();
  private restsUntil = 0;

  constructor(redisUrl: string) {
    this.connection = redisConnection(redisUrl, false);
    this.bell = new Bell(NIGHT_QUEUE, this.connection);
  }

  ring(stepId: string, fence: bigint): void {
    void this.tryRing(stepId, fence);
  }

  /**
   * The fence makes each ring its own: an id that lingers would silence the next. A queue whose Redis never was there waits
   * for ever, so a ring has a limit, and after one that was not heard the bell rests for a while.
   */
  async tryRing(stepId: string, fence: bigint): Promise<boolean> {
    if (Date.now() < this.restsUntil) return false;
    const heard = await within(RING_MS, this.bell.ring(`night-${stepId}-${fence}`, { step: stepId }));
    if (heard !== true) this.restsUntil = Date.now() + REST_MS;
    return heard === true;
  }

  ringLater(stepId: string, fence: bigint, afterMs: number): void {
    const timer = setTimeout(() => {
      this.later.delete(timer);
      this.ring(stepId, fence);
    }, afterMs + 20);
    this.later.add(timer);
  }

  async close(): Promise<void> {
    for (const timer of this.later) clearTimeout(timer);
    await within(500, this.bell.close());
    this.connection.disconnect();
  }
}
