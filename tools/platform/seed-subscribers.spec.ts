import { DateTime } from 'luxon';
import { population } from '../../sandbox/src/demo/population';
import { issuedBy } from './seed-subscribers';

test('the two bills are of the two months before, each due four weeks after its end', () => {
  const { bills } = population('seed');
  const ids = new Map([['13800000004', 's1']]);
  const issued = issuedBy(bills, ids, DateTime.fromISO('2027-01-31T18:00:00Z')); // February in Shanghai
  expect(issued.map(({ key, amount, dueOn }) => [key, amount, dueOn])).toEqual([
    ['s1-2026-12', '5000', '2027-01-28'],
    ['s1-2027-01', '3000', '2027-02-28'],
  ]);
});
