import { Problem } from '@yidian/errors';

/** Items of all bulks under way together: enough to fill the lane's batches, and half of what may queue there. */
export const ITEMS_AT_ONCE = 512;
/** Bulks at once: each holds its body and its answers in memory. */
const BULKS_AT_ONCE = 32;
const BULKS_OF_A_PARTNER = 16;

/**
 * Who may go on, among bulks: items pass in the order in which they asked, and each bulk asks for a bounded number, so
 * bulks share evenly and single payments always find room in the queues behind.
 */
export class BulkTurns {
  private readonly inside = new Map<string, number>();
  private bulks = 0;
  private free = ITEMS_AT_ONCE;
  private readonly waiting: (() => void)[] = [];

  /** @returns to be called when the bulk is answered @throws Problem busy */
  enter(partner: string): () => void {
    const own = this.inside.get(partner) ?? 0;
    if (this.bulks >= BULKS_AT_ONCE || own >= BULKS_OF_A_PARTNER) throw new Problem('busy', { retryAfter: 1 });
    this.bulks++;
    this.inside.set(partner, own + 1);
    return () => {
      this.bulks--;
      const left = (this.inside.get(partner) ?? 1) - 1;
      if (left > 0) this.inside.set(partner, left);
      else this.inside.delete(partner);
    };
  }

  /** Waits for a turn; whoever got one gives it back. */
  take(): Promise<void> | void {
    if (this.free === 0) return new Promise((resolve) => this.waiting.push(resolve));
    this.free--;
  }

  give(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.free++;
  }
}
