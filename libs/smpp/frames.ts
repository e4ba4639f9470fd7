import { STATUS } from './commands';
import { HEADER, PduError } from './pdu';

/** A body of 64 kB in `message_payload`, and room for the rest. A peer that announces more is not speaking SMPP. */
const LONGEST = 66 * 1024;

/** Cuts a byte stream into PDUs. Holds at most one unfinished PDU, of a length that was checked when it was announced. */
export class Frames {
  private held: Buffer[] = [];
  private size = 0;

  /** @throws PduError for a length that no PDU has: nothing after it can be trusted, the connection has to end */
  *push(chunk: Buffer): Generator<Buffer> {
    this.held.push(chunk);
    this.size += chunk.length;
    while (this.size >= 4) {
      const length = this.peekLength();
      if (length < HEADER || length > LONGEST) {
        throw new PduError(`a length of ${length}`, STATUS.invalidCommandLength, 0, 0);
      }
      if (this.size < length) return;
      const all = this.joined();
      this.held = all.length > length ? [all.subarray(length)] : [];
      this.size = all.length - length;
      yield all.subarray(0, length);
    }
  }

  private peekLength(): number {
    const first = this.held[0];
    return (first && first.length >= 4 ? first : this.joined()).readUInt32BE(0);
  }

  private joined(): Buffer {
    const all = this.held.length === 1 ? (this.held[0] as Buffer) : Buffer.concat(this.held);
    this.held = [all];
    return all;
  }
}
