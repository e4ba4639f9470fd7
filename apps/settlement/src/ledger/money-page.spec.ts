import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { roundDay } from '../fees/day-rounding';
import { feeOf, splitFee, type Bearer } from '../fees/fee';
import { scheduleFor } from '../fees/fee-schedules';
import { paymentLegs, pricePayment } from '../items/settle-payment';
import { priceRefund, refundLegs } from '../items/settle-refund';
import type { Terms } from '../items/terms';
import { feeTrueUp } from '../months/true-up';
import type { MonthLines } from '../months/month-lines.store';
import { netOf, positionsOf } from '../positions/position';
import { effectOn, type Leg } from '../batches/leg';
import { plan, schedule } from '../testing/contracts';
import { BANK, DAY, GUANGDONG, HUBEI, line } from '../testing/lines';
import { example, pageTables, pairs, tiersIn } from '../testing/money-page';

const list = (cell: string): bigint[] => cell.split(' ').map(BigInt);
const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => a + b, 0n);
const terms = (given: Parameters<typeof schedule>[0] = {}): Terms => ({
  ...{ provider: BANK, date: DAY, schedules: [schedule(given)], plans: [plan()] },
});
const owed = (account: string, legs: readonly Leg[]): bigint => sum(legs.map((one) => effectOn(account, one)));

