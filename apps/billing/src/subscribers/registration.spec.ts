import { maskOwner, ownerMark } from './owner-name';
import { changeOf, type Registration } from './registration';
import type { Holder } from './subscribers.store';

const registration: Registration = {
  msisdn: '13900000000',
  branch: '420000',
  name: '王秀兰',
  plan: 'prepaid',
  status: 'active',
  balance: '1210',
};
const holder: Holder = {
  id: 's1',
  msisdn: '13900000000',
  branch: '420000',
  owner: maskOwner('王秀兰'),
  ownerMark: ownerMark('s1', '王秀兰'),
  ownerVersion: 3,
  plan: 'prepaid',
  status: 'active',
  suspendReason: '',
  statusAt: null,
  registeredOn: '2026-01-01',
  validFrom: new Date('2026-01-01T00:00:00Z'),
};
const at = new Date('2026-11-23T02:00:00Z');
const read = (before: Holder | undefined, given: Partial<Registration> = {}) =>
  changeOf(before, { ...registration, ...given }, at, '2026-11-23');

test('a number nobody holds gets a new subscriber', () => {
  const change = read(undefined);
  expect(change).toMatchObject({
    fresh: true,
    moves: [],
    row: { owner: '王*兰', ownerVersion: 1, status: 'active', registeredOn: '2026-11-23' },
  });
  expect(change.row.id).toMatch(/^s261123[0-9a-f]{16}$/);
});

test.each([
  ['the same again', {}, {}, [], { status: 'active', ownerVersion: 3 }],
  ['suspended, nobody says why', {}, { status: 'suspended' }, ['suspended'], { suspendReason: 'loss' }],
  ['in arrears', {}, { status: 'suspended', suspendReason: 'arrears' }, ['suspended'], { suspendReason: 'arrears' }],
  [
    'suspended, and the reason not told again',
    { status: 'suspended', suspendReason: 'arrears' },
    { status: 'suspended' },
    [],
    { suspendReason: 'arrears' },
  ],
  [
    'suspended for another reason now',
    { status: 'suspended', suspendReason: 'arrears' },
    { status: 'suspended', suspendReason: 'loss' },
    ['suspended'],
    { suspendReason: 'loss' },
  ],
  ['handed over', {}, { name: '李明' }, ['owner_changed'], { id: 's1', owner: '李*', ownerVersion: 4 }],
  [
    'handed over while it was being closed',
    { status: 'pre_closed' },
    { name: '李明', status: 'pre_closed' },
    ['resumed', 'owner_changed', 'pre_closed'],
    { ownerVersion: 4, status: 'pre_closed' },
  ],
  ['closed, the same', { status: 'closed' }, { status: 'closed' }, [], { id: 's1', status: 'closed' }],
  ['reopened for the same owner', { status: 'closed' }, {}, ['resumed'], { id: 's1', status: 'active' }],
  ['closed, and only suspended after all', { status: 'closed' }, { status: 'suspended' }, ['resumed', 'suspended'], {}],
  ['recycled', { status: 'closed' }, { name: '李明' }, ['recycled'], { owner: '李*', ownerVersion: 1 }],
  ['back from another carrier', { status: 'ported_out' }, {}, ['ported_in'], { ownerVersion: 1, status: 'active' }],
  ['out with another carrier, account closed', { status: 'ported_out' }, { status: 'closed' }, [], { id: 's1' }],
  ['another branch has it now', {}, { branch: '430000' }, ['ported_in'], { branch: '430000', ownerVersion: 1 }],
  [
    'another branch has it, suspended',
    {},
    { branch: '430000', status: 'suspended' },
    ['ported_in', 'suspended'],
    { branch: '430000', status: 'suspended' },
  ],
] as const)('%s', (_name, before, given, kinds, row) => {
  const change = read({ ...holder, ...before }, given);
  expect(change.moves.map(({ kind }) => kind)).toEqual(kinds);
  expect(change.row).toMatchObject(row);
  expect(change.moves.at(-1)?.after ?? change.row).toEqual(change.row);
});

test('another plan, and a name told for the first time, are no moves', () => {
  expect(read(holder, { plan: 'postpaid' })).toMatchObject({ plain: true, moves: [], row: { plan: 'postpaid' } });
  expect(read({ ...holder, owner: '*', ownerMark: '' })).toMatchObject({
    plain: true,
    moves: [],
    row: { owner: '王*兰', ownerMark: ownerMark('s1', '王秀兰'), ownerVersion: 3 },
  });
  expect(read(holder)).toMatchObject({ plain: false, moves: [] });
});

test('a number that goes to somebody else never takes the account along', () => {
  for (const [before, given] of [
    [{ status: 'closed' }, { name: '李明' }],
    [{}, { branch: '430000' }],
    [{ status: 'ported_out' }, {}],
  ] as const)
    expect(read({ ...holder, ...before }, given).row.id).not.toBe(holder.id);
});
