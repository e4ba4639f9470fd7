import { createServer } from 'node:net';
import { choosePorts, PORT_NAMES } from './ports';

const BASE = 20_400 + Math.floor(Math.random() * 500) * 20;

it('takes the preferred ports in order when they are free', async () => {
  const { ports, moved } = await choosePorts(BASE);
  expect(Object.values(ports)).toEqual(PORT_NAMES.map((_, index) => BASE + index));
  expect(moved).toEqual([]);
});

it('moves only the taken one, to a port above the block, and says which', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(BASE + 2, '127.0.0.1', resolve));
  try {
    const { ports, moved } = await choosePorts(BASE);
    expect(moved).toEqual(['gatewayRpc']);
    expect(ports.gatewayRpc).toBe(BASE + PORT_NAMES.length);
    expect(ports.billingRpc).toBe(BASE + 3);
  } finally {
    taken.close();
  }
});
