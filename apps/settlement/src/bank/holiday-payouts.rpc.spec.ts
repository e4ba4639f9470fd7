import { matchedItem, paymentNo } from '../testing/lines';
import { settlementFixture, type SettlementFixture } from '../testing/settlement-fixture';
import { base64, camtOf, TREASURY } from '../testing/treasury-steps';

const FROM = 'BANK A SETTLEMENT CO';
/** Booking and value day of played entries. */
const PLAYED = /2026-11-2[23]/g;

/** Row 1d over weeks on which banks rest: many dates, several entries, through the service with its own calendar. */
describe('payouts of a provider around holidays', () => {
  let fixture: SettlementFixture;
  beforeEach(async () => {
    fixture = await settlementFixture({ treasury: TREASURY });
  });
  afterEach(() => fixture.close());

  let serial = 0;
  async function days(...dates: readonly string[]): Promise<void> {
    for (const date of dates) {
      serial += 1;
      await fixture.settle(`run-${serial}`, [matchedItem(`i${serial}`, { paymentNo: paymentNo(serial) })], date);
    }
  }
  const paid = (valueDay: string, ...amounts: readonly bigint[]) => {
    const entries = amounts.map((amount) => ({ amount, bankRef: `B${valueDay}-${amount}`, from: FROM }));
    const content = camtOf(...entries).replaceAll(PLAYED, valueDay);
    return fixture.client.call('bank.import', { account: 'main', contentBase64: base64(content), actor: 'clerk' });
  };
  const match = async (asOf: string) => {
    const { groups, held, clearing } = await fixture.client.call('payouts_in.match', { provider: 'bank_a', asOf });
    expect(held).toBe(clearing);
    return groups.map((group) => `${group.class} ${group.dates.length}:${group.entries.length} ${group.difference}`);
  };

  test('National Day 2026: five dates are due on 8 October; two entries, the second a day later, pay them all', async () => {
    await days('2026-09-29', '2026-09-30', '2026-10-01', '2026-10-03', '2026-10-06', '2026-10-07', '2026-10-08');
    expect(await match('2026-10-07')).toEqual(['payout_missing 1:0 -4970', ...Array(6).fill('not_due 1:0 0')]);
    await paid('2026-09-30', 4970n);
    // Within the week nothing is missing.
    expect(await match('2026-10-07')).toEqual(['matched 1:1 0', ...Array(6).fill('not_due 1:0 0')]);
    await paid('2026-10-08', 9000n);
    await paid('2026-10-09', 5n * 4970n - 9000n, 4970n);
    expect(await match('2026-10-10')).toEqual(['matched 1:1 0', 'matched 5:2 0', 'matched 1:1 0']);
    expect((await fixture.balances())['clearing/bank_a']).toBeUndefined();
    await fixture.assertInvariants();
  });

  test('New Year and the Spring Festival of 2027: short by 70 on the first working day, made good on the next', async () => {
    await days('2026-12-31', '2027-01-01', '2027-01-03');
    expect(await match('2027-01-03')).toEqual(Array(3).fill('not_due 1:0 0'));
    await paid('2027-01-04', 3n * 4970n);
    expect(await match('2027-01-04')).toEqual(['matched 3:1 0']);
    await days('2027-02-04', '2027-02-06', '2027-02-08');
    expect(await match('2027-02-08')).toEqual(['matched 3:1 0', ...Array(3).fill('not_due 1:0 0')]);
    await paid('2027-02-09', 2n * 4970n, 4900n);
    expect(await match('2027-02-09')).toEqual(['matched 3:1 0', 'payout_short 3:2 -70']);
    await paid('2027-02-10', 70n);
    expect(await match('2027-02-10')).toEqual(['matched 3:1 0', 'matched 3:3 0']);
    expect((await fixture.balances())['clearing/bank_a']).toBeUndefined();
    await fixture.assertInvariants();
  });
});
