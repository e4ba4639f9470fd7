import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { at, environmentOf, PROGRAMS, type ProgramName, type Surroundings } from './environment';
import { PlainError } from './progress';
import { Supervised } from './supervised';

export interface PlatformOptions extends Surroundings {
  tell?(text: string): void;
  /** The processes changed: the run file wants to know. */
  changed?(): void;
  /** Further or other variables of one program. */
  extra?: Partial<Record<ProgramName, Record<string, string>>>;
  /** Options of Node itself for one program. */
  nodeArgs?: Partial<Record<ProgramName, readonly string[]>>;
}

/** The four services and the sandbox as processes: what start shows and what end-to-end tests kill. */
export class Platform {
  private readonly programs: ReadonlyMap<ProgramName, Supervised>;

  constructor(private readonly options: PlatformOptions) {
    this.programs = new Map((options.programs ?? PROGRAMS).map((name) => [name, this.supervised(name)]));
  }

  get sandboxUrl(): string {
    return at(this.options.ports.sandbox);
  }

  get gatewayUrl(): string {
    return at(this.options.ports.gateway);
  }

  get ports(): PlatformOptions['ports'] {
    return this.options.ports;
  }

  /** Processes that run now, with the proof of what they are. */
  running(): { name: string; pid: number; marker: string }[] {
    return [...this.programs.values()].flatMap(({ program, pid }) =>
      pid === undefined ? [] : [{ name: program.name, pid, marker: program.script }],
    );
  }

  /** Starts everything and waits until each says it is ready; on a failure nothing stays running. */
  async start(note: (text: string) => void = () => undefined): Promise<void> {
    try {
      for (const program of this.programs.values()) program.start();
      const waiting = new Set<ProgramName>(this.programs.keys());
      note(`waiting for ${[...waiting].join(' ')}`);
      await Promise.all(
        [...waiting].map(async (name) => {
          await this.untilReady(name);
          waiting.delete(name);
          note(`waiting for ${[...waiting].join(' ')}`);
        }),
      );
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Doors first, so that nothing new comes in while the rest drains. */
  async stop(): Promise<void> {
    for (const group of [['sandbox', 'gateway'], ['reconciliation'], ['billing', 'settlement']] as const)
      await Promise.all(group.flatMap((name) => this.programs.get(name)?.stop() ?? []));
  }

  /** SIGKILL; it stays down until `restart`. */
  async kill(name: ProgramName): Promise<void> {
    await this.program(name).kill();
  }

  async restart(name: ProgramName): Promise<void> {
    await this.program(name).stop();
    this.program(name).start();
    await this.untilReady(name);
  }

  /** Waits for its readiness; a program that ends on the way there is not started over and over, its last words are told. */
  async untilReady(name: ProgramName, limitMs = 60_000): Promise<void> {
    const program = this.program(name);
    const deadline = Date.now() + limitMs;
    while (!(await answers(this.healthUrl(name)))) {
      if (!program.alive) throw new PlainError(`${name} did not start; its last words:\n${program.lastWords()}`);
      if (Date.now() > deadline)
        throw new PlainError(
          `${name} was not ready after ${limitMs / 1000} s; its last words:\n${program.lastWords()}`,
        );
      await sleep(100);
    }
  }

  private program(name: ProgramName): Supervised {
    const program = this.programs.get(name);
    if (!program) throw new Error(`no program ${name}`);
    return program;
  }

  private healthUrl(name: ProgramName): string {
    const { ports } = this.options;
    const port = {
      sandbox: ports.sandbox,
      gateway: ports.gateway,
      billing: ports.billingHealth,
      reconciliation: ports.reconciliationHealth,
      settlement: ports.settlementHealth,
    }[name];
    return `${at(port)}/health/ready`;
  }

  private supervised(name: ProgramName): Supervised {
    const { places } = this.options;
    mkdirSync(join(places.data, name), { recursive: true, mode: 0o700 });
    const script = join(places.dist, name === 'sandbox' ? 'sandbox/src/main.js' : `apps/${name}/src/main.js`);
    return new Supervised(
      {
        name,
        script,
        env: { ...environmentOf(name, this.options), ...this.options.extra?.[name] },
        log: join(places.logs, `${name}.log`),
        nodeArgs: this.options.nodeArgs?.[name],
      },
      { tell: (text) => this.options.tell?.(text), changed: () => this.options.changed?.() },
    );
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_500) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
