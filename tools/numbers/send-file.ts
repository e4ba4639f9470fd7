import { MAX_NUMBERING_ROWS, type numberingBegin, type NumberingVersion } from '@yidian/contracts';
import type { RpcClient } from '@yidian/messaging';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { PlainError, type Step } from '../platform/progress';
import type { FileRows } from './file-rows';

export type FileOf = Omit<z.input<typeof numberingBegin>, 'total' | 'badLines' | 'findings'>;

const ANSWER_MS = 60_000;
const PAUSES_MS = [500, 2_000, 5_000];

/**
 * Hands a file to billing, which owns the tables: begin, rows in frames, apply. Each step may be repeated, so an answer that
 * was lost is asked for again, and the same file sent again goes on where it stopped.
 */
export async function sendFile(
  billing: RpcClient<'billing'>,
  file: FileOf,
  { rows, badLines, findings }: FileRows,
  step: Step,
): Promise<NumberingVersion> {
  let now = await again(() =>
    billing.call('numbering.begin', { ...file, total: rows.length, badLines, findings }, ANSWER_MS),
  );
  const { version } = now;
  while (now.state === 'open' && now.received < rows.length) {
    const offset = now.received;
    const frame = rows.slice(offset, offset + MAX_NUMBERING_ROWS);
    now = await again(() => billing.call('numbering.rows', { version, offset, rows: frame }, ANSWER_MS));
    step.progress(now.received, rows.length, 'rows sent');
  }
  while (now.state === 'open' || now.state === 'applying') {
    now = await again(() => billing.call('numbering.apply', { version }, ANSWER_MS));
    step.progress(now.applied, rows.length, 'rows in force');
  }
  return now;
}

/** An answer of the service is an answer; silence is asked again. */
async function again<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await call();
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal) throw new PlainError(refusal);
      const pause = PAUSES_MS[tries];
      if (pause === undefined)
        throw new PlainError('Billing does not answer. Run the same command again: it goes on where it stopped.');
      await sleep(pause);
    }
  }
}

function refusalOf(error: unknown): string | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  if (typeof cause !== 'object' || cause === null || !('code' in cause) || !('message' in cause)) return undefined;
  return 'status' in cause ? String(cause.message) : undefined;
}
