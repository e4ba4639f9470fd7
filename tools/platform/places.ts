import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where an installation keeps its things. Everything lies under one data folder, except what people read: `out/`. */
export interface Places {
  /** The checkout. */
  root: string;
  dist: string;
  data: string;
  logs: string;
  runtime: string;
  demo: string;
  keys: string;
  secretsFile: string;
  runFile: string;
  out: string;
}

export function placesOf(root: string, data = join(root, '.data'), out = join(root, 'out')): Places {
  return {
    root,
    dist: join(root, 'dist'),
    data,
    logs: join(data, 'logs'),
    runtime: join(data, 'runtime'),
    demo: join(data, 'demo'),
    keys: join(data, 'demo', 'keys'),
    secretsFile: join(data, 'secrets.json'),
    runFile: join(data, 'run.json'),
    out,
  };
}

export function makePlaces(places: Places): void {
  for (const folder of [places.data, places.logs, places.demo, places.keys])
    mkdirSync(folder, { recursive: true, mode: 0o700 });
}
