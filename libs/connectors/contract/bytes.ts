/** Larger than any statement of a day that we know: a provider's mistake does not fill our disks. */
export const LARGEST_STATEMENT = 8 * 1024 ** 3;

/** The same bytes. @throws Error once there are more of them than a file may have */
export async function* atMost(most: number, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of bytes) {
    length += chunk.length;
    if (length > most) throw new Error('a file too large to be taken');
    yield chunk;
  }
}

/** What is not wanted any more: its source is left. */
export async function letGo(bytes: AsyncIterable<Uint8Array>): Promise<void> {
  // A generator that was never begun would not hear that it is over.
  for await (const chunk of bytes) return void chunk;
}

/** In memory, for files that are small by their nature. @throws Error as `atMost` */
export async function collected(most: number, bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of atMost(most, bytes)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
