import type { Connector, RawCallback } from './connector';
import { GuardedConnector, type Exchange } from './guarded';

/** What the played provider does with the next request. */
export type Script =
  | 'succeed'
  | 'decline'
  | 'pending'
  /** Does it, and the answer never comes. */
  | 'silent'
  | 'wrong_amount'
  | 'wrong_order'
  | 'unlisted_status'
  /** A success signed with a key that is not the provider's. */
  | 'forged'
  | 'server_error'
  | 'cut_line'
  | 'not_json'
  | 'not_found';

/** A provider played by a real server, in its own protocol. */
export interface PlayedProvider {
  connector: Connector;
  play(script: Script): void;
  /** Requests that reached it. */
  seen(): number;
  /** A callback about an order as the provider would send it, or signed by somebody else. */
  callback(orderNo: string, amount: bigint, signedBy: 'provider' | 'stranger'): RawCallback;
  /** Goes away: no connection can be made any more. */
  vanish(): Promise<void>;
  close(): Promise<void>;
}

const ORDERED_AT = new Date('2026-11-22T03:15:00.000Z');
const DEBIT = {
  orderNo: '2611224321500731004201',
  amount: 5000n,
  currency: 'CNY',
  agreementRef: 'AR1',
  orderNote: 'test',
  orderedAt: ORDERED_AT,
  providerTxnId: '',
};
const REFUND = { ...DEBIT, orderNo: '26112243215007310042R01', original: DEBIT, kind: 'refund' as const };

/** Every connector passes this suite: what each thing a provider can do must mean to money. */
export function connectorConformance(name: string, start: () => Promise<PlayedProvider>): void {
  describe(`${name} keeps the contract of connectors`, () => {
    let provider: PlayedProvider;
    let guarded: GuardedConnector;
    let records: Exchange[];
    beforeEach(async () => {
      provider = await start();
      records = [];
      guarded = new GuardedConnector(provider.connector, {
        deadlineMs: 150,
        breakAfter: 3,
        breakForMs: 60_000,
        record: (exchange) => void records.push(exchange),
      });
    });
    afterEach(() => provider.close());

    const meanings: [Script, string][] = [
      ['succeed', 'succeeded'],
      ['decline', 'declined'],
      ['pending', 'pending'],
      ['silent', 'unknown'],
      ['wrong_amount', 'unknown'],
      ['wrong_order', 'unknown'],
      ['unlisted_status', 'unknown'],
      ['forged', 'unknown'],
      ['server_error', 'unknown'],
      ['cut_line', 'unknown'],
      ['not_json', 'unknown'],
      ['not_found', 'unknown'],
    ];
    test.each(meanings)('a request answered by %s is %s', async (script, outcome) => {
      provider.play(script);
      expect((await guarded.debit(DEBIT)).outcome).toBe(outcome);
      expect((await guarded.refund(REFUND)).outcome).toBe(outcome);
      expect(records.map((record) => record.outcome)).toEqual([outcome, outcome]);
    });

    test.each(meanings)('a query answered by %s', async (script, outcome) => {
      provider.play(script);
      const meant = script === 'not_found' ? 'not_found' : outcome;
      expect((await guarded.queryDebit(DEBIT)).outcome).toBe(meant);
      expect((await guarded.queryRefund(REFUND)).outcome).toBe(meant);
    });

    test('a success carries sum, transaction, date and time', async () => {
      provider.play('succeed');
      const answer = await guarded.debit(DEBIT);
      expect(answer).toMatchObject({ outcome: 'succeeded', amount: 5000n, currency: 'CNY', orderNo: DEBIT.orderNo });
      expect(answer).toMatchObject({
        providerTxnId: expect.stringMatching(/./),
        businessDate: expect.stringMatching(/^\d{4}-/),
      });
    });

    test('no connection is surely not executed; a question that could not be asked stays unknown', async () => {
      await provider.vanish();
      expect((await guarded.debit(DEBIT)).outcome).toBe('not_executed');
      expect((await guarded.queryDebit(DEBIT)).outcome).toBe('unknown');
      expect((await guarded.closeCashier(DEBIT)).outcome).toBe('unknown');
    });

    test('after too many unanswered calls the provider is left alone: nothing is sent', async () => {
      provider.play('silent');
      for (let i = 0; i < 3; i++) expect((await guarded.debit(DEBIT)).outcome).toBe('unknown');
      expect(guarded.available()).toBe(false);
      const before = provider.seen();
      expect(await guarded.debit(DEBIT)).toEqual({ outcome: 'not_executed', cause: 'breaker open' });
      expect(provider.seen()).toBe(before);
      provider.play('succeed');
      expect((await guarded.queryDebit(DEBIT)).outcome).toBe('succeeded'); // questions have their own breaker
    });

    test('refusals do not open the breaker', async () => {
      provider.play('decline');
      for (let i = 0; i < 5; i++) expect((await guarded.debit(DEBIT)).outcome).toBe('declined');
      expect(guarded.available()).toBe(true);
    });

    test('a callback is the provider’s only with its signature over the very bytes', async () => {
      const { callbacks } = provider.connector;
      const good = provider.callback(DEBIT.orderNo, 5000n, 'provider');
      expect(await callbacks.verify(good)).toEqual({ verified: true });
      expect(callbacks.eventId(good.body)).toMatch(/./);
      expect(callbacks.read(good.body)).toMatchObject({
        type: 'debit',
        orderNo: DEBIT.orderNo,
        answer: { outcome: 'succeeded', amount: 5000n },
      });
      expect(await callbacks.verify(provider.callback(DEBIT.orderNo, 5000n, 'stranger'))).toMatchObject({
        verified: false,
      });
      const changed = Buffer.from(good.body.toString().replace('5000', '9000'));
      expect(await callbacks.verify({ ...good, body: changed })).toMatchObject({ verified: false });
      expect(await callbacks.verify({ ...good, targetUri: `${good.targetUri}x` })).toMatchObject({ verified: false });
      expect(await callbacks.verify({ ...good, headers: {} })).toMatchObject({ verified: false });
      expect(callbacks.eventId(Buffer.from('no json'))).toBeNull();
    });
  });
}
