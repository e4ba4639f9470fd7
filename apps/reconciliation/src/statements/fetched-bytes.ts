import type { StatementReply } from '@yidian/contracts';
import type { Peers } from '../peers';

type Ready = Extract<StatementReply, { state: 'ready' }>;

/** The gateway's copy is gone or is another file: the fetch is begun anew. */
export class StatementMoved extends Error {
  override readonly name = 'StatementMoved';
}

/**
 * The bytes of a statement that the gateway has: in one piece, or, larger than a message should be, part by part under the
 * hash of the whole.
 */
export async function* fetchedBytes(
  peers: Peers,
  { provider, date }: { provider: string; date: string },
  first: Ready,
): AsyncGenerator<Uint8Array> {
  let part = Buffer.from(first.contentBase64, 'base64');
  const bytes = first.bytes ?? part.length;
  yield part;
  for (let offset = part.length; offset < bytes; offset += part.length) {
    const reply = await peers.gateway.call('statements.fetch', {
      provider,
      date,
      part: { sha256: first.sha256, offset },
    });
    if (reply.state !== 'ready' || reply.sha256 !== first.sha256) throw new StatementMoved('the rest of it is gone');
    part = Buffer.from(reply.contentBase64, 'base64');
    if (part.length === 0) throw new StatementMoved('a part without bytes');
    yield part;
  }
}
