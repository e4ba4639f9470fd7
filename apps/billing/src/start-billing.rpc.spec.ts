import type { TopupItem } from '@yidian/contracts';
import { billingFixture, type BillingFixture } from './testing/billing-fixture';

describe('the end of a process', () => {
  let billing: BillingFixture;
  beforeAll(async () => (billing = await billingFixture()));
  afterAll(() => billing.close());

  test('under load: everything credited was answered, everything else is surely not executed or unknown', async () => {
    const subscriberId = await billing.register({ msisdn: '13900000000' });
    const outcomes = new Map<string, string>();
    let ended = false;
    const load = async () => {
      while (!ended) {
        const items: TopupItem[] = Array.from({ length: 20 }, () => billing.topup({ subscriberId, face: '1000' }));
        const answers = await billing.post(...items).catch(() => undefined);
        if (!answers) return;
        for (const { key, outcome } of answers) outcomes.set(key, outcome);
      }
    };
    const callers = [load(), load(), load()];
    await new Promise((resolve) => setTimeout(resolve, 300));
    await billing.stop();
    ended = true;
    await Promise.all(callers);

    const facts = await billing.database.db.select<{ paymentNo: string }>(
      "SELECT payment_no AS paymentNo FROM fact WHERE kind = 'credited'",
    );
    const credited = [...outcomes].filter(([, outcome]) => outcome === 'credited').map(([key]) => key);
    expect(credited.length).toBeGreaterThan(0);
    expect(facts.map(({ paymentNo }) => paymentNo).sort()).toEqual(credited.sort());
    expect(new Set(outcomes.values())).toEqual(new Set(['credited', 'busy']));
    const open = await billing.database.db.select("SELECT lane_id FROM lane WHERE state = 'open'");
    expect(open).toEqual([]);
  });
});
