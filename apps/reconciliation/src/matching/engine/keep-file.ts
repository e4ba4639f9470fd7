import { closeSync, fdatasyncSync, openSync, renameSync, writeSync } from 'node:fs';

/** Whole and on the disk under its name, or not there. @param temporary a name of the caller's own in the same folder */
export function keepFile(path: string, bytes: Uint8Array, temporary = `${path}.tmp`): void {
  const fd = openSync(temporary, 'w');
  try {
    for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done);
    fdatasyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(temporary, path);
}
