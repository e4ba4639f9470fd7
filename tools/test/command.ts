import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';

export interface Outcome {
  code: number;
  output: string;
}

export interface Command {
  args: string[];
  cwd: string;
  /** The whole output is kept here. */
  log: string;
  env?: NodeJS.ProcessEnv;
  signal: AbortSignal;
  /** Called with each line as it comes. */
  line?: (text: string) => void;
}

/** Runs a Node program of ours to its end. */
export function runNode({ args, cwd, log, env, signal, line }: Command): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const file = createWriteStream(log);
    const child = spawn(process.execPath, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const abort = () => child.kill('SIGTERM');
    signal.addEventListener('abort', abort, { once: true });
    const kept: string[] = [];
    let rest = '';
    const take = (chunk: Buffer) => {
      file.write(chunk);
      kept.push(chunk.toString());
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const each of lines) line?.(each);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('error', reject);
    child.once('close', (code) => {
      signal.removeEventListener('abort', abort);
      file.end();
      resolve({ code: code ?? 1, output: kept.join('') });
    });
  });
}
