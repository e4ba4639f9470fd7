const CHUNK = 64 * 1024;
/** What ends the wait for a reader: he has read, or he has gone. */
const ENDS = ['drain', 'close', 'error'] as const;

/** Standard output in large pieces, at the pace of whoever reads it: memory stays flat however long the file is. */
export class Output {
  private waiting = '';
  private gone = false;

  constructor(private readonly stream: NodeJS.WritableStream) {
    // A reader that has seen enough (`| head`) closes the pipe: that is no fault of the file.
    stream.once('error', () => (this.gone = true));
  }

  write(text: string): void | Promise<void> {
    this.waiting += text;
    return this.waiting.length >= CHUNK ? this.flush() : undefined;
  }

  async flush(): Promise<void> {
    const text = this.waiting;
    this.waiting = '';
    if (this.gone || text === '' || this.stream.write(text)) return;
    await this.read();
  }

  /** Leaves no listener behind: a long file waits thousands of times. */
  private read(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        for (const end of ENDS) this.stream.off(end, done);
        resolve();
      };
      for (const end of ENDS) this.stream.on(end, done);
    });
  }
}
