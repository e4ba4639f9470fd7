import { DEMO_BRANCHES } from './branches';
import { MOTHER, population, ZHANG } from './population';

describe('population', () => {
  const people = population('seed-1');

  it('is the same for the same seed and another for another', () => {
    expect(population('seed-1')).toEqual(people);
    expect(population('seed-2').subscribers.map((s) => s.name)).not.toEqual(people.subscribers.map((s) => s.name));
  });

  it('gives every number once, 11 digits, without a special ending', () => {
    const numbers = people.subscribers.map((s) => s.msisdn);
    expect(new Set(numbers).size).toBe(numbers.length);
    const made = numbers.filter((n) => ![ZHANG, MOTHER].includes(n) && !n.startsWith('1380000'));
    expect(made.every((n) => /^13[679]\d{8}$/.test(n) && Number(n.slice(-4)) > 9)).toBe(true);
  });

  it('has one postpaid number, which ends in 0004 and owes two bills', () => {
    const postpaid = people.subscribers.filter(({ plan }) => plan === 'postpaid');
    expect(postpaid.map(({ msisdn, balance }) => [msisdn, balance])).toEqual([['13800000004', '0']]);
    expect(people.bills.map(({ msisdn, amount }) => [msisdn, amount])).toEqual([
      ['13800000004', '5000'],
      ['13800000004', '3000'],
    ]);
  });

  it('reaches all 31 branches as payer, family and walk-in', () => {
    const all = new Set(DEMO_BRANCHES.map((b) => b.code));
    expect(all.size).toBe(31);
    expect(new Set(people.payers.map((p) => p.branch))).toEqual(all);
    expect(new Set(people.payers.map((p) => p.linkedBranch))).toEqual(all);
    expect(new Set(people.walkIns.map((w) => w.branch))).toEqual(all);
    expect(people.payers.every((p) => p.branch !== p.linkedBranch || p.number !== p.linked)).toBe(true);
  });
});
