import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { constants, crc32, inflateRawSync } from 'node:zlib';
import yauzl, { type Entry, type ZipFile } from 'yauzl';

export const isZip = (head: Uint8Array): boolean =>
  head[0] === 0x50 && head[1] === 0x4b && head[2] === 0x03 && head[3] === 0x04;

/** What is packed does not come out whole: cut, or other bytes than were put in. */
export class DamagedZip extends Error {
  override readonly name = 'DamagedZip';
}

export interface Member {
  name: string;
  /** @throws DamagedZip at the end when the bytes are not those that were packed */
  bytes: () => AsyncGenerator<Uint8Array>;
}

/** Names are GBK and do not say so. */
const gbk = new TextDecoder('gb18030');

/**
 * The members of a zip, whatever its size: it lies in a file of its own while it is read, because only its end says where
 * its members are, and they are unpacked as they are asked for.
 * @throws DamagedZip when there is no list of members
 */
export async function withMembers(
  source: AsyncIterable<Uint8Array>,
  read: (members: AsyncGenerator<Member>) => Promise<void>,
): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'yidian-zip-'));
  const path = join(dir, 'packed.zip');
  try {
    await spool(source, path);
    const zip = await opened(path);
    try {
      await read(membersOf(zip));
    } finally {
      zip.close();
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function spool(source: AsyncIterable<Uint8Array>, path: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of source) await file.write(chunk);
  } finally {
    await file.close();
  }
}

async function opened(path: string): Promise<ZipFile> {
  try {
    return await yauzl.openPromise(path, { lazyEntries: true, decodeStrings: false, autoClose: false });
  } catch (error) {
    throw new DamagedZip('no list of members', { cause: error });
  }
}

async function* membersOf(zip: ZipFile): AsyncGenerator<Member> {
  try {
    for await (const entry of zip.eachEntry()) {
      const name = nameOf(entry.fileNameRaw, (entry.generalPurposeBitFlag & 0x800) !== 0);
      if (!name.endsWith('/')) yield { name, bytes: () => unpacked(zip, entry) };
    }
  } catch (error) {
    throw new DamagedZip('a list of members that is cut', { cause: error });
  }
}

async function* unpacked(zip: ZipFile, entry: Entry): AsyncGenerator<Uint8Array> {
  let sum = 0;
  let stream: Readable | undefined;
  try {
    stream = await zip.openReadStreamPromise(entry);
    for await (const chunk of stream) {
      sum = crc32(chunk as Buffer, sum);
      yield chunk as Buffer;
    }
  } catch (error) {
    throw new DamagedZip('a member that is cut or damaged', { cause: error });
  } finally {
    stream?.destroy();
  }
  if (sum >>> 0 !== entry.crc32 >>> 0) throw new DamagedZip('a member with another checksum');
}

const nameOf = (raw: Buffer, isUtf8: boolean): string => (isUtf8 ? raw.toString('utf8') : gbk.decode(raw));

/** First member of a zip, folders passed over, as far as its beginning tells: its name, and the beginning of what is in it. */
export function firstMember(head: Buffer): { name: string; head: Buffer } {
  const nameLength = head.length >= 30 ? head.readUInt16LE(26) : 0;
  const from = 30 + nameLength + (head.length >= 30 ? head.readUInt16LE(28) : 0);
  const isUtf8 = head.length >= 30 && (head.readUInt16LE(6) & 0x800) !== 0;
  const packed = head.subarray(from);
  const isStored = head.length >= 30 && head.readUInt16LE(8) === 0;
  const name = nameOf(head.subarray(30, 30 + nameLength), isUtf8);
  const behind = name.endsWith('/') ? packed.subarray(head.readUInt32LE(18)) : packed;
  if (name.endsWith('/') && isZip(behind)) return firstMember(behind);
  return { name, head: isStored ? packed : inflatedHead(packed) };
}

function inflatedHead(packed: Buffer): Buffer {
  try {
    return inflateRawSync(packed, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return Buffer.alloc(0);
  }
}
