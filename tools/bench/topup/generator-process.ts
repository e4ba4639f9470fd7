import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Command, Message, Results } from './generator/protocol';

/** The load generator seen from here: a process that carries out one command at a time. */
export class GeneratorProcess {
  private readonly child: ChildProcess;
  private settle: { resolve(result: unknown): void; reject(error: Error): void } | undefined;
  /** Called at the edges of a run's measured window, and each second. */
  onWindow: (edge: 'begin' | 'end') => void = () => undefined;
  onProgress: (acknowledged: number) => void = () => undefined;

  /** @param root the checkout, built */
  constructor(root: string) {
    this.child = fork(join(root, 'dist/tools/bench/topup/generator/main.js'), [], {
      detached: true, // Ctrl-C reaches only the benchmark, which stops everything in order
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.child.on('message', (message: Message) => this.heard(message));
    this.child.once('exit', (code, signal) =>
      this.settle?.reject(new Error(`the load generator ended by itself (${signal ?? code})`)),
    );
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  ask<C extends Command>(command: C): Promise<Results[C['do']]> {
    return new Promise((resolve, reject) => {
      this.settle = { resolve: (result) => resolve(result as Results[C['do']]), reject };
      this.child.send(command);
    });
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => this.child.once('exit', () => resolve()));
    this.child.kill('SIGKILL');
    await gone;
  }

  private heard(message: Message): void {
    switch (message.say) {
      case 'window':
        return this.onWindow(message.edge);
      case 'progress':
        return this.onProgress(message.acknowledged);
      case 'done':
        return this.settle?.resolve(message.result);
      case 'failed':
        return this.settle?.reject(new Error(`the load generator: ${message.reason}`));
    }
  }
}
