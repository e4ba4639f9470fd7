/**
 * Gathers single calls into frames of the item-list contracts: an idle line sends at once, a busy one gathers while
 * `framesInFlight` frames are out. One code path for one item and for 256. A frame that fails answers each of its items
 * through `failed`; nothing is sent twice here.
 */
export class Coalescer<I, A> {
  private queue: { item: I; resolve: (answer: A) => void }[] = [];
  private inFlight = 0;

  constructor(
    private readonly options: {
      send: (items: I[]) => Promise<A[]>;
      failed: (item: I, error: unknown) => A;
      framesInFlight?: number;
      itemsPerFrame?: number;
    },
  ) {}

  ask(item: I): Promise<A> {
    return new Promise((resolve) => {
      this.queue.push({ item, resolve });
      if (this.queue.length === 1) setImmediate(() => this.pump());
    });
  }

  private pump(): void {
    while (this.queue.length > 0 && this.inFlight < (this.options.framesInFlight ?? 3)) {
      const frame = this.queue.splice(0, this.options.itemsPerFrame ?? 128);
      this.inFlight++;
      void this.send(frame).finally(() => {
        this.inFlight--;
        this.pump();
      });
    }
  }

  private async send(frame: { item: I; resolve: (answer: A) => void }[]): Promise<void> {
    const { send, failed } = this.options;
    try {
      const answers = await send(frame.map((entry) => entry.item));
      frame.forEach((entry, index) => {
        const answer = answers[index];
        entry.resolve(answer === undefined ? failed(entry.item, new Error('an item was not answered')) : answer);
      });
    } catch (error) {
      for (const entry of frame) entry.resolve(failed(entry.item, error));
    }
  }
}
