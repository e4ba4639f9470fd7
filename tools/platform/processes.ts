import { readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** The command line of a process, or undefined when it is gone. Pids are reused: look before any signal. */
export function commandOf(pid: number): string | undefined {
  if (!Number.isInteger(pid) || pid <= 1) return undefined; // kill(-1) would reach every process of the user
  if (process.platform === 'linux') {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      return line === '' ? undefined : line; // a zombie has no command line
    } catch {
      return undefined;
    }
  }
  const shown = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  return shown.status === 0 ? shown.stdout.trim() : undefined;
}

/** Signals the group that `pid` leads (children of ours are started as leaders); a process that is gone is no error. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  if (!Number.isInteger(pid) || pid <= 1) return;
  try {
    process.kill(-pid, signal);
  } catch {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
  }
}

/** SIGTERM, then SIGKILL to the group after `graceMs`; resolves when the process is gone. */
export async function stopStranger(pid: number, marker: string, graceMs = 8_000): Promise<boolean> {
  const isOurs = () => commandOf(pid)?.includes(marker) === true;
  if (!isOurs()) return false;
  signalGroup(pid, 'SIGTERM');
  const deadline = Date.now() + graceMs;
  while (isOurs()) {
    if (Date.now() > deadline) signalGroup(pid, 'SIGKILL');
    if (Date.now() > deadline + 5_000) throw new Error(`Process ${pid} (${marker}) could not be stopped.`);
    await sleep(50);
  }
  return true;
}
