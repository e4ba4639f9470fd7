import { MAX_ITEMS } from '@yidian/contracts';
import { RpcClient } from '@yidian/messaging';
import { DEMO_BRANCHES } from '../../../sandbox/src/demo/branches';
import type { Step } from '../../platform/progress';

export interface BenchSubscriber {
  msisdn: string;
  branch: string;
  /** Fen. */
  opening: number;
}

export interface RegisteredSubscriber extends BenchSubscriber {
  id: string;
}

/** Numbers over all 31 branches, each branch with segments of its own. */
export function benchSubscribers(count: number): BenchSubscriber[] {
  return Array.from({ length: count }, (_, i) => {
    const place = i % DEMO_BRANCHES.length;
    const inBranch = Math.floor(i / DEMO_BRANCHES.length);
    const msisdn = `135${String(place + 1).padStart(2, '0')}${100_010 + inBranch}`;
    return { msisdn, branch: DEMO_BRANCHES[place]?.code ?? '', opening: 1_000 + (i % 50) * 100 };
  });
}

/** Registers them at billing through its own door; each comes back with the id under which billing keeps its account. */
export async function registerSubscribers(
  billingPort: number,
  subscribers: readonly BenchSubscriber[],
  step: Step,
): Promise<RegisteredSubscriber[]> {
  const billing = new RpcClient('billing', '127.0.0.1', billingPort, 60_000);
  const registered: RegisteredSubscriber[] = [];
  try {
    for (let from = 0; from < subscribers.length; from += MAX_ITEMS) {
      const frame = subscribers.slice(from, from + MAX_ITEMS);
      const { items } = await billing.call('subscribers.register', { items: frame.map(registration) });
      frame.forEach((subscriber, index) => registered.push({ ...subscriber, id: items[index]?.subscriberId ?? '' }));
      step.progress(registered.length, subscribers.length, 'subscribers');
    }
  } finally {
    billing.close();
  }
  return registered;
}

const registration = ({ msisdn, branch, opening }: BenchSubscriber) => ({
  msisdn,
  branch,
  name: '王小明',
  plan: 'prepaid' as const,
  status: 'active' as const,
  balance: String(opening),
});
