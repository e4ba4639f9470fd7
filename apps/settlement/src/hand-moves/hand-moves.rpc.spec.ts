import type { HandMove } from '@yidian/contracts';
import { aloneItem, BANK, DAY, GUANGDONG, HUBEI, matchedItem, paymentNo } from '../testing/lines';
import { settlementFixture, type SettlementFixture } from '../testing/settlement-fixture';
import { TREASURY } from '../testing/treasury-steps';
import { HandMovesStore } from './hand-moves.store';
import { ResumeHandMovesJob } from './resume-hand-moves.job';

describe('money that people move by hand', () => {
  let fixture: SettlementFixture;
  beforeAll(async () => {
    fixture = await settlementFixture({ treasury: TREASURY });
    fixture.world.alone.set(DAY, [
      aloneItem(1, { kind: 'return', amount: '5000', providerTxnId: 'WON' }),
      aloneItem(2, { kind: 'other', amount: '-5000', providerTxnId: 'BACK' }),
      aloneItem(3, { kind: 'other', amount: '40', providerTxnId: 'ODD' }),
    ]);
    fixture.world.credits.set(HUBEI, 5000n);
    await fixture.settle('r1', [matchedItem('a')]);
    await fixture.assertInvariants();
  });
  afterAll(() => fixture.close());

  const propose = (move: HandMove, actor = 'maker') =>
    fixture.client.call('hand_moves.propose', { move, reason: 'told by the bank', evidence: 'letter 12', actor });
  const decide = (id: string, decision: 'approve' | 'reject', actor = 'checker') =>
    fixture.client.call('hand_moves.decide', { id, decision, actor });
  const suspense = (more: object = {}) => fixture.client.call('suspense.list', { provider: BANK, ...more });
  const itemOf = async (txn: string) => {
    const found = (await suspense()).items.find(({ providerTxnId }) => providerTxnId === txn);
    if (!found) throw new Error(`nothing of ${txn} waits`);
    return found;
  };
  const principal: HandMove = {
    ...{ kind: 'principal', paymentNo: paymentNo(1), from: HUBEI, to: GUANGDONG, amount: '5000', date: DAY },
  };

  test('what waits is listed item by item, a page at a time', async () => {
    const first = await suspense({ limit: 2 });
    expect([first.items.length, first.more]).toEqual([2, true]);
    const last = first.items[1];
    const rest = await suspense({ limit: 2, after: { date: last?.date ?? '', itemId: last?.itemId ?? '' } });
    const all = [...first.items, ...rest.items].map(({ providerTxnId, kind, open }) => [providerTxnId, kind, open]);
    expect([all.sort(), rest.more]).toEqual([
      [
        ['BACK', 'other', '-5000'],
        ['ODD', 'other', '40'],
        ['WON', 'return', '5000'],
      ],
      false,
    ]);
    expect((await suspense({ provider: 'bank_b' })).items).toEqual([]);
  });

  test('nothing moves on one person’s word: not before the decision, not by the proposer, not when rejected', async () => {
    const before = await fixture.balances();
    const { id, state } = await propose(principal);
    expect(state).toBe('proposed');
    await expect(decide(id, 'approve', 'maker')).rejects.toThrow();
    expect(await decide(id, 'reject')).toMatchObject({ state: 'rejected', decidedBy: 'checker' });
    await expect(decide(id, 'approve', 'third')).rejects.toThrow(/rejected/);
    await expect(decide('hm_unknown', 'approve')).rejects.toThrow();
    await expect(propose({ ...principal, to: HUBEI })).rejects.toThrow(/same branch/);
    expect(await fixture.balances()).toEqual(before);
  });

  test('items that cancel are closed for both, and the ledger does not move', async () => {
    const [won, back, odd] = [await itemOf('WON'), await itemOf('BACK'), await itemOf('ODD')];
    const before = await fixture.balances();
    const wrong = await propose({ kind: 'offset', provider: BANK, itemIds: [won.itemId, odd.itemId] });
    expect(await decide(wrong.id, 'approve')).toMatchObject({
      ...{ state: 'refused', detail: 'the items do not cancel each other' },
    });
    const { id } = await propose({ kind: 'offset', provider: BANK, itemIds: [won.itemId, back.itemId] });
    expect(await decide(id, 'approve')).toMatchObject({ state: 'done' });
    expect((await suspense()).items.map(({ providerTxnId }) => providerTxnId)).toEqual(['ODD']);
    expect(await fixture.balances()).toEqual(before);
    await fixture.assertInvariants();
    const accepted = { key: 'won', itemId: won.itemId, action: 'accept' as const, paymentNo: '', branch: '' };
    expect(await fixture.resolve({ ...accepted, acquiringBranch: '' })).toBe('posted');
    const waiting = { ...accepted, key: 'odd', itemId: odd.itemId, acquiringBranch: '' };
    expect(await fixture.resolve(waiting)).toBe('rejected state_conflict');
    await fixture.assertInvariants();
  });

  test('a payout’s difference is given up to headquarters’ loss', async () => {
    const before = BigInt((await fixture.balances())['hq/loss'] ?? '0');
    const { id } = await propose({ kind: 'payout_difference', provider: BANK, date: DAY, difference: '-70' });
    expect(await decide(id, 'approve')).toMatchObject({ state: 'done' });
    expect(BigInt((await fixture.balances())['hq/loss'] ?? '0') - before).toBe(-70n);
    await fixture.assertInvariants();
  });

  test('approved and then died: carried out once by the sweep, told to billing, and what cannot be done is said', async () => {
    const [one, two] = [await propose(principal), await propose({ ...principal, amount: '4999' })];
    const store = fixture.running.app.get(HandMovesStore, { strict: false });
    expect(await store.decide(one.id, 'approved', 'checker')).toBe(true);
    expect(await store.decide(two.id, 'approved', 'checker')).toBe(true);
    const before = await fixture.balances();
    await fixture.restart();
    const pass = () =>
      fixture.running.app.get(ResumeHandMovesJob, { strict: false }).pass(new Date(Date.now() + 1_000));
    await pass();
    await pass();
    const states = new Map((await fixture.client.call('hand_moves.list', {})).moves.map((move) => [move.id, move]));
    expect(states.get(one.id)).toMatchObject({ state: 'done', move: principal, evidence: 'letter 12' });
    expect(states.get(two.id)).toMatchObject({ state: 'refused' });
    const after = await fixture.balances();
    expect(BigInt(after[`due/${GUANGDONG}`] ?? '0') - BigInt(before[`due/${GUANGDONG}`] ?? '0')).toBe(5000n);
    fixture.world.credits.set(HUBEI, 0n);
    fixture.world.credits.set(GUANGDONG, 5000n);
    await fixture.assertInvariants();
    expect([fixture.world.settledOf(HUBEI), fixture.world.settledOf(GUANGDONG)]).toEqual([0n, 5000n]);
  });
});
