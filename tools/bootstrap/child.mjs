import { spawn } from 'node:child_process';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a program quietly and keeps the end of what it said. When we are told to stop, it is stopped first: a package
 * manager left behind would go on writing.
 * @returns {Promise<{ code: number | null, said: string }>}
 */
export function runQuietly(program, args, { cwd, env = {} }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => (said = (said + chunk).slice(-6_000)));
    const stop = (signal) => {
      child.once('exit', () => process.exit(130));
      child.kill(signal);
    };
    for (const signal of SIGNALS) process.once(signal, stop);
    const finish = () => SIGNALS.forEach((signal) => process.removeListener(signal, stop));
    child.once('error', (error) => {
      finish();
      reject(error);
    });
    child.once('close', (code) => {
      finish();
      resolve({ code, said });
    });
  });
}
