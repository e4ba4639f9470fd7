import type { StatementFile } from './connector';

/** A long file may take its time as long as it keeps coming; one that has stopped is given up. */
export class Patience {
  private readonly controller = new AbortController();
  private timer: NodeJS.Timeout | undefined;

  /** @param ms between two signs of life */
  constructor(private readonly ms: number) {}

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** From the question to the last byte. */
  async watch(fetch: () => Promise<StatementFile>): Promise<StatementFile> {
    this.begin();
    try {
      const file = await fetch();
      if (file.state === 'ready') return { ...file, content: this.watched(file.content) };
      this.end();
      return file;
    } catch (error) {
      this.end();
      throw error;
    }
  }

  private async *watched(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    this.begin();
    try {
      for await (const chunk of content) {
        // Whoever takes the bytes may be slow himself: that is no silence of the provider.
        this.end();
        yield chunk;
        this.begin();
      }
    } finally {
      this.end();
    }
  }

  private begin(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.controller.abort(new Error(`nothing came for ${this.ms} ms`)), this.ms);
  }

  private end(): void {
    clearTimeout(this.timer);
  }
}
