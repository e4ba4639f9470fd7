import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { open, type Entry, type ZipFile } from 'yauzl';
import { UnreadableFile } from '../contract/statement';

/**
 * Members of a zip one after the other, each as a stream. The list of members stands at the end of a zip, so the bytes are
 * put into a file first: memory stays flat however long it is.
 */
export async function* zipMembers(
  source: AsyncIterable<Uint8Array>,
  wanted: (name: string) => boolean,
): AsyncGenerator<{ name: string; content: AsyncIterable<Uint8Array> }> {
  const dir = await mkdtemp(join(tmpdir(), 'yidian-zip-'));
  try {
    const path = join(dir, 'statement.zip');
    await pipeline(Readable.from(source), createWriteStream(path, { mode: 0o600 }));
    const zip = await opened(path);
    try {
      for (let entry = await next(zip); entry; entry = await next(zip)) {
        const name = entry.fileName.toString('latin1').split('/').at(-1) ?? '';
        if (wanted(name)) yield { name, content: contentOf(zip, entry) };
      }
    } finally {
      zip.close();
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** The bytes of one member are not what the zip promises; what was read of it before counts. */
export class DamagedMember extends Error {
  override readonly name = 'DamagedMember';
}

export const isZip = (head: Uint8Array): boolean =>
  head[0] === 0x50 && head[1] === 0x4b && head[2] === 0x03 && head[3] === 0x04;

/** Names are bytes here: in GBK they are not what the zip says they are. */
type RawEntry = Omit<Entry, 'fileName'> & { fileName: Buffer };

function opened(path: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    open(path, { lazyEntries: true, autoClose: false, decodeStrings: false }, (error, zip) => {
      if (error) reject(new UnreadableFile('the zip is cut or damaged', { cause: error }));
      else resolve(zip);
    });
  });
}

function next(zip: ZipFile): Promise<RawEntry | null> {
  return new Promise((resolve, reject) => {
    const done = (act: () => void) => (): void => {
      zip.removeAllListeners('entry').removeAllListeners('end').removeAllListeners('error');
      act();
    };
    zip.once('entry', (entry: Entry) => done(() => resolve(entry as unknown as RawEntry))());
    zip.once(
      'end',
      done(() => resolve(null)),
    );
    zip.once('error', (error: Error) => done(() => reject(damaged(error)))());
    if (zip.entriesRead === zip.entryCount) done(() => resolve(null))();
    else zip.readEntry();
  });
}

const damaged = (error: Error): UnreadableFile => new UnreadableFile('the zip is cut or damaged', { cause: error });

async function* contentOf(zip: ZipFile, entry: RawEntry): AsyncGenerator<Uint8Array> {
  let sum = 0;
  try {
    for await (const chunk of await streamOf(zip, entry)) {
      sum = crc32(chunk as Buffer, sum);
      yield chunk as Buffer;
    }
  } catch (error) {
    throw new DamagedMember('a member is cut or damaged', { cause: error });
  }
  if (sum !== entry.crc32) throw new DamagedMember('a member has another checksum');
}

function streamOf(zip: ZipFile, entry: RawEntry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry as unknown as Entry, (error, stream) => {
      if (error) reject(error);
      else resolve(stream);
    });
  });
}
