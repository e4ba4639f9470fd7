import type { RowList } from './row-list';
import { Kind } from './value-kind';

/** Commands in the buffer, by their place. */
export interface Bound {
  readonly from: number;
  readonly to: number;
}

/** Type of a parameter in the protocol: LONGLONG, VAR_STRING, DATETIME, BLOB. What is null throughout has any. */
const PROTOCOL_TYPE = new Uint8Array([254, 8, 254, 12, 252, 254]);
const BULK_EXECUTE = 0xfa;
const SEND_TYPES = 128;
const HEADER = 4;
const VALUE = 0;
const NULL = 1;
const FIRST_BYTES = 1 << 16;
/** Kept between transactions: more than any batch of usual size. */
const KEPT_BYTES = 1 << 22;
/** A command is one packet of the protocol; a list that does not fit is at fault itself. */
const LONGEST_COMMAND = (1 << 24) - 2;
/** Below this a loop over the signs is cheaper than to leave JavaScript. */
const SHORT_TEXT = 48;
const DAY_MS = 86_400_000;

/**
 * Rows as arrays bound to a prepared INSERT (MariaDB's COM_STMT_BULK_EXECUTE): no literal is written here and none parsed
 * there. All commands of a transaction lie one after the other in one buffer that grows and is kept, complete with their
 * headers, and go to the socket as they are.
 * @see https://mariadb.com/docs/server/reference/clientserver-protocol/3-binary-protocol-prepared-statements/com_stmt_bulk_execute
 */
export class BoundRows {
  private bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  private end = 0;
  private day = Number.NaN;
  private readonly date = Buffer.alloc(4);

  /** Whatever lies here belongs to a transaction that is over. */
  reset(): void {
    this.end = 0;
    if (this.bytes.length > KEPT_BYTES) this.bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  }

  commands({ from, to }: Bound): Buffer {
    return this.bytes.subarray(from, to);
  }

  /** @param statementId of an INSERT prepared on this connection with the columns that the list uses, in their order */
  add(statementId: number, list: RowList): Bound {
    const from = this.end;
    try {
      this.head(statementId, list.kinds);
      for (const row of list.rows) this.row(row, list);
      const length = this.end - from - HEADER;
      if (length > LONGEST_COMMAND) throw new RangeError(`${list.rows.length} rows of one statement exceed a packet`);
      this.bytes.writeUInt32LE(length, from);
      return { from, to: this.end };
    } catch (error) {
      this.end = from;
      throw error;
    }
  }

  private head(statementId: number, kinds: readonly Kind[]): void {
    this.room(HEADER + 7 + 2 * kinds.length);
    const { bytes } = this;
    let at = this.end + HEADER;
    bytes[at++] = BULK_EXECUTE;
    at = bytes.writeUInt32LE(statementId, at);
    at = bytes.writeUInt16LE(SEND_TYPES, at);
    for (const kind of kinds) {
      if (kind === Kind.OTHER) throw new TypeError('a list of mixed values cannot be bound');
      bytes[at++] = PROTOCOL_TYPE[kind] as number;
      bytes[at++] = 0;
    }
    this.end = at;
  }

  /** `for in`, because V8 then reads members by their place: looking each up by its name costs more than to write it. */
  private row(row: Readonly<Record<string, unknown>>, { used, hexAt }: RowList): void {
    let n = 0;
    for (const name in row) {
      if (used[n] === true) {
        if (n === hexAt) this.hex(row[name] as string);
        else this.value(row[name]);
      }
      n++;
    }
  }

  private value(value: unknown): void {
    if (typeof value === 'string') this.text(value);
    else if (value === null) this.nothing();
    else if (typeof value === 'number') this.integer(value);
    else if (typeof value === 'bigint') this.bigInteger(value);
    else if (value instanceof Date) this.time(value.getTime());
    else if (typeof value === 'boolean') this.integer(value ? 1 : 0);
    else this.binary(value as Buffer);
  }

  private nothing(): void {
    this.room(1);
    this.bytes[this.end++] = NULL;
  }

