import type { StatementTotals as ReadTotals } from '@yidian/connectors/contract';
import { OUR_CURRENCY } from './statement-totals';

/** What can be wrong with a file as a whole. Each stops the file at "statement in" until people take it or it is replaced. */
export const FILE_FAULTS = [
  'empty_file',
  /** Nothing in it can be told apart as a statement of this provider. */
  'not_a_statement',
  'other_provider',
  'other_date',
  'other_currency',
  /** The end of the file is missing. */
  'truncated',
  /** The packed file is cut or damaged. */
  'damaged',
  /** Pages of one statement are missing. */
  'missing_page',
  /** The file's own totals do not agree with its lines. */
  'control_total',
  /** So much cannot be read that people must look at the file, not at its lines. */
  'too_many_unreadable',
  /** Something else that the file says of itself cannot be true. */
  'file',
] as const;
export type FileFault = (typeof FILE_FAULTS)[number];

/** Above this the lines that cannot be read are counted, no longer kept one by one. */
export const MOST_UNREADABLE = 10_000;

/** A file of many messages can have the same thing wrong in each of them. */
const MOST_FINDINGS = 20;

/** In the order of the table: the first that fits a reader's sentence names it. */
const BY_SENTENCE: readonly [RegExp, FileFault][] = [
  [/another provider/, 'other_provider'],
  [/another date|date asked for/, 'other_date'],
  [/\bpages?\b/, 'missing_page'],
  [/packed|compressed/, 'damaged'],
  [/balance|summary|total|trailer/, 'control_total'],
];

/** Gathers what is wrong with one file, each fault once. */
export class FileFindings {
  private readonly found = new Map<string, FileFault>();

  add(fault: FileFault, sentence: string): void {
    if (this.found.size < MOST_FINDINGS) this.found.set(`${fault}: ${sentence}`, fault);
  }

  /** By a reader: header, trailer, balance, packing. @param line 0 when it is about no line */
  said(sentence: string, line: number): void {
    const fault = BY_SENTENCE.find(([pattern]) => pattern.test(sentence))?.[1] ?? 'file';
    this.add(fault, line > 0 && fault === 'file' ? `line ${line}: ${sentence}` : sentence);
  }

  /** Unless a reader has said it already, in its own words. */
  also(fault: FileFault, sentence: string): void {
    if (![...this.found.values()].includes(fault)) this.add(fault, sentence);
  }

  /** `<fault>: <sentence>`, as they are kept with the file and shown to people. */
  list(): string[] {
    return [...this.found.keys()];
  }
}

export interface WholeFile {
  totals: ReadTotals;
  /** Whether such a file always ends with its own totals. */
  closed: boolean;
  provider: string;
  date: string;
  /** Readable lines, and those of them in our currency. */
  lines: number;
  ours: number;
}

/** What only shows once the whole file is read. */
export function judgeWhole(file: WholeFile, findings: FileFindings): void {
  const { totals, provider, date } = file;
  const { header, unreadable } = totals;
  if (!header) findings.also('truncated', 'there is no header');
  else {
    if (header.provider !== '' && header.provider !== provider)
      findings.also('other_provider', 'the file is of another provider');
    if (header.date !== '' && header.date !== date)
      findings.also('other_date', `the file is for ${plain(header.date)}`);
    const foreign = file.lines > 0 ? file.ours === 0 : header.currency !== '' && header.currency !== OUR_CURRENCY;
    if (foreign) findings.also('other_currency', `nothing in the file is in ${OUR_CURRENCY}`);
  }
  if (unreadable > MOST_UNREADABLE) findings.also('too_many_unreadable', `${unreadable} lines cannot be read`);
  judgeControls(file, findings);
}

function judgeControls({ totals, closed }: WholeFile, findings: FileFindings): void {
  const { declared, unread, unreadable, agrees } = totals;
  if (!declared && closed) return findings.also('truncated', 'the file ends without its totals');
  const { lines, amount = 0n, fee = 0n } = unread ?? {};
  if (lines !== undefined && lines !== unreadable)
    return findings.also(
      'control_total',
      `the file counts ${lines} lines more than were read, ${unreadable} unreadable`,
    );
  if (unreadable > 0) return; // what they held is the difference
  if (amount !== 0n || fee !== 0n)
    return findings.also('control_total', `the file's sums differ by ${amount}, its fees by ${fee}`);
  if (!agrees && findings.list().length === 0) findings.also('control_total', 'the file does not agree with itself');
}

/** A header's own words may be anything. */
const plain = (text: string): string => (/^[\d-]{1,10}$/.test(text) ? text : 'another date');
