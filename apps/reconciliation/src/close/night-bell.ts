import { Injectable } from '@nestjs/common';
import { Bell, redisConnection } from '@yidian/messaging';

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

  constructor(redisUrl: string) {
    this.connection = redisConnection(redisUrl, false);
    this.bell = new Bell(NIGHT_QUEUE, this.connection);
  }

  ring(stepId: string, fence: bigint): void {
    void this.tryRing(stepId, fence);
  }

  /** The fence makes each ring its own: an id that lingers would silence the next. */
  tryRing(stepId: string, fence: bigint): Promise<boolean> {
    return this.bell.ring(`night-${stepId}-${fence}`, { step: stepId });
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
    await this.bell.close();
    this.connection.disconnect();
  }
}
