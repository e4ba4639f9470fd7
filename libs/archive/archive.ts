/** Where bytes lie and what they are: kept in a row, so that the archive itself needs no index. */
export interface Archived {
  /** Relative to the archive, `/`-separated. */
  path: string;
  /** Lower-case hex over all bytes. */
  sha256: string;
}

/** What lies under a path is not what the row says that names it, or nothing does. */
export class ArchiveDamaged extends Error {
  override readonly name = 'ArchiveDamaged';
}

/**
 * Keeps files that are evidence: statements as received, sealed segments. What is put stays as it is for ever; the same
 * bytes under the same name are the same file, other bytes are another one.
 */
export interface Archive {
  /** @param place folder and name parts; letters, digits, `.`, `_` and `-` are kept, all else becomes `_` */
  put(place: readonly string[], bytes: Uint8Array): Promise<Archived>;
  /** As `put`, in flat memory whatever the size. */
  putStream(place: readonly string[], bytes: AsyncIterable<Uint8Array>): Promise<Archived & { bytes: number }>;
  /**
   * Takes in a finished file of this machine without reading it once more: its hash is the caller's, made of the bytes that it
   * wrote and forced to the disk. The file itself stays the caller's to remove, and is never written to again.
   */
  putFile(place: readonly string[], file: string, sha256: string): Promise<Archived>;
  /**
   * A path on this machine under which these bytes can be read in any order, by many threads. They are the right ones only
   * when `stream` has come to its end, or `get` returned.
   * @throws ArchiveDamaged when the file is gone
   */
  local(archived: Archived): Promise<string>;
  /** @throws ArchiveDamaged when the file is gone or its bytes are not what the hash says */
  get(archived: Archived): Promise<Buffer>;
  /**
   * As `get`, in flat memory whatever the size. That the bytes are the right ones is only known at their end: until then
   * nothing of what was read may be published.
   * @throws ArchiveDamaged
   */
  stream(archived: Archived): AsyncGenerator<Buffer>;
  /**
   * Puts back what was lost or damaged, from a source that has the very same bytes. What lies there instead is kept beside.
   * @throws ArchiveDamaged when these are other bytes; then nothing was touched
   */
  restore(archived: Archived, bytes: Uint8Array): Promise<void>;
}
