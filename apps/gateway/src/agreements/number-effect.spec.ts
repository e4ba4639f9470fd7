import type { ChangeKind, SubscriberEvent } from '@yidian/contracts';
import { effectOf } from './number-effect';

const at = '2026-11-23T02:00:00.000Z';
const until = new Date('2026-11-26T02:00:00.000Z');
const event = (kind: ChangeKind, over: Partial<SubscriberEvent> = {}) => ({
  kind,
  at,
  suspendReason: null,
  formerSubscriberId: null,
  ...over,
});

test.each([
  ['closed', event('closed'), { do: 'end' }],
  ['recycled', event('recycled', { formerSubscriberId: 's1' }), { do: 'end' }],
  ['taken to another carrier', event('ported_out'), { do: 'end' }],
  ['handed over', event('owner_changed'), { do: 'hand_over', until }],
  ['taken to another branch', event('ported_in', { formerSubscriberId: 's1' }), { do: 'end' }],
  ['new to us', event('ported_in'), { do: 'nothing' }],
  ['a new SIM card', event('sim_changed'), { do: 'freeze', until, by: 'sim_changed' }],
  ['a lost phone', event('suspended', { suspendReason: 'loss' }), { do: 'freeze', until, by: 'suspended' }],
  ['suspended, nobody says why', event('suspended'), { do: 'freeze', until, by: 'suspended' }],
  ['in arrears', event('suspended', { suspendReason: 'arrears' }), { do: 'nothing' }],
  ['back in service', event('resumed'), { do: 'release', by: 'suspended' }],
  ['about to leave', event('pre_closed'), { do: 'nothing' }],
  ['little left', event('low_balance'), { do: 'nothing' }],
] as const)('%s', (_name, told, effect) => expect(effectOf(told)).toEqual(effect));
