import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What the disk under `folder` does: appends of 4 KiB, each forced to the disk before the next, per second. Group commit
 * lives by it, one-by-one commits die by it, so a figure is told with it.
 */
export function fsyncPerSecond(folder: string, ms = 700): number {
  const path = join(folder, 'fsync-probe');
  const file = openSync(path, 'w');
  const page = Buffer.alloc(4_096, 7);
  const started = performance.now();
  let count = 0;
  try {
    while (performance.now() - started < ms) {
      writeSync(file, page);
      fdatasyncSync(file);
      count += 1;
    }
    return Math.round((count * 1_000) / (performance.now() - started));
  } finally {
    closeSync(file);
    rmSync(path, { force: true });
  }
}
