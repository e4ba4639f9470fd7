import { withHead } from '../contract/head';
import { rawLines } from '../contract/lines';
import { DamagedZip, isZip, withMembers } from '../packed/zip';
import {
  UnreadableFile,
  type StatementFormat,
  type StatementOrigin,
  type StatementSink,
  type StatementTotals,
} from '../contract/statement';
import { ZM_LAYOUT, ZME_LAYOUT, zmeLine, zmLine } from './zm-lines';
import { RecordReader } from './record-reader';

/**
 * UnionPay's statement of one accounting day: a zip with `INN<yymmdd>88ZM_<merId>` (orders) and `…ZME_…` (corrections and
 * disputes), or one of the two as it is. A zip is read in whole, so that nothing that took money from us is overlooked.
 */
export const ZM = 'unionpay-zm';
export const ZME = 'unionpay-zme';

const MEMBER = /INN(\d{6})[0-9A-Za-z]{2}ZM(E?)_/;

type Kind = 'ZM' | 'ZME';
const KINDS = { ZM: { layout: ZM_LAYOUT, read: zmLine }, ZME: { layout: ZME_LAYOUT, read: zmeLine } } as const;

const kindOfName = (name: string): Kind | null => {
  const found = MEMBER.exec(name);
  return found && (found[2] === 'E' ? 'ZME' : 'ZM');
};

export const UNIONPAY_ZM = format(ZM, 'ZM');
export const UNIONPAY_ZME = format(ZME, 'ZME');

function format(name: string, kind: Kind): StatementFormat {
  return {
    name,
    recognises: (head, origin) => {
      if (isZip(head)) return kind === 'ZM' && (MEMBER.test(head.toString('latin1')) || MEMBER.test(origin.fileName));
      const named = kindOfName(origin.fileName);
      return named === kind || (named === null && looksLike(head, kind));
    },
    read: (source, sink, origin) => readFile(source, sink, origin, kind),
  };
}

/** By the length of the first record and the spaces between its fields. */
function looksLike(head: Buffer, kind: Kind): boolean {
  const { bytes, starts } = KINDS[kind].layout;
  const end = head.indexOf(10);
  const record = withoutMark(end === -1 ? head : head.subarray(0, head[end - 1] === 13 ? end - 1 : end));
  return record.length === bytes && starts.slice(1).every((start) => record[start - 1] === 0x20);
}

const withoutMark = (bytes: Buffer): Buffer =>
  bytes.subarray(0, 3).equals(Buffer.from('efbbbf', 'hex')) ? bytes.subarray(3) : bytes;

async function readFile(
  source: AsyncIterable<Uint8Array>,
  sink: StatementSink,
  origin: StatementOrigin,
  kind: Kind,
): Promise<StatementTotals> {
  const reader = new RecordReader(sink, origin);
  const { head, bytes: whole } = await withHead(source);
  if (!isZip(head)) {
    await readMember(reader, whole, origin.fileName, kindOfName(origin.fileName) ?? kind, false);
    return reader.totals();
  }
  if ((await readMembers(reader, whole, kind)) === 0) throw new UnreadableFile('the zip has neither ZM nor ZME');
  return reader.totals();
}

/** @returns how many of its members are of this kind of file */
async function readMembers(reader: RecordReader, whole: AsyncIterable<Uint8Array>, kind: Kind): Promise<number> {
  let members = 0;
  try {
    await withMembers(whole, async (all) => {
      for await (const { name, bytes } of all) {
        const plain = name.split('/').at(-1) ?? '';
        if (kindOfName(plain) === null) continue;
        members++;
        await readMember(reader, bytes(), plain, kindOfName(plain) ?? kind, true);
      }
    });
  } catch (error) {
    if (!(error instanceof DamagedZip)) throw error;
    if (members === 0) throw new UnreadableFile('the zip is cut or damaged', { cause: error });
    await reader.damaged();
  }
  return members;
}

async function readMember(
  reader: RecordReader,
  content: AsyncIterable<Uint8Array>,
  name: string,
  kind: Kind,
  packed: boolean,
): Promise<void> {
  const { layout, read } = KINDS[kind];
  await reader.begin(dateOfName(name), { layout, read, packed });
  try {
    for await (const { line, fileLine, offset } of rawLines(content))
      await reader.take(offset === 0 ? withoutMark(line) : line, { fileLine, offset: packed ? -1 : offset });
  } catch (error) {
    if (!(error instanceof DamagedZip)) throw error;
    await reader.damaged();
  }
}

/** The accounting day in a file's name; '' when it names none. */
function dateOfName(name: string): string {
  const [, y, m, d] = /INN(\d{2})(\d{2})(\d{2})/.exec(name) ?? [];
  const date = `20${y}-${m}-${d}`;
  return y !== undefined && !Number.isNaN(Date.parse(date)) ? date : '';
}
