/** As much of the beginning as formats need to be told apart. */
const HEAD_BYTES = 64 * 1024;

/** The first bytes, and a stream that begins with them again; what fails while they are read fails behind them there. */
export async function withHead(
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ head: Buffer; bytes: AsyncGenerator<Uint8Array> }> {
  const chunks = bytes[Symbol.asyncIterator]();
  const first: Buffer[] = [];
  let length = 0;
  let rest = chunks;
  try {
    while (length < HEAD_BYTES) {
      const next = await chunks.next();
      if (next.done) break;
      first.push(Buffer.from(next.value));
      length += next.value.length;
    }
  } catch (error) {
    const reason = error instanceof Error ? error : new Error(String(error));
    rest = { next: () => Promise.reject(reason) };
  }
  const head = Buffer.concat(first);
  return { head, bytes: followed(head, rest) };
}

async function* followed(head: Buffer, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (head.length > 0) yield head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
