import { cpus, loadavg, totalmem } from 'node:os';

/** Processors and what else they do: a figure taken on a busy machine must say so. */
export function machineLine(): string {
  const [one = 0, five = 0] = loadavg();
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${model}, ${memory} GiB, Node ${process.versions.node}; load ${rounded(one)} (1 min) ${rounded(five)} (5 min)`;
}

const rounded = (load: number): number => Math.round(load * 100) / 100;
