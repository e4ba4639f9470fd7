import type { Progress } from '@yidian/journal';
import type { Screen, Step } from '../platform/progress';
import type { ServiceReport } from './report';

/** 1 540: read alike in both languages. */
export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ' ');

/** Rows are counted as they come; how many there will be is what the batches so far had, times all batches. */
export function tell(step: Step, { phase, batches, ofBatches, rows, bytes, ms }: Progress): void {
  if (phase === 'balances') return step.note(`balances: ${grouped(rows)}`);
  const [done, total] = [Number(batches), Number(ofBatches)];
  const about = Math.round((rows * total) / Math.max(done, 1));
  const left = done > 0 ? Math.ceil((ms * (total - done)) / done / 1_000) : 0;
  step.progress(rows, about, `rows · ${Math.round(bytes / 1e6)} MB · ${left} s left`);
}

export function showChecks(screen: Screen, { checks }: ServiceReport): void {
  for (const { name, ok, detail } of checks)
    screen.say(`     ${ok ? '✔' : '✘'} ${name.padEnd(16)}${detail.split('; ').join(`\n${' '.repeat(23)}`)}`);
}
