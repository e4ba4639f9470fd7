import { createHash } from 'node:crypto';
import { closeSync, createReadStream, fdatasyncSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';

/** A finished file of a copy. */
export interface CopyFile {
  path: string;
  bytes: number;
  sha256: string;
}

const BLOCK = 1 << 20;

/** Appends in blocks to a file under a name of its own; it gets its name when it is whole and on the disk. */
export class CopyFileWriter {
  private readonly hash = createHash('sha256');
  private readonly temporary: string;
  private readonly fd: number;
  private readonly block = Buffer.allocUnsafe(BLOCK);
  private filled = 0;
  private written = 0;

  /** @param own tells this writer's file from another's that makes the same */
  constructor(
    private readonly path: string,
    own: string,
  ) {
    this.temporary = `${path}.${own}.tmp`;
    this.fd = openSync(this.temporary, 'w', 0o600);
  }

  /** Bytes so far. */
  get length(): number {
    return this.written + this.filled;
  }

  text(text: string): void {
    // Three bytes a letter is the most that UTF-8 takes.
    if (text.length * 3 > BLOCK) return this.bytes(Buffer.from(text));
    if (this.filled + text.length * 3 > BLOCK) this.flush();
    this.filled += this.block.write(text, this.filled);
  }

  bytes(bytes: Uint8Array): void {
    if (this.filled + bytes.length > BLOCK) this.flush();
    if (bytes.length > BLOCK) return this.put(bytes);
    this.block.set(bytes, this.filled);
    this.filled += bytes.length;
  }

  end(): CopyFile {
    this.flush();
    fdatasyncSync(this.fd);
    closeSync(this.fd);
    renameSync(this.temporary, this.path);
    return { path: this.path, bytes: this.written, sha256: this.hash.digest('hex') };
  }

  /** Nothing of it stays. */
  drop(): void {
    closeSync(this.fd);
    rmSync(this.temporary, { force: true });
  }

  private flush(): void {
    this.put(this.block.subarray(0, this.filled));
    this.filled = 0;
  }

  private put(bytes: Uint8Array): void {
    this.hash.update(bytes);
    for (let done = 0; done < bytes.length;) done += writeSync(this.fd, bytes, done);
    this.written += bytes.length;
  }
}

/** Whether the bytes on disk are those that were written. */
export async function isWhole({ path, bytes, sha256 }: CopyFile): Promise<boolean> {
  if (statSync(path, { throwIfNoEntry: false })?.size !== bytes) return false;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: BLOCK })) hash.update(chunk as Buffer);
  return hash.digest('hex') === sha256;
}