describe('more examples of docs/MONEY.md', () => {
  test.each(example('A fee rounded per day'))(
    'a day at %s: %s',
    (ppm = '', amounts = '', _ = '', fee = '', parts = '') => {
      const day = pairs(amounts).map(([attempt, amount]) => ({ attempt, amount }));
      const told = roundDay({ ppm: BigInt(ppm), rounding: 'half_up' }, day);
      expect(told.map((part, i) => `${day[i]?.attempt} ${part}`).join(', ')).toBe(parts);
      expect(sum(told)).toBe(BigInt(fee));
    },
  );

  test.each(example('Who bears it'))('a fee of %s borne by %s', (fee = '', shares = '', floors = '', parts = '') => {
    const bearers = pairs(shares).map(([party, ppm]) => ({ party: party as Bearer, ppm }));
    const told = splitFee(BigInt(fee), bearers);
    expect(told.map(({ party, amount }) => `${party} ${amount}`).join(', ')).toBe(parts);
    const whole = BigInt(fee.replace('-', ''));
    expect(bearers.map(({ ppm }) => (whole * ppm) / 1_000_000n).join(', ')).toBe(floors);
  });

  test.each(example('whose price'))('on %s, product %s, channel %s, branch %s: %s', (...cells) => {
    const [date = '', product = '', channel = '', branch = '', wanted = '', fee = ''] = cells;
    const contract = example('contract lines').map(([id = '', of = '', by = '', home = '', holds = '', ppm = '']) => {
      const [validFrom = '', validTo = ''] = holds.split('..');
      const scope = { product: of, channel: by, branch: home, ppm: BigInt(ppm) };
      return schedule({ id, ...scope, validFrom, validTo: validTo === '' ? null : validTo });
    });
    const by = { provider: BANK, date, product: product.replace('–', ''), channel, branch };
    const found = scheduleFor([...contract].reverse(), by);
    expect([found.id, feeOf(found, 5000n)]).toEqual([wanted, BigInt(fee)]);
    expect(scheduleFor(contract, by).id).toBe(wanted);
  });

  test.each(example('refunds'))('a fee %s, refunds of %s', (policy = '', refunds = '', ...told) => {
    const contract = terms({ refundPolicy: policy as 'kept' | 'proportional' });
    let origin = pricePayment(line('a'), contract);
    const legs = paymentLegs(origin, contract);
    const back = list(refunds).map((amount, n) => {
      const refund = line(`r${n}`, { kind: 'refund', amount: `-${amount}`, fee: '0', refNo: `R${n}` });
      const undone = priceRefund(refund, origin, contract);
      legs.push(...refundLegs(undone.item, contract, 'clearing'));
      origin = undone.origin;
      return undone.item;
    });
    const now = [
      back.map(({ fee }) => String(-fee)).join(' '),
      back.map(({ commission }) => String(-commission)).join(' '),
      ...[owed(`due/${HUBEI}`, legs), owed(`due/${GUANGDONG}`, legs), -owed(`clearing/${BANK}`, legs)].map(String),
    ];
    expect(now).toEqual(told);
  });

  test('across regions: each branch one sum with headquarters, all of them nothing', () => {
    const payments = example('across regions').map(
      ([branch = '', acquiringBranch = '', amount = '', fee, commission], n) => {
        const priced = pricePayment(line(`p${n}`, { branch, acquiringBranch, amount }), terms());
        expect([priced.fee, priced.commission]).toEqual([fee, commission].map((cell = '') => BigInt(cell)));
        return priced;
      },
    );
    const positions = positionsOf(payments.flatMap((one) => paymentLegs(one, terms())));
    const rows = [...positions].map(([party, { position }]) => {
      const { principal, fees, commissionGiven, commissionEarned } = position;
      return [party, ...[principal, fees, commissionGiven, commissionEarned, netOf(position)].map(String)];
    });
    expect(rows.sort()).toEqual(example('positions').sort());
    expect(sum([...positions.values()].map(({ position }) => netOf(position)))).toBe(0n);
  });

  test.each(example('A true-up'))('%s, %s', (mode = '', volumes = '', provisional = '', price = '', told = '') => {
    const tiers = tiersIn(/^Tiers .*:$/m);
    expect(tiers).toHaveLength(3);
    const tiered = schedule({ ppm: tiers[0]?.ppm ?? 0n, tiers, tierMode: mode as 'marginal' | 'retroactive' });
    const lines = pairs(volumes).map(([branch, charged]): MonthLines => ({
      ...{ provider: BANK, scheduleId: tiered.id, planId: '', branch, acquiringBranch: '', partner: '', count: 1 },
      ...{ charged, face: charged, fee: charged > 0n ? feeOf(tiered, charged) : 0n, earned: [] },
    }));
    const trueUps = feeTrueUp(tiered, lines);
    expect(sum(lines.map(({ fee }) => fee))).toBe(BigInt(provisional));
    expect(trueUps.map(({ bearer, amount }) => `${bearer} ${amount}`).join(', ')).toBe(told);
    expect(sum(trueUps.map(({ amount }) => amount)) + BigInt(provisional)).toBe(BigInt(price));
  });

  test('every account of the page is one that legs move, and the other way round', () => {
    const source = readFileSync(join(__dirname, '..', 'batches', 'leg.ts'), 'utf8');
    const constant = /^export const \w+ = (?:'|\(\w+: string\): string => `)([a-z]+(?:\/[a-z]+)?)/gm;
    const moved = [...source.matchAll(constant)].map(([, account = '']) => account);
    const named = example('accounts').flatMap(([cell = '']) =>
      [...cell.matchAll(/`([a-z]+(?:\/[a-z]+)?)/g)].map(([, account = '']) => account),
    );
    expect(named.sort()).toEqual(moved.sort());
  });

  test('every table of the page is read by a test', () => {
    const readers = [
      ...['ledger/money-page.spec.ts', 'ledger/money-walk.rpc.spec.ts', 'ledger/money-examples.spec.ts'],
      ...['months/worked-examples.spec.ts', '../../../test/postings/rows.spec.ts'],
    ];
    const source = readers.map((path) => readFileSync(join(__dirname, '..', path), 'utf8')).join('\n');
    const asked = new Set(
      [...source.matchAll(/(?:example|rowsUnder)\((['"])(.*?)\1\)/g)].map(([, , name = '']) => name),
    );
    const unread = pageTables().filter(({ heading, name }) => !asked.has(name === '' ? heading : name));
    expect(unread.map(({ heading, name }) => `${heading} ${name}`)).toEqual([]);
    expect(pageTables().length).toBeGreaterThan(18);
  });
});
