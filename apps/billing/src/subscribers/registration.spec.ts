import { maskOwner, ownerMark } from './owner-name';
import { changeOf, type Registration } from './registration';
import type { SubscriberRow } from './subscribers.store';

const registration: Registration = {
  msisdn: '13900000000',
  branch: '420000',
  name: '王秀兰',
  plan: 'prepaid',
  status: 'active',
  balance: '1210',
};
const holder: SubscriberRow = {
  id: 's1',
  msisdn: '13900000000',
  branch: '420000',
  owner: maskOwner('王秀兰'),
  ownerMark: ownerMark('s1', '王秀兰'),
  ownerVersion: 3,
  plan: 'prepaid',
  status: 'active',
  registeredOn: '2026-01-01',
};

test('a number nobody holds gets a new subscriber', () => {
  const change = changeOf(undefined, registration, '2026-11-23');
  expect(change).toMatchObject({
    kind: 'new',
    row: { owner: '王*兰', ownerVersion: 1, status: 'active', registeredOn: '2026-11-23' },
  });
  expect(change.row.id).toMatch(/^s261123[0-9a-f]{16}$/);
});

test.each([
  ['the same again', holder, {}, { kind: 'same', row: holder }],
  ['suspended', holder, { status: 'suspended' }, { kind: 'updated', row: { ...holder, status: 'suspended' } }],
  ['another plan', holder, { plan: 'postpaid' }, { kind: 'updated', row: { ...holder, plan: 'postpaid' } }],
  [
    'handed over',
    holder,
    { name: '李明' },
    { kind: 'owner_changed', row: { id: 's1', owner: '李*', ownerVersion: 4 } },
  ],
  ['closed, the same', { ...holder, status: 'closed' }, { status: 'closed' }, { kind: 'same', row: { id: 's1' } }],
  ['reopened for the same owner', { ...holder, status: 'closed' }, {}, { kind: 'updated', row: { id: 's1' } }],
  ['recycled', { ...holder, status: 'closed' }, { name: '李明' }, { kind: 'recycled', row: { ownerVersion: 1 } }],
] as const)('%s', (_name, before, given, expected) => {
  expect(changeOf(before, { ...registration, ...given }, '2026-11-23')).toMatchObject(expected);
});

test('a recycled number never inherits the account', () => {
  const change = changeOf({ ...holder, status: 'closed' }, { ...registration, name: '李明' }, '2026-11-23');
  expect(change.row.id).not.toBe(holder.id);
});
