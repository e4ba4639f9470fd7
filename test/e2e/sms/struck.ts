import type { ChildProcess } from 'node:child_process';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { until } from '../../../apps/gateway/src/testing/played-gateway';

export const PATIENCE_MS = 90_000;

/** A program of the test's own that is struck by SIGKILL and started again. */
export class Struck {
  private child: ChildProcess | undefined;

  constructor(
    private readonly command: () => ChildProcess,
    private readonly ready: () => Promise<boolean>,
  ) {}

  async start(): Promise<void> {
    this.child = this.command();
    await until(this.ready, () => 'it does not start', PATIENCE_MS);
  }

  async kill(): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }
}

/** Takes connections on a port and reads nothing from them: what is sent there reaches nobody. */
export class DeafPort {
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  static async listen(port: number): Promise<DeafPort> {
    const deaf = new DeafPort(createServer({ pauseOnConnect: true }));
    deaf.server.on('connection', (socket) => deaf.sockets.add(socket.on('error', () => socket.destroy())));
    await new Promise<void>((resolve) => deaf.server.listen(port, '127.0.0.1', resolve));
    return deaf;
  }

  get called(): boolean {
    return this.sockets.size > 0;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Whether somebody takes connections there. */
export const listening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
