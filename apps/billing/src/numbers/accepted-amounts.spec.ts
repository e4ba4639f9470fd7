import { acceptedAmounts, refuseAmount } from './accepted-amounts';

const branch = { min: 1_000n, max: 50_000n, step: 100n };

test.each([
  [999n, 'amount_below_minimum'],
  [-5_000n, 'amount_below_minimum'],
  [1_000n, null],
  [5_050n, 'amount_step'],
  [50_000n, null],
  [50_100n, 'amount_above_maximum'],
] as const)('live: %s fen → %s', (amount, refusal) =>
  expect(refuseAmount(amount, acceptedAmounts(branch, 'live'))).toBe(refusal),
);

test('in test mode the fen are free', () => expect(refuseAmount(5_003n, acceptedAmounts(branch, 'test'))).toBeNull());
