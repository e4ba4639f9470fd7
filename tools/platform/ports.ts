import { createServer } from 'node:net';
import { PlainError } from './progress';

export const PORT_NAMES = [
  'sandbox',
  'gateway',
  'gatewayRpc',
  'billingRpc',
  'reconciliationRpc',
  'settlementRpc',
  'billingHealth',
  'reconciliationHealth',
  'settlementHealth',
  'smpp',
] as const;
export type PortName = (typeof PORT_NAMES)[number];
export type Ports = Record<PortName, number>;

/** Listen ports stay below the range from which the kernel takes ports for outgoing connections. */
const HIGHEST = 32_000;

/** Ports that browsers, and fetch, refuse to speak to (WHATWG Fetch, "port blocking"). */
const REFUSED = new Set([4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080]);

/** Each name's preferred port (base + its place in the list), or the next free one above the block when it is taken. */
export async function choosePorts(base = 4000): Promise<{ ports: Ports; moved: PortName[] }> {
  const ports: Partial<Ports> = {};
  const moved: PortName[] = [];
  let next = base + PORT_NAMES.length;
  for (const [index, name] of PORT_NAMES.entries()) {
    let port = base + index;
    if (!(await isFree(port))) {
      moved.push(name);
      do {
        if (next > HIGHEST) throw new PlainError(`No free port was found between ${base} and ${HIGHEST} on 127.0.0.1.`);
        port = next++;
      } while (!(await isFree(port)));
    }
    ports[name] = port;
  }
  return { ports: ports as Ports, moved };
}

function isFree(port: number): Promise<boolean> {
  if (REFUSED.has(port)) return Promise.resolve(false);
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
