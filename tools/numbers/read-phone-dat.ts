import type { BranchNames } from './branch-names';
import { Findings, type FileRows } from './file-rows';
import { SegmentMap } from './segment-map';

/**
 * The public `phone.dat` layout (xluohome/phonedata, ls0f/phone): 4 bytes of version as text, 4 bytes offset of the first
 * index entry (little endian), records `province|city|zip|area code\0` from byte 8, then index entries of 9 bytes: prefix of 7
 * digits and offset of its record, both 4 bytes little endian, and one byte for the carrier.
 */
const HEADER = 8;
const ENTRY = 9;
const FIELDS = 4;

export interface PhoneDat extends FileRows {
  /** Year and month as the file says, such as 2302. */
  edition: string;
}

/**
 * @param carriers only entries of these carriers; undefined: all
 * @throws Error when it is no such file at all
 */
export function readPhoneDat(file: Buffer, branches: BranchNames, carriers?: ReadonlySet<number>): PhoneDat {
  const start = file.length >= HEADER ? file.readInt32LE(4) : -1;
  if (start < HEADER || start > file.length) throw new Error('it is no phone.dat: the index lies outside the file');
  const findings = new Findings();
  const segments = new SegmentMap(findings);
  const provinces = new Provinces(file, start);
  for (let at = start, entry = 1; at < file.length; at += ENTRY, entry++) {
    const place = `entry ${entry}`;
    if (at + ENTRY > file.length) {
      findings.bad(place, `the file is cut off after ${file.length - at} of its ${ENTRY} bytes`);
      break;
    }
    const carrier = file.readUInt8(at + 8);
    if (carriers && !carriers.has(carrier)) continue;
    const prefix = String(file.readInt32LE(at));
    const province = provinces.at(file.readInt32LE(at + 4));
    const branch = province === undefined ? undefined : branches.codeOf(province);
    if (!/^1\d{6}$/.test(prefix)) findings.bad(place, `${prefix} is no prefix of 7 digits`);
    else if (carrier > 9) findings.bad(place, `${carrier} is no carrier`);
    else if (province === undefined) findings.bad(place, `the record of ${prefix} cannot be read`);
    else if (branch === undefined) findings.bad(place, `no branch is called "${province}"`);
    else segments.add(prefix, prefix, branch, carrier, place);
  }
  return { ...findings.with(segments.rows()), edition: file.toString('latin1', 0, 4) };
}

/** A few hundred records serve half a million entries: each is read once. */
class Provinces {
  private readonly known = new Map<number, string | undefined>();

  constructor(
    private readonly file: Buffer,
    private readonly end: number,
  ) {}

  at(offset: number): string | undefined {
    if (!this.known.has(offset)) this.known.set(offset, this.read(offset));
    return this.known.get(offset);
  }

  private read(offset: number): string | undefined {
    if (offset < HEADER || offset >= this.end) return undefined;
    const stop = this.file.indexOf(0, offset);
    if (stop === -1 || stop >= this.end) return undefined;
    const fields = this.file.toString('utf8', offset, stop).split('|');
    return fields.length === FIELDS ? fields[0] : undefined;
  }
}
