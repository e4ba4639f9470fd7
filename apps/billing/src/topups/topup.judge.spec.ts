import { branchPolicy } from '@yidian/contracts';
import { termsOf } from '../policies/terms';
import type { HomeRow } from '../subscribers/subscribers.store';
import { judgeTopup } from './topup.judge';

const home: HomeRow = {
  id: 's1',
  msisdn: '13900000000',
  branch: '420000',
  plan: 'prepaid',
  status: 'active',
  suspendReason: '',
  owed: 0n,
  ownerVersion: 2,
  branchStatus: 'open',
};
const claim = { branch: '420000', face: 5_000n, charged: 5_000n, discounted: 0n };
const claimOf = (face: bigint) => ({ ...claim, face, charged: face });

const limits = { min: '1000', max: '50000', step: '100' };
const at = new Date('2026-12-02T12:00:00+08:00');
const plain = termsOf(1, branchPolicy.parse({ limits }));

test.each([
  ['an active number', claim, home, { kind: 'credit' }],
  ['the owner the payer saw', { ...claim, ownerVersion: 2 }, home, { kind: 'credit' }],
  ['maintenance', claim, { ...home, branchStatus: 'maintenance' }, { kind: 'wait' }],
  [
    'maintenance outranks a refusal',
    claim,
    { ...home, branchStatus: 'maintenance', status: 'closed' },
    { kind: 'wait' },
  ],
  ['the number moved to another branch', { ...claim, branch: '440000' }, home, { reason: 'number_owner_changed' }],
  ['recycled', claim, { ...home, status: 'recycled' }, { reason: 'number_owner_changed' }],
  ['another owner', { ...claim, ownerVersion: 1 }, home, { reason: 'number_owner_changed' }],
  ['closed', claim, { ...home, status: 'closed' }, { reason: 'number_closed' }],
  ['pre-closed', claim, { ...home, status: 'pre_closed' }, { reason: 'number_closed' }],
  ['pre-closed, and owes', claim, { ...home, status: 'pre_closed', owed: 5_000n }, { kind: 'credit' }],
  [
    'pre-closed, more than it owes',
    claim,
    { ...home, status: 'pre_closed', owed: 4_999n },
    { reason: 'amount_above_maximum' },
  ],
  ['suspended', claim, { ...home, status: 'suspended' }, { reason: 'number_suspended' }],
  ['suspended for arrears', claim, { ...home, status: 'suspended', suspendReason: 'arrears' }, { kind: 'credit' }],
  ['with another carrier', claim, { ...home, status: 'ported_out' }, { reason: 'number_ported_out' }],
  ['too small', claimOf(900n), home, { reason: 'amount_below_minimum' }],
  ['too large', claimOf(50_100n), home, { reason: 'amount_above_maximum' }],
  ['not a whole yuan', claimOf(5_050n), home, { reason: 'amount_step' }],
  ['a discount', { ...claim, charged: 4_900n, discounted: 100n }, home, { kind: 'credit' }],
  ['a price that does not add up', { ...claim, charged: 4_900n }, home, { reason: 'field_invalid' }],
  ['less than nothing paid', { ...claim, charged: -1n, discounted: 5_001n }, home, { reason: 'field_invalid' }],
] as const)('%s', (_name, asked, who, verdict) =>
  expect(judgeTopup(asked, who, { terms: plain, at, mode: 'live' })).toMatchObject(verdict),
);

test('a planned window is maintenance while it lasts', () => {
  const maintenance = [{ from: '2026-12-02T11:00:00+08:00', until: '2026-12-02T13:00:00+08:00' }];
  const terms = termsOf(1, branchPolicy.parse({ limits, maintenance }));
  expect(judgeTopup(claim, home, { terms, at, mode: 'live' })).toEqual({ kind: 'wait' });
  const later = new Date('2026-12-02T13:00:00+08:00');
  expect(judgeTopup(claim, home, { terms, at: later, mode: 'live' })).toEqual({ kind: 'credit' });
});

const postpaid: HomeRow = { ...home, plan: 'postpaid' };

test.each([
  ['balance', postpaid, { kind: 'credit' }],
  ['queue', postpaid, { kind: 'wait' }],
  ['refuse', postpaid, { reason: 'billing_run' }],
  ['queue', home, { kind: 'credit' }],
  ['refuse', home, { kind: 'credit' }],
] as const)('billing run, branch says %s: a number on %s', (credits, who, verdict) => {
  const terms = termsOf(1, branchPolicy.parse({ limits, billingRun: { fromDay: 1, toDay: 3, credits } }));
  expect(judgeTopup(claim, who, { terms, at, mode: 'live' })).toMatchObject(verdict);
  const later = new Date('2026-12-04T00:00:00+08:00');
  expect(judgeTopup(claim, who, { terms, at: later, mode: 'live' })).toEqual({ kind: 'credit' });
});
