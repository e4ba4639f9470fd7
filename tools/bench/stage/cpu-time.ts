import { readFileSync } from 'node:fs';

/** Microseconds of processor time a process has used, its threads and the kernel's work for it included. */
export function cpuMicros(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in brackets may hold blanks; what follows it does not.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MICROS;
}

/** Linux counts a process's time in hundredths of a second whatever its own tick is. */
const TICK_MICROS = 10_000;
