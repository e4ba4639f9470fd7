import { narrowedByState, refuseByState, type Payable } from './payable';

const payable = (status: Payable['status'], owed = 0n, suspendReason = ''): Payable => ({
  status,
  owed,
  suspendReason,
});

test.each([
  ['active', payable('active'), null],
  ['suspended for arrears: paying ends it', payable('suspended', 0n, 'arrears'), null],
  ['suspended for loss', payable('suspended', 0n, 'loss'), 'number_suspended'],
  ['suspended, nobody said why', payable('suspended'), 'number_suspended'],
  ['being closed, owes nothing', payable('pre_closed'), 'number_closed'],
  ['being closed, owes', payable('pre_closed', 1n), null],
  ['closed, whatever it owes', payable('closed', 500n), 'number_closed'],
  ['with another carrier', payable('ported_out', 500n), 'number_ported_out'],
  ['somebody else has the number', payable('recycled', 500n), 'number_owner_changed'],
] as const)('%s', (_name, one, refusal) => expect(refuseByState(one)).toBe(refusal));

const branch = { min: 1_000n, max: 50_000n, step: 100n };

test.each([
  ['active', payable('active', 320n), branch],
  ['a small odd debt', payable('pre_closed', 320n), { min: 320n, max: 320n, step: 1n }],
  ['a large one may be paid in parts', payable('pre_closed', 60_001n), { min: 1_000n, max: 50_000n, step: 1n }],
] as const)('amounts: %s', (_name, one, accepted) => expect(narrowedByState(branch, one)).toEqual(accepted));
