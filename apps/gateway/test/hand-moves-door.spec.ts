import type { HandMoveView } from '@yidian/contracts';
import { openDoors, type Answered, type Call, type Doors } from './doors';
import { fellOver, refused } from './settlement-fixtures';

const asked: { pattern: string; request: unknown }[] = [];
const note = <T>(pattern: string, reply: (request: never) => T) => ({
  [pattern]: (request: never): T => {
    asked.push({ pattern, request });
    return reply(request);
  },
});
const view: HandMoveView = {
  ...{ id: 'hm_1', state: 'proposed', reason: 'r', evidence: 'e', detail: '', proposedBy: 'maker', decidedBy: '' },
  proposedAt: '2026-11-29T01:00:00.000Z',
  move: {
    ...{ kind: 'principal', paymentNo: '26112243215007310042', from: '420000', to: '430000', amount: '5000' },
    date: '2026-11-22',
  },
};
const item = (itemId: string) => ({
  ...{ itemId, date: '2026-11-22', open: '-5000', kind: 'other', paymentNo: '', refNo: '', providerTxnId: 'T1' },
});

let doors: Doors;
beforeAll(async () => {
  doors = await openDoors({
    settlement: {
      ...note('hand_moves.propose', ({ move }: { move: HandMoveView['move'] }) => ({ ...view, move })),
      ...note('hand_moves.list', () => ({ moves: [view] })),
      ...note('hand_moves.decide', ({ id, actor }: { id: string; actor: string }) => {
        if (id === 'hm_dead') return fellOver();
        return id === 'hm_own' ? refused('own_proposal') : { ...view, state: 'done', decidedBy: actor };
      }),
      ...note('suspense.list', ({ after }: { after?: { itemId: string } }) => ({
        ...{ items: [item(after ? 'i2' : 'i1')], more: after === undefined },
      })),
    },
  });
});
afterAll(() => doors.close());
beforeEach(() => asked.splice(0));

const cookies = new Map<string, string>();
async function as(who: Parameters<Doors['enter']>[0], call: Call): Promise<Answered> {
  const cookie = cookies.get(who) ?? (await doors.enter(who));
  cookies.set(who, cookie);
  return doors.call({ ...call, headers: { cookie, 'x-requested-with': 'console', ...call.headers } });
}
const get = (path: string): Call => ({ method: 'GET', path: `/v1/finance/${path}` });
const post = (path: string, body: object = {}): Call => ({ method: 'POST', path: `/v1/finance/${path}`, body });
const why = { reason: 'told by the bank', evidence: 'letter 12' };
const approve = { decision: 'approve' };

describe('money moved by hand', () => {
  test('what waits in suspense is listed a page at a time', async () => {
    const { json } = await as('maker', get('suspense_items?provider=bank_a&limit=1'));
    expect(json).toMatchObject({ data: [{ object: 'suspense_item', item_id: 'i1', open: -5_000 }], has_more: true });
    const next = await as('maker', get(`suspense_items?provider=bank_a&cursor=${String(json['next_cursor'])}`));
    expect(next.json).toMatchObject({ data: [{ item_id: 'i2' }], next_cursor: null });
    expect(asked.at(-1)?.request).toMatchObject({ after: { date: '2026-11-22', itemId: 'i1' } });
  });

  test.each([
    [
      {
        kind: 'principal',
        payment: 'pay_26112243215007310042',
        from: '420000',
        to: '430000',
        amount: 5_000,
        date: '2026-11-22',
      },
      view.move,
    ],
    [
      { kind: 'payout_difference', provider: 'bank_a', date: '2026-11-22', difference: -70 },
      { kind: 'payout_difference', provider: 'bank_a', date: '2026-11-22', difference: '-70' },
    ],
    [
      { kind: 'offset', provider: 'bank_a', item_ids: ['i1', 'i2'] },
      { kind: 'offset', provider: 'bank_a', itemIds: ['i1', 'i2'] },
    ],
  ])('proposed by one: %j', async (move, wanted) => {
    const { status, json } = await as('maker', post('hand_moves', { move, ...why }));
    expect([status, json]).toMatchObject([201, { object: 'hand_move', id: 'hm_1', state: 'proposed', move }]);
    expect(asked).toEqual([{ pattern: 'hand_moves.propose', request: { move: wanted, ...why, actor: 'maker' } }]);
  });

  test('decided by another', async () => {
    expect((await as('checker', post('hand_moves/hm_1/decisions', approve))).json).toMatchObject({
      ...{ state: 'done', decided_by: 'checker' },
    });
    expect(asked[0]?.request).toEqual({ id: 'hm_1', decision: 'approve', actor: 'checker' });
    const own = await as('checker', post('hand_moves/hm_own/decisions', approve));
    expect([own.status, own.json['code']]).toEqual([403, 'own_proposal']);
    const dead = await as('checker', post('hand_moves/hm_dead/decisions', approve));
    expect(dead.json).toMatchObject({ outcome: 'unknown' });
    expect((await as('checker', get('hand_moves'))).json).toMatchObject({ data: [{ id: 'hm_1', evidence: 'e' }] });
  });

  test.each([
    ['maker', post('hand_moves/hm_1/decisions', approve), 403],
    [
      'checker',
      post('hand_moves', { move: { kind: 'offset', provider: 'bank_a', item_ids: ['a', 'b'] }, ...why }),
      403,
    ],
    ['care', get('hand_moves'), 403],
    ['care', get('suspense_items?provider=bank_a'), 403],
    ['maker', post('hand_moves', { move: { kind: 'offset', provider: 'bank_a', item_ids: ['a'] }, ...why }), 400],
    [
      'maker',
      post('hand_moves', {
        move: { kind: 'payout_difference', provider: 'bank_a', date: '2026-11-22', difference: 0 },
        ...why,
      }),
      400,
    ],
    ['maker', post('hand_moves', { move: { kind: 'gift' }, ...why }), 400],
  ] as const)('%s may not: %j', async (who, call, status) => {
    expect((await as(who, call)).status).toBe(status);
    expect(asked).toEqual([]);
  });
});
