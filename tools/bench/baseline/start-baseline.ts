import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunEntry } from '../../platform/run-file';
import { Supervised } from '../../platform/supervised';
import { PlainError } from '../../platform/progress';
import type { BaselineSchemas } from './schemas.store';
import type { BaselineEnvironment, Style } from './style';

export interface Baseline {
  port: number;
  running(): RunEntry[];
  stop(): Promise<void>;
}

const PATIENCE_MS = 30_000;

/** The two services of the ordinary stack as processes, ready to be asked. */
export async function startBaseline(
  root: string,
  logs: string,
  wish: { style: Style; schemas: BaselineSchemas; gatewayPort: number; billingPort: number },
): Promise<Baseline> {
  const { style, schemas, gatewayPort, billingPort } = wish;
  const make = (name: 'gateway' | 'billing', port: number) => {
    const own: BaselineEnvironment = {
      BASELINE_STYLE: style,
      DATABASE_URL: schemas[name],
      PORT: String(port),
      BILLING_PORT: String(billingPort),
    };
    const env = { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', ...own };
    const script = join(root, `dist/tools/bench/baseline/${name}/main.js`);
    const log = join(logs, `baseline-${style}-${name}.log`);
    return new Supervised({ name, script, env, log }, { tell: () => undefined, changed: () => undefined });
  };
  const services = [make('billing', billingPort), make('gateway', gatewayPort)];
  const stop = async () => void (await Promise.all(services.map((service) => service.stop())));
  try {
    for (const service of services) service.start();
    await listens(billingPort, services);
    await listens(gatewayPort, services);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    port: gatewayPort,
    running: () => services.map(({ program, pid = 0 }) => ({ name: program.name, pid, marker: program.script })),
    stop,
  };
}

async function listens(port: number, services: readonly Supervised[]): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await accepts(port))) {
    const dead = services.find((service) => !service.alive);
    if (dead ?? Date.now() > deadline)
      throw new PlainError(`The baseline did not start: ${services.map((service) => service.lastWords()).join('\n')}`);
    await sleep(100);
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
