import { MAX_ITEMS } from '@yidian/contracts';
import { RpcClient } from '@yidian/messaging';
import { population, type PopulationSize } from '../../sandbox/src/demo/population';
import type { Step } from './progress';

/** Registers the demo's people at billing through its own door. Registering one again changes nothing. */
export async function seedSubscribers(
  billingAt: { host: string; port: number },
  seed: string,
  step: Step,
  size?: PopulationSize,
): Promise<number> {
  const { subscribers } = population(seed, size);
  const billing = new RpcClient('billing', billingAt.host, billingAt.port, 30_000);
  try {
    for (let from = 0; from < subscribers.length; from += MAX_ITEMS) {
      await billing.call('subscribers.register', { items: subscribers.slice(from, from + MAX_ITEMS) });
      step.progress(Math.min(from + MAX_ITEMS, subscribers.length), subscribers.length, 'subscribers');
    }
  } finally {
    billing.close();
  }
  return subscribers.length;
}
