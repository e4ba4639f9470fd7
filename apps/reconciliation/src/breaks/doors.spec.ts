import type { ResolutionAction } from '@yidian/contracts';
import { Peers } from '../peers';
import { TcpPeer } from '../testing/tcp-peer';
import { allowed } from './allowed-actions';
import type { Break } from './break';
import { Doors } from './doors';
import type { Resolution } from './resolutions.store';

const NO = '26112200000000000001';
const RKEY = `res${'0'.repeat(29)}`;

const row = (more: Partial<Break> = {}): Break =>
  ({
    ...{ id: 'brk_1', class: 'late_success', kind: 'payment', row_no: '6', provider: 'bank_a', date: '2026-11-22' },
    ...{ payment_no: NO, provider_txn_id: 'T1', branch: '420000', item_id: 'i'.repeat(40), statement_line: 2 },
    ...{ p_amount: 5000n, g_amount: 5000n, b_amount: null, only_if_balance: 0 },
    ...more,
  }) as Break;
const resolution = (more: Partial<Resolution> = {}): Resolution =>
  ({
    rkey: RKEY,
    step_no: 0,
    target: null,
    by_rule: 1,
    actor: 'rule:late_success',
    approver: 'rule:late_success',
    ...more,
  }) as Resolution;

describe('write doors of the services', () => {
  let gatewaySays: { outcome: 'done' | 'working' | 'refused'; paymentState: string; creditState: string };
  let holdSays: 'held' | 'rejected' | 'unknown';
  const gateway = new TcpPeer<'gateway'>({
    'payments.resolve': ({ items }) => ({ items: items.map(({ key }) => ({ key, ...gatewaySays })), queueAgeMs: 0 }),
  });
  const billing = new TcpPeer<'billing'>({
    'holds.place': ({ items }) => ({
      items: items.map(({ key }) => ({ key, outcome: holdSays, replay: false })),
      queueAgeMs: 0,
    }),
    'holds.resolve': ({ items }) => ({
      items: items.map(({ key }) => ({ key, outcome: 'posted', replay: false })),
      queueAgeMs: 0,
    }),
    'credits.reverse': ({ items }) => ({
      items: items.map(({ key }) => ({ key, outcome: 'posted', replay: false })),
      queueAgeMs: 0,
    }),
    'credits.giveBack': ({ items }) => ({
      items: items.map(({ key }) => ({ key, outcome: 'posted', replay: false })),
      queueAgeMs: 0,
    }),
    'credits.move': ({ items }) => ({
      items: items.map(({ key, to }) =>
        to.branch === '430000'
          ? { key, outcome: 'posted', replay: false }
          : { key, outcome: 'rejected', reason: 'number_owner_changed', replay: false },
      ),
      queueAgeMs: 0,
    }),
  });
  let peers: Peers;
  let doors: Doors;

  beforeAll(async () => {
    peers = new Peers({
      gateway: await gateway.listen(),
      billing: await billing.listen(),
      settlement: { host: '127.0.0.1', port: 1 },
    });
    doors = new Doors(peers);
  });
  afterAll(async () => {
    peers.onApplicationShutdown();
    await Promise.all([gateway.close(), billing.close()]);
  });

  test('value taken for a refund that failed is given back under its refund number', async () => {
    const taken = row({ class: 'refund_debited', kind: 'refund', row_no: 'R12', ref_no: `${NO}51`, item_id: null });
    const answer = await doors.carryOut(taken, resolution({ approver: 'clerk.b' }), 'credit');
    expect(answer).toEqual({ kind: 'done', detail: 'given back to the subscriber', settleAs: null });
    expect(billing.requests('credits.giveBack').at(-1)?.items).toEqual([
      {
        ...{ key: RKEY, paymentNo: NO, refNo: `${NO}51`, currency: 'CNY' },
        ...{ reason: 'refund_debited brk_1', actor: 'clerk.b' },
      },
    ]);
  });

  test('a credit is moved to whom two people named, and its money follows; nobody named is refused', async () => {
    const wrong = row({ class: 'branch_mismatch', kind: 'value', row_no: 'V3', b_amount: 5000n });
    const move = (target: string | null) => doors.carryOut(wrong, resolution({ target }), 'move_credit');
    expect(await move('430000:sub_9')).toEqual({
      ...{ kind: 'done', detail: 'credit moved to 430000:sub_9', settleAs: 'move_credit' },
    });
    expect(billing.requests('credits.move').at(-1)?.items[0]).toMatchObject({
      ...{ key: RKEY, paymentNo: NO, to: { branch: '430000', subscriberId: 'sub_9' } },
    });
    expect(await move('110000:sub_9')).toEqual({ kind: 'refused', detail: 'billing refused: number_owner_changed' });
    expect(await move(null)).toMatchObject({ kind: 'refused' });
  });

  test('a return goes through the gateway, so that the payment follows; billing is not asked twice', async () => {
    gatewaySays = { outcome: 'done', paymentState: 'returned', creditState: 'credited' };
    const before = billing.requests('credits.reverse').length;
    const back = row({ class: 'provider_return', kind: 'refund', row_no: 'R5', p_amount: 2000n, b_amount: 5000n });
    const answer = await doors.carryOut(back, resolution({ by_rule: 0 }), 'reverse_credit');
    expect(answer).toMatchObject({ kind: 'done', settleAs: 'reverse_credit' });
    expect(gateway.requests('payments.resolve').at(-1)?.items[0]).toMatchObject({
      ...{ key: `${RKEY}-0`, action: 'reverse_credit', amount: '2000' },
    });
    expect(billing.requests('credits.reverse')).toHaveLength(before);
  });

  test('what the gateway lost is written anew from statement and book; its money leaves suspense', async () => {
    gatewaySays = { outcome: 'done', paymentState: 'completed', creditState: 'credited' };
    const parts = { class: 'gateway_missing', row_no: '14', acquiring_branch: '440000', channel: 'sms', partner: '' };
    const lost = row({ ...parts, ref_no: '', g_amount: null, b_amount: 5000n } as Partial<Break>);
    expect(await doors.carryOut(lost, resolution(), 'repair_gateway')).toMatchObject({ settleAs: 'credit' });
    expect(gateway.requests('payments.resolve').at(-1)?.items[0]).toMatchObject({
      ...{ action: 'repair_gateway', paymentNo: NO, amount: '5000', provider: 'bank_a', businessDate: '2026-11-22' },
      repair: { branch: '420000', acquiringBranch: '440000', channel: 'sms', face: '5000', refundNo: '' },
    });
    const back = row({ ...parts, kind: 'refund', row_no: 'R6', ref_no: `${NO}R01`, p_amount: 2000n } as Partial<Break>);
    expect(await doors.carryOut(back, resolution(), 'repair_gateway')).toMatchObject({ settleAs: 'reverse_credit' });
    expect(gateway.requests('payments.resolve').at(-1)?.items[0]).toMatchObject({
      ...{ amount: '2000', repair: { refundNo: `${NO}R01` } },
    });
    expect(allowed(lost, 'repair_gateway')).toBe(true);
    expect(allowed({ ...lost, class: 'platform_missing' }, 'repair_gateway')).toBe(false);
    expect(allowed({ ...lost, branch: '' }, 'repair_gateway')).toBe(false);
  });

  test.each<[ResolutionAction, 'done' | 'working' | 'refused', string, string, string, string | null]>([
    ['confirm_paid', 'done', 'completed', 'credited', 'done', 'confirm_paid'],
    ['confirm_paid', 'done', 'refunded', 'voided', 'done', 'refund_payer'],
    ['confirm_paid', 'working', 'paid', 'requested', 'working', null],
    ['credit', 'refused', 'paid', 'rejected', 'refused', null],
    ['refund_payer', 'done', 'refunded', 'voided', 'done', 'refund_payer'],
    ['confirm_declined', 'done', 'closed', 'none', 'done', null],
    ['requery', 'done', 'completed', 'credited', 'open', null],
  ])(
    '%s answered %s, payment %s, credit %s: %s, settlement %s',
    async (action, outcome, paymentState, creditState, kind, as) => {
      gatewaySays = { outcome, paymentState, creditState };
      const answer = await doors.carryOut(row(), resolution(), action);
      expect(answer.kind).toBe(kind);
      if (answer.kind === 'done') expect(answer.settleAs).toBe(as);
    },
  );

  test('asked again it asks the very same', async () => {
    gatewaySays = { outcome: 'working', paymentState: 'paid', creditState: 'requested' };
    const before = gateway.requests('payments.resolve').length;
    await doors.carryOut(row(), resolution(), 'credit');
    await doors.carryOut(row({ version: 9 }), resolution({ tries: 5 }), 'credit');
    const [first, second] = gateway.requests('payments.resolve').slice(before);
    expect(second).toEqual(first);
    expect(first?.items[0]?.key).toBe(`${RKEY}-0`);
  });

  test('a rule takes back only what is there; two people may go below zero', async () => {
    const unpaid = row({ class: 'unpaid_credit', p_amount: null, b_amount: 5000n, only_if_balance: 1, item_id: null });
    holdSays = 'rejected';
    expect((await doors.carryOut(unpaid, resolution(), 'reverse_credit')).kind).toBe('refused');
    holdSays = 'unknown';
    expect((await doors.carryOut(unpaid, resolution(), 'reverse_credit')).kind).toBe('working');
    holdSays = 'held';
    expect(await doors.carryOut(unpaid, resolution(), 'reverse_credit')).toMatchObject({
      kind: 'done',
      settleAs: null,
    });
    expect(billing.requests('credits.reverse')).toEqual([]);
    const people = resolution({ by_rule: 0, approver: 'clerk.b' });
    expect((await doors.carryOut(unpaid, people, 'reverse_credit')).kind).toBe('done');
    expect(billing.requests('credits.reverse')[0]?.items[0]).toMatchObject({
      key: RKEY,
      amount: '5000',
      actor: 'clerk.b',
    });
  });

  test('no answer is an exception, never a refusal', async () => {
    await expect(doors.carryOut(row(), resolution(), 'reverse_credit')).resolves.toMatchObject({ kind: 'done' });
    const away = new Peers({
      gateway: { host: '127.0.0.1', port: 1 },
      billing: { host: '127.0.0.1', port: 1 },
      settlement: { host: '127.0.0.1', port: 1 },
    });
    await expect(new Doors(away).carryOut(row(), resolution(), 'credit')).rejects.toThrow('did not answer');
    away.onApplicationShutdown();
  });

  test('what has no write door is refused, and a claim is only a claim', async () => {
    expect((await doors.carryOut(row(), resolution(), 'move_credit')).kind).toBe('refused');
    expect((await doors.carryOut(row(), resolution(), 'claim_provider')).kind).toBe('claimed');
  });
});
