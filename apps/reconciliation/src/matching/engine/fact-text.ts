import { FACT_COLUMNS, type FactRecords } from './fact-records';
import type { SipHash } from './sip-hash';
import type { Spill } from './spill';

const [TAB, NEWLINE] = [0x09, 0x0a];

/** Reads the lines of a sealed segment (contracts: PullReply) into records. */
export class FactText {
  constructor(
    private readonly sip: SipHash,
    private readonly records: FactRecords,
  ) {}

  read(bytes: Uint8Array, spill: Spill): void {
    const text = this.sip.room(bytes.length).subarray(0, this.sip.put(bytes));
    for (let at = 0; at < text.length;) {
      at = this.place(text, at) + 1;
      this.records.add(text, spill);
    }
  }

  /** Places the columns of the line at `from`. @returns the line's end */
  private place(text: Buffer, from: number): number {
    const { starts, ends } = this.records;
    let column = 0;
    starts[0] = from;
    for (let at = from; at < text.length; at++) {
      const byte = text[at] as number;
      if (byte === TAB) {
        ends[column++] = at;
        starts[column] = at + 1;
      } else if (byte === NEWLINE) {
        ends[column++] = at;
        if (column !== FACT_COLUMNS) break;
        return at;
      }
    }
    throw new Error(`a fact of ${column} columns: ${text.subarray(from, from + 300).toString()}`);
  }
}
