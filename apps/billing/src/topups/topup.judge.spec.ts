import type { HomeRow } from '../subscribers/subscribers.store';
import { judgeTopup } from './topup.judge';

const home: HomeRow = {
  id: 's1',
  branch: '420000',
  status: 'active',
  suspendReason: '',
  owed: 0n,
  ownerVersion: 2,
  branchStatus: 'open',
  acceptMin: 1_000n,
  acceptMax: 50_000n,
  acceptStep: 100n,
};
const claim = { branch: '420000', face: 5_000n };

test.each([
  ['an active number', claim, home, { kind: 'credit' }],
  ['the owner the payer saw', { ...claim, ownerVersion: 2 }, home, { kind: 'credit' }],
  ['no such subscriber', claim, undefined, { kind: 'reject', reason: 'number_unknown' }],
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
  ['too small', { ...claim, face: 900n }, home, { reason: 'amount_below_minimum' }],
  ['too large', { ...claim, face: 50_100n }, home, { reason: 'amount_above_maximum' }],
  ['not a whole yuan', { ...claim, face: 5_050n }, home, { reason: 'amount_step' }],
] as const)('%s', (_name, asked, at, verdict) => expect(judgeTopup(asked, at, 'live')).toMatchObject(verdict));
