import type { BranchNames } from './branch-names';
import { csvLines, type CsvLine } from './csv-lines';
import { Findings, type FileRows } from './file-rows';
import { SegmentMap } from './segment-map';

const PREFIX = /^1\d{2,8}$/;
/** More in one line is a slip of the pen. */
const WIDEST_RANGE = 100_000n;

/**
 * Segments as CSV. Columns: `prefix` (3 to 9 digits; fewer than 7 stand for a whole block), `branch` (six digits, or the
 * province's name), and if wanted `last` (the end of a range of prefixes of the same length) and `carrier` (one digit, as
 * in phone.dat). Where a longer prefix lies in a shorter one's block, the longer one holds.
 */
export function readSegments(text: string, branches: BranchNames): FileRows {
  const findings = new Findings();
  const segments = new SegmentMap(findings);
  for (const line of csvLines(text, ['prefix', 'branch'])) {
    const place = `line ${line.line}`;
    const read = readLine(line, branches);
    if (typeof read === 'string') findings.bad(place, read);
    else segments.add(read.first, read.last, read.branch, read.carrier, place);
  }
  return findings.with(segments.rows());
}

interface Segment {
  first: string;
  last: string;
  branch: string;
  carrier: number;
}

/** @returns what is wrong with it, when it cannot be read */
function readLine({ fields }: CsvLine, branches: BranchNames): Segment | string {
  const first = fields['prefix'] ?? '';
  const last = fields['last'] || first;
  const carrier = fields['carrier'] || '0';
  const branch = branches.codeOf(fields['branch'] ?? '');
  if (!PREFIX.test(first)) return `"${first}" is no prefix of 3 to 9 digits`;
  if (!PREFIX.test(last) || last.length !== first.length || last < first)
    return `"${last}" ends no range from ${first}`;
  if (BigInt(last) - BigInt(first) >= WIDEST_RANGE) return `${first} to ${last} is too wide`;
  if (branch === undefined) return `no branch is called "${fields['branch'] ?? ''}"`;
  if (!/^\d$/.test(carrier)) return `"${carrier}" is no carrier`;
  return { first, last, branch, carrier: Number.parseInt(carrier, 10) };
}
