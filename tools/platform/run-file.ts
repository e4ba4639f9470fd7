import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { PlainError } from './progress';
import { commandOf, stopStranger } from './processes';

const entry = z.object({
  name: z.string(),
  pid: z.number().int(),
  /** A part of its command line: proof that the pid still means this process. */
  marker: z.string(),
});
export type RunEntry = z.infer<typeof entry>;
const runFile = z.object({ address: z.string(), starter: entry, children: z.array(entry) });
export type Run = z.infer<typeof runFile>;

export function writeRun(path: string, run: Run): void {
  writeFileSync(path, JSON.stringify(run, null, 2), { mode: 0o600 });
}

export function forgetRun(path: string): void {
  rmSync(path, { force: true });
}

/** Undefined: nothing runs, or the file was cut off. */
export function readRun(path: string): Run | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return runFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined; // cut off in the middle of a write: nothing in it can be trusted
  }
}

/**
 * A start that was killed leaves its children behind; they hold the data folder. Stops those that are still ours and
 * returns their names. Throws when another start is alive: two on one data folder would destroy each other's work.
 */
export async function clearStaleRun(path: string): Promise<string[]> {
  const run = readRun(path);
  if (!run) return [];
  const starter = commandOf(run.starter.pid);
  if (run.starter.pid !== process.pid && starter?.includes(run.starter.marker))
    throw new PlainError(
      `Yidian is already running from this folder (process ${run.starter.pid}): open ${run.address}, or press Ctrl-C there first.`,
    );
  const stopped: string[] = [];
  for (const child of run.children) {
    const grace = child.name === 'MariaDB' ? 30_000 : 8_000;
    if (await stopStranger(child.pid, child.marker, grace)) stopped.push(child.name);
  }
  forgetRun(path);
  return stopped;
}
