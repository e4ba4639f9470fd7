import type { NumberingRow } from '@yidian/contracts';
import { DateTime } from 'luxon';
import type { BranchNames } from './branch-names';
import { csvLines, type CsvLine } from './csv-lines';
import { Findings, type FileRows } from './file-rows';

/** In the column `branch`: the number is with another carrier. */
const OUT = 'out';

interface Port {
  number: string;
  branch: string | null;
  from: string;
  until: string | null;
  place: string;
}

/**
 * Ported numbers as CSV. Columns: `number` (11 digits), `branch` (six digits, the province's name, or `out` for another
 * carrier), `from` (first day, YYYY-MM-DD), and if wanted `until` (the day after the last).
 */
export function readPorts(text: string, branches: BranchNames): FileRows {
  const findings = new Findings();
  const numbers = new Map<string, Port[]>();
  for (const line of csvLines(text, ['number', 'branch', 'from'])) {
    const read = readLine(line, branches);
    if (typeof read === 'string') findings.bad(`line ${line.line}`, read);
    else keep(numbers, read, findings);
  }
  return findings.with([...numbers.values()].flat().map(rowOf));
}

/** @returns what is wrong with it, when it cannot be read */
function readLine({ line, fields }: CsvLine, branches: BranchNames): Port | string {
  const { number = '', branch: name = '', from = '', until = '' } = fields;
  const branch = name === OUT ? null : branches.codeOf(name);
  if (!/^1\d{10}$/.test(number)) return 'the number has not 11 digits that begin with 1';
  if (branch === undefined) return `no branch is called "${name}"`;
  if (!isDay(from)) return `"${from}" is no day`;
  if (until !== '' && (!isDay(until) || until <= from)) return `"${until}" is no day after ${from}`;
  return { number, branch, from, until: until === '' ? null : until, place: `line ${line}` };
}

/** Two rows of one number whose days meet cannot both be true, unless they say the same. */
function keep(numbers: Map<string, Port[]>, port: Port, findings: Findings): void {
  const others = numbers.get(port.number) ?? [];
  const meets = others.find((other) => before(other.from, port.until) && before(port.from, other.until));
  if (!meets) numbers.set(port.number, [...others, port]);
  else if (meets.branch === port.branch) findings.bad(port.place, `says again what ${meets.place} says`);
  else findings.contradiction(meets.place, port.place, 'one number at two places on one day');
}

const before = (day: string, until: string | null): boolean => until === null || day < until;

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && DateTime.fromISO(text).isValid;

const rowOf = ({ number, branch, from, until }: Port): NumberingRow => [number, branch, 0, from, until];
