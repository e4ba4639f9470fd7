import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

/** A TypeScript file as a process of its own, spoken to by messages (bigint and Date pass); the caller ends it. */
export function forkTypescript(file: string): ChildProcess {
  return fork(file, [], {
    execArgv: ['-r', join(__dirname, 'run-typescript.cjs')],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}
