import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { signalGroup } from './processes';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
/** Alive this long → the next death starts the waits anew. */
const STEADY_MS = 30_000;

export interface Program {
  name: string;
  script: string;
  env: Record<string, string>;
  log: string;
  /** Options of Node itself, before the script. */
  nodeArgs?: readonly string[];
}

/**
 * As in the Dockerfile. A request lives for as long as its batches take, and at a thousand a second Node's 16 MB of young
 * generation are full before: what still lives is copied twice and grows old, and collecting it was a fifth of the gateway's work.
 */
const NODE_ARGS = ['--enable-source-maps', '--max-semi-space-size=64'];

/** One service as a process of its own group, started again with growing waits when it dies by itself. */
export class Supervised {
  private child: ChildProcess | undefined;
  private wanted = false;
  private startedAt = 0;
  private wait = FIRST_WAIT_MS;
  private again: NodeJS.Timeout | undefined;
  private logStart = 0;

  constructor(
    readonly program: Program,
    /** Called with one sentence when it died or came back, and whenever its pid changes. */
    private readonly on: { tell(text: string): void; changed(): void },
  ) {}

  get pid(): number | undefined {
    return this.alive ? this.child?.pid : undefined;
  }

  get alive(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  start(): void {
    this.wanted = true;
    clearTimeout(this.again);
    if (this.alive) return;
    const { script, env, log, nodeArgs = [] } = this.program;
    const output = openSync(log, 'a', 0o600);
    this.logStart = statSync(log).size;
    this.child = spawn(process.execPath, [...NODE_ARGS, ...nodeArgs, script], {
      env,
      stdio: ['ignore', output, output],
      detached: true, // its own group: Ctrl-C reaches only the starter, which stops the services in order
    });
    closeSync(output);
    this.startedAt = Date.now();
    this.child.once('exit', (code, signal) => this.exited(code, signal));
    this.child.once('error', (error) => this.on.tell(`${this.program.name} could not be started: ${error.message}`));
    this.on.changed();
  }

  /** SIGTERM so that it drains, SIGKILL when it does not end in time. */
  async stop(graceMs = 8_000): Promise<void> {
    this.wanted = false;
    clearTimeout(this.again);
    await this.end('SIGTERM', graceMs);
  }

  /** As a power cut would: SIGKILL, and it stays down until started again. */
  async kill(): Promise<void> {
    this.wanted = false;
    clearTimeout(this.again);
    await this.end('SIGKILL', 0);
  }

  /** What it said last since this start: the errors of its log, else its last lines. */
  lastWords(lines = 6): string {
    const said = readFileSync(this.program.log, 'utf8').slice(this.logStart).trim().split('\n');
    const errors = said.flatMap(errorOf);
    return (errors.length > 0 ? [...new Set(errors)] : said).slice(-lines).join('\n');
  }

  private async end(signal: NodeJS.Signals, graceMs: number): Promise<void> {
    const { child } = this;
    if (!child || !this.alive || child.pid === undefined) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const { pid } = child;
    signalGroup(pid, signal);
    const late = setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMs);
    await gone;
    clearTimeout(late);
  }

  private exited(code: number | null, signal: NodeJS.Signals | null): void {
    this.on.changed();
    if (!this.wanted) return;
    if (Date.now() - this.startedAt > STEADY_MS) this.wait = FIRST_WAIT_MS;
    const how = signal ?? `exit ${code ?? '?'}`;
    this.on.tell(`${this.program.name} ended by itself (${how}); starting it again in ${this.wait / 1000} s`);
    this.again = setTimeout(() => this.start(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
  }
}

const logLine = z.object({
  level: z.number(),
  msg: z.string().default(''),
  err: z.object({ message: z.string() }).optional(),
});
const ERROR_LEVEL = 50;

/** The first line of an error's message, when this line of the log tells one. */
function errorOf(line: string): string[] {
  try {
    const { level, msg, err } = logLine.parse(JSON.parse(line));
    const message = (err?.message ?? msg).split('\n')[0] ?? '';
    return level >= ERROR_LEVEL && message !== '' ? [message] : [];
  } catch {
    return []; // plain text, not one of pino's lines
  }
}