  private integer(value: number): void {
    this.room(9);
    const { bytes } = this;
    bytes[this.end] = VALUE;
    bytes.writeInt32LE(value | 0, this.end + 1);
    bytes.writeInt32LE(Math.floor(value / 2 ** 32), this.end + 5);
    this.end += 9;
  }

  private bigInteger(value: bigint): void {
    const number = Number(value);
    if (Number.isSafeInteger(number)) return this.integer(number);
    this.room(9);
    this.bytes[this.end] = VALUE;
    this.end = this.bytes.writeBigInt64LE(value, this.end + 1);
  }

  private text(text: string): void {
    const { length } = text;
    this.room(5 + 3 * length);
    if (length <= SHORT_TEXT && this.shortText(text)) return;
    const prefix = prefixOf(3 * length);
    const written = this.bytes.write(text, this.end + 1 + prefix, 'utf8');
    this.close(prefix, written);
  }

  /** @returns false when a sign takes more than one byte */
  private shortText(text: string): boolean {
    const { bytes } = this;
    const { length } = text;
    const start = this.end + 2;
    for (let n = 0; n < length; n++) {
      const sign = text.charCodeAt(n);
      if (sign > 127) return false;
      bytes[start + n] = sign;
    }
    this.close(1, length);
    return true;
  }

  private hex(digits: string): void {
    const length = digits.length >> 1;
    this.room(5 + length);
    const prefix = prefixOf(length);
    if (2 * this.bytes.write(digits, this.end + 1 + prefix, 'hex') !== digits.length)
      throw new TypeError('hex digits were expected');
    this.close(prefix, length);
  }

  private binary(value: Buffer): void {
    this.room(5 + value.length);
    const prefix = prefixOf(value.length);
    value.copy(this.bytes, this.end + 1 + prefix);
    this.close(prefix, value.length);
  }

  /** Writes the length before bytes that lie behind it already, and goes past them. */
  private close(prefix: number, length: number): void {
    const { bytes } = this;
    let at = this.end;
    bytes[at++] = VALUE;
    if (prefix === 1) bytes[at++] = length;
    else {
      bytes[at++] = prefix === 3 ? 0xfc : 0xfd;
      at = bytes.writeUIntLE(length, at, prefix - 1);
    }
    this.end = at + length;
  }

  /** As DATETIME with microseconds, in UTC like the session. */
  private time(time: number): void {
    const day = Math.floor(time / DAY_MS);
    if (day !== this.day) this.newDay(day);
    this.room(13);
    const { bytes } = this;
    const ms = time - day * DAY_MS;
    const seconds = Math.floor(ms / 1_000);
    const minutes = Math.floor(seconds / 60);
    const hours = Math.floor(minutes / 60);
    let at = this.end;
    bytes[at++] = VALUE;
    bytes[at++] = 11;
    for (let n = 0; n < 4; n++) bytes[at++] = this.date[n] as number;
    bytes[at++] = hours;
    bytes[at++] = minutes - hours * 60;
    bytes[at++] = seconds - minutes * 60;
    this.end = bytes.writeUInt32LE((ms - seconds * 1_000) * 1_000, at);
  }

  private newDay(day: number): void {
    const date = new Date(day * DAY_MS);
    const year = date.getUTCFullYear();
    if (!(year >= 0 && year <= 9_999)) throw new RangeError('a time without a date');
    this.date.writeUInt16LE(year, 0);
    this.date[2] = date.getUTCMonth() + 1;
    this.date[3] = date.getUTCDate();
    this.day = day;
  }

  private room(bytes: number): void {
    const wanted = this.end + bytes;
    if (wanted <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(wanted, 2 * this.bytes.length));
    this.bytes.copy(larger, 0, 0, this.end);
    this.bytes = larger;
  }
}

/** Bytes before a value of at most so many: the protocol takes a length in a wider form than it needs. */
function prefixOf(atMost: number): number {
  if (atMost <= 250) return 1;
  return atMost <= 0xffff ? 3 : 4;
}
