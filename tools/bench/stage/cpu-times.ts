import { readFileSync } from 'node:fs';

/** Linux counts in ticks of 10 ms, whatever the kernel's own clock. */
const TICK_US = 10_000;

/** Processor time that a process and its threads have used, in µs; 0 when it is gone or this is not Linux. */
export function cpuMicros(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_US;
  } catch {
    return 0;
  }
}

/** Time in which the machine's processors were not idle, in µs, over all of them. */
export function machineBusyMicros(): number {
  try {
    const [first = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
    const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = first.split(/ +/).slice(1).map(Number);
    return (user + nice + system + irq + softirq) * TICK_US;
  } catch {
    return 0;
  }
}

export interface CpuUse {
  /** µs by the name of the process; several pids may have one name. */
  byName: Record<string, number>;
  /** Processor time of everybody else on this machine, in percent of one processor: a busy neighbour spoils a figure. */
  elsewherePercent: number;
}

/** Processor time of named processes between `begin` and `end`. */
export class CpuWatch {
  private before = new Map<number, number>();
  private busyBefore = 0;
  private startedAt = 0;

  constructor(private readonly processes: readonly { name: string; pid: number }[]) {}

  begin(): void {
    this.before = new Map(this.processes.map(({ pid }) => [pid, cpuMicros(pid)]));
    this.busyBefore = machineBusyMicros();
    this.startedAt = performance.now();
  }

  end(): CpuUse {
    const byName: Record<string, number> = {};
    let ours = 0;
    for (const { name, pid } of this.processes) {
      const used = cpuMicros(pid) - (this.before.get(pid) ?? 0);
      byName[name] = (byName[name] ?? 0) + used;
      ours += used;
    }
    const wall = (performance.now() - this.startedAt) * 1_000;
    const elsewhere = machineBusyMicros() - this.busyBefore - ours;
    return { byName, elsewherePercent: Math.max(0, Math.round((elsewhere / wall) * 100)) };
  }
}
