import { letGo } from '../contract/bytes';
import { withHead } from '../contract/head';
import { rawLines } from '../contract/lines';
import {
  UnreadableFile,
  type StatementFormat,
  type StatementOrigin,
  type StatementSink,
  type StatementTotals,
} from '../contract/statement';
import { BillReader } from './bill-reader';
import { isHeader, type BillShape } from './bill-shape';
import { BillText } from './bill-text';
import { DamagedZip, firstMember, isZip, withMembers, type Member } from '../packed/zip';

/** A bill as Alipay packs it, or one of its files alone. Members are told apart by what stands in them, not by their place. */
export function billFormat(shape: BillShape): StatementFormat {
  return {
    name: shape.name,
    closed: true,
    recognises: (head) => recognises(head, shape),
    read: (source, sink, origin) => read(shape, source, sink, origin),
  };
}

function recognises(head: Buffer, shape: BillShape): boolean {
  if (!isZip(head)) return looksLike(head, shape) || shape.title.test(textOf(head).slice(0, 200));
  const { name, head: inside } = firstMember(head);
  return shape.title.test(name) || looksLike(inside, shape) || shape.title.test(textOf(inside).slice(0, 200));
}

/** Whether the header of such a bill stands there; its summary has another. */
const looksLike = (head: Buffer, shape: BillShape): boolean =>
  textOf(head)
    .split('\n')
    .some((line) => isHeader(line, shape));

function textOf(head: Buffer): string {
  const text = new BillText();
  const lines: string[] = [];
  for (let from = 0; from < head.length;) {
    const end = head.indexOf(10, from);
    const line = head.subarray(from, end === -1 ? head.length : end);
    // The last line may be cut within a letter.
    lines.push(text.line(line) ?? (end === -1 ? '' : '\uFFFD'));
    from += line.length + 1;
  }
  return lines.join('\n');
}

async function read(
  shape: BillShape,
  source: AsyncIterable<Uint8Array>,
  sink: StatementSink,
  origin: StatementOrigin,
): Promise<StatementTotals> {
  const reader = new BillReader(shape, sink, origin);
  const { head, bytes: all } = await withHead(source);
  try {
    if (isZip(head)) await withMembers(all, (members) => readMembers(shape, reader, members));
    else await readMember(reader, all, false);
  } catch (error) {
    if (!(error instanceof DamagedZip)) throw error;
    await reader.damaged('the packed file is cut or damaged');
  }
  if (!reader.begun) throw new UnreadableFile(`no header of ${shape.name}`);
  return reader.totals();
}

/** A large day lies in several members; the summary beside them is another kind of file. */
async function readMembers(shape: BillShape, reader: BillReader, members: AsyncGenerator<Member>): Promise<void> {
  for await (const member of members) {
    const { head, bytes } = await withHead(member.bytes());
    if (looksLike(head, shape)) await readMember(reader, bytes, true);
    else await letGo(bytes);
  }
}

async function readMember(reader: BillReader, bytes: AsyncIterable<Uint8Array>, packed: boolean): Promise<void> {
  reader.next(packed);
  for await (const { line, fileLine, offset } of rawLines(bytes)) await reader.take(line, fileLine, offset);
}
