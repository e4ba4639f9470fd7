import { COMMANDS, commandName, isAnswer, STATUS, type CommandName } from './commands';
import { LAYOUTS, type Bodies, type Field } from './layouts';

export const HEADER = 16;

/** Optional parameters by tag; the first of a tag that came twice. */
export type Tlvs = ReadonlyMap<number, Buffer>;

export interface Pdu<C extends CommandName = CommandName> {
  command: C;
  status: number;
  sequence: number;
  body: Bodies[C];
  tlvs: Tlvs;
}

/** Octets that are no PDU of this protocol. What is known of the header is kept, so that the sender can be told. */
export class PduError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly sequence: number,
    readonly commandId: number,
  ) {
    super(message);
    this.name = 'PduError';
  }
}

type Value = string | number | Buffer;

/** Whether a PDU is of that operation; narrows its body. */
export function is<C extends CommandName>(pdu: Pdu, command: C): pdu is Pdu<C> & Pdu {
  return pdu.command === command;
}

/**
 * One PDU with its header. @throws RangeError for a field that has no room for its value: a message is not cut silently.
 */
export function encodePdu<C extends CommandName>(
  command: C,
  sequence: number,
  body: Partial<Bodies[C]> = {},
  { status = STATUS.ok, tlvs }: { status?: number; tlvs?: Iterable<readonly [number, Buffer]> } = {},
): Buffer {
  const values = body as Record<string, Value | undefined>;
  // A refusal has no body (§4.1.2, §4.4.2), only the header.
  const fields = isAnswer(COMMANDS[command]) && status !== STATUS.ok ? [] : LAYOUTS[command];
  const parts = fields.map((field) => encodeField(field, values[field.name]));
  for (const [tag, value] of tlvs ?? []) {
    const head = Buffer.alloc(4);
    head.writeUInt16BE(tag, 0);
    head.writeUInt16BE(value.length, 2);
    parts.push(head, value);
  }
  const header = Buffer.alloc(HEADER);
  header.writeUInt32BE(HEADER + parts.reduce((sum, part) => sum + part.length, 0), 0);
  header.writeUInt32BE(COMMANDS[command], 4);
  header.writeUInt32BE(status, 8);
  header.writeUInt32BE(sequence, 12);
  return Buffer.concat([header, ...parts]);
}

function encodeField(field: Field, value: Value | undefined): Buffer {
  switch (field.type) {
    case 'octet':
      return Buffer.from([typeof value === 'number' ? value : 0]);
    case 'text': {
      const octets = Buffer.from(typeof value === 'string' ? value : '', 'latin1');
      if (octets.length >= field.max || octets.includes(0)) throw new RangeError(`${field.name} does not fit`);
      return Buffer.concat([octets, NUL]);
    }
    case 'counted': {
      const octets = Buffer.isBuffer(value) ? value : Buffer.alloc(0);
      if (octets.length > field.max) throw new RangeError(`${field.name} does not fit`);
      return Buffer.concat([Buffer.from([octets.length]), octets]);
    }
    case 'rest':
      return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
  }
}

const NUL = Buffer.alloc(1);

/** @param frame exactly one PDU. @throws PduError for anything that is not one */
export function decodePdu(frame: Buffer): Pdu {
  const commandId = frame.length >= HEADER ? frame.readUInt32BE(4) : 0;
  const sequence = frame.length >= HEADER ? frame.readUInt32BE(12) : 0;
  const fail = (why: string, status: number): never => {
    throw new PduError(why, status, sequence, commandId);
  };
  if (frame.length < HEADER || frame.readUInt32BE(0) !== frame.length) {
    return fail('length', STATUS.invalidCommandLength);
  }
  const command = commandName(commandId);
  if (!command) return fail('unknown operation', STATUS.invalidCommandId);
  const status = frame.readUInt32BE(8);
  const reader = new Reader(frame, fail);
  // Answers may come without a body: always for a refusal, and from some centres for a success too.
  const bare = isAnswer(commandId) && frame.length === HEADER;
  const body: Record<string, Value> = {};
  for (const field of LAYOUTS[command]) body[field.name] = bare ? emptyOf(field) : reader.field(field);
  return { command, status, sequence, body: body, tlvs: reader.tlvs() };
}

const emptyOf = ({ type }: Field): Value => (type === 'octet' ? 0 : type === 'text' ? '' : Buffer.alloc(0));

/** Reads forward and never past the end. */
class Reader {
  private at = HEADER;

  constructor(
    private readonly frame: Buffer,
    private readonly fail: (why: string, status: number) => never,
  ) {}

  field(field: Field): Value {
    switch (field.type) {
      case 'octet':
        return this.octet(field.name);
      case 'text':
        return this.text(field.name, field.max);
      case 'counted': {
        const length = this.octet(field.name);
        if (length > field.max) return this.fail(`${field.name} is too long`, STATUS.invalidMessageLength);
        return this.octets(field.name, length);
      }
      case 'rest':
        return this.octets(field.name, this.frame.length - this.at);
    }
  }

  tlvs(): Tlvs {
    const found = new Map<number, Buffer>();
    while (this.at < this.frame.length) {
      if (this.frame.length - this.at < 4) return this.fail('optional parameters', STATUS.invalidOptionalStream);
      const tag = this.frame.readUInt16BE(this.at);
      const length = this.frame.readUInt16BE(this.at + 2);
      this.at += 4;
      if (length > this.frame.length - this.at) return this.fail('optional parameters', STATUS.invalidOptionalStream);
      const value = this.octets('optional parameter', length);
      if (!found.has(tag)) found.set(tag, value);
    }
    return found;
  }

  private octet(name: string): number {
    const value = this.frame[this.at];
    if (value === undefined) return this.fail(`${name} is missing`, STATUS.invalidCommandLength);
    this.at += 1;
    return value;
  }

  private octets(name: string, length: number): Buffer {
    if (length > this.frame.length - this.at) return this.fail(`${name} is cut`, STATUS.invalidMessageLength);
    const value = this.frame.subarray(this.at, this.at + length);
    this.at += length;
    return value;
  }

  private text(name: string, max: number): string {
    const end = this.frame.indexOf(0, this.at);
    if (end < 0 || end - this.at >= max) return this.fail(`${name} has no end`, STATUS.invalidCommandLength);
    const value = this.frame.toString('latin1', this.at, end);
    this.at = end + 1;
    return value;
  }
}

/** A whole number of one, two or four octets; undefined where it is absent or of another size. */
export function tlvNumber(tlvs: Tlvs, tag: number): number | undefined {
  const value = tlvs.get(tag);
  return value && [1, 2, 4].includes(value.length) ? value.readUIntBE(0, value.length) : undefined;
}

/** Text up to its NUL, which some leave out. */
export function tlvText(tlvs: Tlvs, tag: number): string | undefined {
  return tlvs.get(tag)?.toString('latin1').replace(/\0.*$/s, '');
}

export function tlv(tag: number, size: 1 | 2, value: number): readonly [number, Buffer] {
  const octets = Buffer.alloc(size);
  octets.writeUIntBE(value, 0, size);
  return [tag, octets];
}
