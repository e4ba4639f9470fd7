import { paymentFor } from '../testing/payment-samples';
import { CHANGES, changesOf, columnsOf, type ChangingColumn } from './payment-changes';
import type { PaymentRow } from './payment.rows';

const COLUMNS = Object.keys(CHANGES) as ChangingColumn[];
const TIMES: readonly ChangingColumn[] = [
  'credit_at',
  'expires_at',
  'due_at',
  'last_query_at',
  'created_at',
  'updated_at',
];
const old = paymentFor({ payment_no: '26112243200000700001' });

test('every column that may change has a bit of its own', () => {
  const all = COLUMNS.reduce((bits, column) => bits | CHANGES[column], 0);
  expect(new Set(Object.values(CHANGES)).size).toBe(COLUMNS.length);
  expect(columnsOf(all)).toEqual(COLUMNS);
  expect(all).toBeGreaterThan(0);
});

test.each(COLUMNS)('a change of %s is seen, by itself and back again', (column) => {
  const other = TIMES.includes(column) ? new Date(1) : 'other';
  const now = { ...old, [column]: other };
  expect(columnsOf(changesOf(old, now))).toEqual([column]);
  expect(columnsOf(changesOf(now, old))).toEqual([column]);
  expect(changesOf(now, { ...now })).toBe(0);
});

test.each(TIMES)('the same moment in another object is no change of %s', (column) => {
  const [a, b] = [1, 1].map((at) => ({ ...old, [column]: new Date(at) }));
  expect(changesOf(a as PaymentRow, b as PaymentRow)).toBe(0);
});
