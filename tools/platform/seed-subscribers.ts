import { MAX_ITEMS } from '@yidian/contracts';
import { RpcClient } from '@yidian/messaging';
import { DateTime } from 'luxon';
import { population, type DemoBill, type PopulationSize } from '../../sandbox/src/demo/population';
import type { Step } from './progress';

/** Days after the end of its month that a bill is due. */
const DUE_DAYS = 28;

/** Registers the demo's people at billing through its own door. Registering one again changes nothing. */
export async function seedSubscribers(
  billingAt: { host: string; port: number },
  seed: string,
  step: Step,
  size?: PopulationSize,
): Promise<number> {
  const { subscribers, bills } = population(seed, size);
  const billing = new RpcClient('billing', billingAt.host, billingAt.port, 30_000);
  try {
    const ids = new Map<string, string>();
    for (let from = 0; from < subscribers.length; from += MAX_ITEMS) {
      const { items } = await billing.call('subscribers.register', {
        items: subscribers.slice(from, from + MAX_ITEMS),
      });
      for (const { msisdn, subscriberId } of items) ids.set(msisdn, subscriberId);
      step.progress(Math.min(from + MAX_ITEMS, subscribers.length), subscribers.length, 'subscribers');
    }
    await seedBills(billing, bills, ids);
  } finally {
    billing.close();
  }
  return subscribers.length;
}

/** Once in the life of an installation: months go by, and a number that has bills gets no more of them from here. */
async function seedBills(
  billing: RpcClient<'billing'>,
  bills: readonly DemoBill[],
  ids: ReadonlyMap<string, string>,
): Promise<void> {
  const billed = new Set<string>();
  for (const subscriberId of new Set(bills.map(({ msisdn }) => ids.get(msisdn) ?? ''))) {
    const known = await billing.call('bills.list', { subscriberId, limit: 1 });
    if (known.bills.length > 0) billed.add(subscriberId);
  }
  const items = issuedBy(bills, ids, DateTime.now()).filter(({ subscriberId }) => !billed.has(subscriberId));
  if (items.length > 0) await billing.call('bills.issue', { items });
}

/** Each for its month, counted back from now in Asia/Shanghai. */
export function issuedBy(bills: readonly DemoBill[], ids: ReadonlyMap<string, string>, now: DateTime) {
  return bills.map(({ msisdn, branch, monthsAgo, amount }) => {
    const subscriberId = ids.get(msisdn) ?? '';
    const month = now.setZone('Asia/Shanghai').minus({ months: monthsAgo }).startOf('month');
    const period = month.toFormat('yyyy-MM');
    const dueOn = month.endOf('month').plus({ days: DUE_DAYS }).toFormat('yyyy-MM-dd');
    const bill = { subscriberId, branch, period, amount, dueOn, currency: 'CNY' as const, actor: 'demo' };
    return { ...bill, key: `${subscriberId}-${period}` };
  });
}
