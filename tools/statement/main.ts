import { UnreadableFile } from '@yidian/connectors/contract';
import { parseArgs } from 'node:util';
import type { Screen } from '../platform/progress';
import { findProvider } from './find-provider';
import { JsonReport } from './json-report';
import { Output } from './output';
import { parseStatement } from './parse-statement';
import { openFile } from './source';
import { TextReport } from './text-report';
import { UsageError } from './usage-error';

const USAGE = `npm run --silent statement -- parse --provider NAME FILE [--json] [--format NAME] [--date YYYY-MM-DD]
NAME is a connector (a folder of libs/connectors) or a provider of the carrier's profile; FILE may be - for standard input.
--format   reads as this format instead of the one its first bytes and name tell
--date     the date it should be of: another one is a finding
--json     one JSON object: provider, format, lines, quarantined, totals (docs/providers/README.md)
Ends with 0 when every line was read and all totals agree, 1 with findings, 2 when it is no such file.`;

const OPTIONS = {
  provider: { type: 'string' },
  format: { type: 'string' },
  date: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

/** Nothing could be read: the file, its format or the command is not understood. */
const UNREADABLE = 2;

interface Outside {
  stdout: NodeJS.WritableStream;
  stderr: NodeJS.WritableStream;
  stdin: NodeJS.ReadableStream;
}

/** @returns the exit code */
export async function main(
  args: string[],
  root: string,
  screen: Screen,
  { stdout, stderr, stdin }: Outside = process,
): Promise<number> {
  const output = new Output(stdout);
  try {
    const { provider, file, format, date, json } = readArguments(args);
    const known = findProvider(provider, root);
    const report = json ? new JsonReport(output, provider) : new TextReport(output, provider);
    const source = openFile(file, stdin);
    return await parseStatement({ ...known, ...source, format, date, report, screen });
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof UnreadableFile)) throw error;
    stderr.write(`${error.message}\n`);
    return UNREADABLE;
  } finally {
    await output.flush();
  }
}

function readArguments(args: string[]) {
  const { values, positionals } = parsed(args);
  const [verb, file, ...more] = positionals;
  const { provider, format, date, json } = values;
  if (verb !== 'parse' || !file || !provider || more.length > 0) throw new UsageError(USAGE);
  if (date !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(date)) throw new UsageError('--date is YYYY-MM-DD');
  return { provider, file, format, date, json };
}

function parsed(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}
