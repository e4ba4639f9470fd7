import { closeSync, fdatasync, openSync, write } from 'node:fs';

/**
 * Promise: what stands here was acknowledged to the payer, whatever the platform's tables say. Lines
 * `reference TAB payment number`, forced to the disk in batches while the run goes on.
 */
export class Journal {
  private readonly file: number;
  private waiting = '';
  private writing: Promise<void> = Promise.resolve();
  private readonly timer: NodeJS.Timeout;

  constructor(path: string, everyMs = 200) {
    this.file = openSync(path, 'a');
    this.timer = setInterval(() => void this.flush(), everyMs);
  }

  acknowledged(reference: string, paymentNumber: string): void {
    this.waiting += `${reference}\t${paymentNumber}\n`;
  }

  /** Resolves when all that was said before is on the disk. */
  flush(): Promise<void> {
    this.writing = this.writing.then(() => this.writeOut());
    return this.writing;
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
    closeSync(this.file);
  }

  private async writeOut(): Promise<void> {
    if (this.waiting === '') return;
    let rest: Buffer = Buffer.from(this.waiting, 'latin1');
    this.waiting = '';
    while (rest.length > 0) rest = rest.subarray(await this.append(rest));
    await new Promise<void>((resolve, reject) => fdatasync(this.file, (error) => (error ? reject(error) : resolve())));
  }

  private append(bytes: Buffer): Promise<number> {
    return new Promise((resolve, reject) =>
      write(this.file, bytes, (error, written) => (error ? reject(error) : resolve(written))),
    );
  }
}
