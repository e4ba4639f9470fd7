import { crc32, deflateRawSync } from 'node:zlib';
import { encode } from 'iconv-lite';

/** A zip as Chinese providers pack files: names in GBK, and no flag that says so. For playing them in tests and in the sandbox. */
export interface PackedFile {
  name: string;
  content: Buffer;
}

const METHOD_DEFLATE = 8;
/** 1980-01-01 00:00: the same bytes whenever it is packed. */
const DOS_DATE = 0x0021;

export function zipOf(files: readonly PackedFile[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of files) {
    const packed = deflateRawSync(content);
    const rawName = encode(name, 'gbk');
    const shared = sharedFields(content, packed, rawName);
    const local = Buffer.concat([u32(0x04034b50), u16(20), shared, rawName, packed]);
    // Version made by, the shared fields, then: comment, disk, attributes, where the member starts.
    const rest = Buffer.concat([u16(0), u16(0), u16(0), u32(0), u32(offset)]);
    directory.push(Buffer.concat([u32(0x02014b50), u16(20), u16(20), shared, rest, rawName]));
    parts.push(local);
    offset += local.length;
  }
  const list = Buffer.concat(directory);
  const count = u16(files.length);
  const end = Buffer.concat([u32(0x06054b50), u16(0), u16(0), count, count, u32(list.length), u32(offset), u16(0)]);
  return Buffer.concat([...parts, list, end]);
}

function sharedFields(content: Buffer, packed: Buffer, rawName: Buffer): Buffer {
  return Buffer.concat([
    u16(0),
    u16(METHOD_DEFLATE),
    u16(0),
    u16(DOS_DATE),
    u32(crc32(content)),
    u32(packed.length),
    u32(content.length),
    u16(rawName.length),
    u16(0),
  ]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}
