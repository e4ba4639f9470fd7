import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  samples: number[];
  timeDeltas: number[];
}

export interface SelfTime {
  what: string;
  /** µs in which this function itself was on the processor. */
  micros: number;
}

export interface ProfileSummary {
  /** µs in which the process was not idle. */
  busyMicros: number;
  functions: SelfTime[];
  /** The same by package, by library of the house, by part of Node. */
  places: SelfTime[];
}

/** Who used the processor, from a .cpuprofile: self time by function and by place, largest first. */
export function readProfile(path: string, root: string): ProfileSummary {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(path, 'utf8')) as Profile;
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const functions = new Map<string, number>();
  const places = new Map<string, number>();
  let busyMicros = 0;
  samples.forEach((id, index) => {
    const frame = frames.get(id);
    const micros = Math.max(0, timeDeltas[index] ?? 0);
    if (!frame || frame.functionName === '(idle)') return;
    busyMicros += micros;
    const file = fileOf(frame.url, root);
    const name = frame.functionName || '(anonymous)';
    add(functions, file === '' ? name : `${name}  ${file}:${frame.lineNumber + 1}`, micros);
    add(places, file === '' ? name : placeOf(file), micros);
  });
  return { busyMicros, functions: sorted(functions), places: sorted(places) };
}

function add(sums: Map<string, number>, key: string, micros: number): void {
  sums.set(key, (sums.get(key) ?? 0) + micros);
}

const sorted = (sums: Map<string, number>): SelfTime[] =>
  [...sums].map(([what, micros]) => ({ what, micros })).sort((a, b) => b.micros - a.micros);

function fileOf(url: string, root: string): string {
  if (!url.startsWith('file://') && !url.startsWith('/')) return url;
  return relative(root, url.replace('file://', '')).replace(/^dist\//, '');
}

/** `libs/journal`, `node_modules/mysql2`, `node:internal/…`. */
function placeOf(file: string): string {
  const packaged = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(file);
  if (packaged) return packaged[1] ?? file;
  if (file.startsWith('node:')) return file.split('/').slice(0, 2).join('/');
  return file
    .split('/')
    .slice(0, file.startsWith('apps/') ? 4 : 2)
    .join('/');
}
