import type { Connector, DebitRequest, RawCallback, RefundRequest } from './connector';
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
  /** Bytes that are not of the protocol at all. */
  | 'not_json'
  | 'not_found';

/** What can be wrong with a callback; each must be refused. */
export type CallbackDamage =
  | 'altered_byte'
  | 'wrong_key'
  | 'no_signature'
  | 'stale'
  | 'unknown_certificate'
  | 'algorithm_downgrade'
  | 'duplicate_parameter'
  | 'other_charset';
export const CALLBACK_DAMAGES: readonly CallbackDamage[] = [
  'altered_byte',
  'wrong_key',
  'no_signature',
  'stale',
  'unknown_certificate',
  'algorithm_downgrade',
  'duplicate_parameter',
  'other_charset',
];

/** A provider played by a real server, in its own protocol. */
export interface PlayedProvider {
  connector: Connector;
  /** Calls whose answer only says "accepted": what became of them is told by the query. */
  answersLater?: { debit: boolean; refund: boolean };
  /** Protocols whose answers carry no signature (TLS alone protects them) cannot be forged here. */
  unsignedAnswers?: boolean;
  play(script: Script): void;
  /** Requests that reached it. */
  seen(): number;
  /** A callback about a paid order as the provider would send it. */
  callback(orderNo: string, amount: bigint): RawCallback;
  /** The same, damaged; null where the protocol has nothing that could be damaged so. */
  damaged(how: CallbackDamage, orderNo: string, amount: bigint): RawCallback | null;
  /** Goes away: no connection can be made any more. */
  vanish(): Promise<void>;
  close(): Promise<void>;
}

const DEBIT: DebitRequest = {
  orderNo: '2611224321500731004201',
  amount: 5000n,
  currency: 'CNY',
  agreementRef: 'AR1',
  orderNote: 'test',
  orderedAt: new Date('2026-11-22T03:15:00.000Z'),
  providerTxnId: '',
};
const REFUND: RefundRequest = {
  orderNo: '26112243215007310042R01',
  amount: 5000n,
  currency: 'CNY',
  orderedAt: new Date('2026-11-22T04:15:00.000Z'),
  providerTxnId: '',
  kind: 'refund',
  original: { ...DEBIT, providerTxnId: 'T1' },
};
const CASHIER = {
  ...DEBIT,
  presentation: 'redirect' as const,
  expiresInSeconds: 900,
  returnUrl: 'https://gateway.example/portal/payments/pay_1',
};

/** What each thing a provider can do must mean to money. */
const MEANINGS: [Script, string][] = [
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
export const SCRIPTS: readonly Script[] = MEANINGS.map(([script]) => script);
const PAGE_SCRIPTS: Script[] = ['succeed', 'silent', 'wrong_order', 'forged', 'server_error', 'cut_line', 'not_json'];

/** What a mere "accepted" can carry of them: no sum and no final word. */
const ACCEPTED: Partial<Record<Script, string>> = {
  succeed: 'pending',
  wrong_amount: 'pending',
};

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
        deadlineMs: 400,
        breakAfter: 3,
        breakForMs: 60_000,
        record: (exchange) => void records.push(exchange),
      });
    });
    afterEach(() => provider.close());

    const meant = (script: Script, outcome: string, call: 'debit' | 'refund'): string => {
      if (script === 'forged' && provider.unsignedAnswers) return meant('succeed', 'succeeded', call);
      return (provider.answersLater?.[call] && ACCEPTED[script]) || outcome;
    };
    const asked = (script: Script, outcome: string): string => {
      if (script === 'not_found') return 'not_found';
      return script === 'forged' && provider.unsignedAnswers ? 'succeeded' : outcome;
    };

    test.each(MEANINGS)('a debit answered by %s is %s', async (script, outcome) => {
      if (!provider.connector.capabilities.debit) return void (await refusedUnsent(guarded.debit(DEBIT)));
      provider.play(script);
      expect((await guarded.debit(DEBIT)).outcome).toBe(meant(script, outcome, 'debit'));
      expect(records.map((record) => record.outcome)).toEqual([meant(script, outcome, 'debit')]);
    });

    test.each(MEANINGS)('a refund answered by %s is %s', async (script, outcome) => {
      if (!provider.connector.capabilities.refund) return void (await refusedUnsent(guarded.refund(REFUND)));
      provider.play(script);
      expect((await guarded.refund(REFUND)).outcome).toBe(meant(script, outcome, 'refund'));
    });

    test.each(MEANINGS)('a question answered by %s', async (script, outcome) => {
      const { query, refund } = provider.connector.capabilities;
      provider.play(script);
      if (query) expect((await guarded.queryDebit(DEBIT)).outcome).toBe(asked(script, outcome));
      if (refund?.query) expect((await guarded.queryRefund(REFUND)).outcome).toBe(asked(script, outcome));
      expect(query || refund?.query).toBe(true);
    });

    test.each(PAGE_SCRIPTS)('a cashier asked for and answered by %s', async (script) => {
      const { cashier } = provider.connector.capabilities;
      if (!cashier) return void (await refusedUnsent(guarded.openCashier(CASHIER)));
      for (const presentation of cashier.presentations) {
        provider.play(script);
        const before = provider.seen();
        const { outcome } = await guarded.openCashier({ ...CASHIER, presentation });
        // A page that is only signed here, and opened by the payer's browser, asks nobody.
        const told = provider.seen() > before && !(script === 'forged' && provider.unsignedAnswers);
        if (script === 'succeed') expect(outcome).toBe('opened');
        else if (told) expect(['unknown', 'not_executed']).toContain(outcome);
      }
    });

    test('a success carries sum, transaction, date and time', async () => {
      provider.play('succeed');
      const answer = await guarded.queryDebit(DEBIT);
      expect(answer).toMatchObject({ outcome: 'succeeded', amount: 5000n, currency: 'CNY', orderNo: DEBIT.orderNo });
      expect(answer).toMatchObject({ providerTxnId: expect.stringMatching(/./), completedAt: expect.any(Date) });
    });

    test('no connection is surely not executed; a question that could not be asked stays unknown', async () => {
      await provider.vanish();
      if (provider.connector.capabilities.debit) expect((await guarded.debit(DEBIT)).outcome).toBe('not_executed');
      expect((await guarded.refund(REFUND)).outcome).toBe('not_executed');
      expect((await guarded.queryDebit(DEBIT)).outcome).toBe('unknown');
      expect((await guarded.closeCashier(DEBIT)).outcome).toBe('unknown');
    });

    test('after too many unanswered calls the provider is left alone: nothing is sent', async () => {
      provider.play('silent');
      for (let i = 0; i < 3; i++) expect((await guarded.refund(REFUND)).outcome).toBe('unknown');
      expect(guarded.available()).toBe(false);
      const before = provider.seen();
      expect(await guarded.refund(REFUND)).toEqual({ outcome: 'not_executed', cause: 'breaker open' });
      expect(provider.seen()).toBe(before);
      provider.play('succeed');
      expect((await guarded.queryDebit(DEBIT)).outcome).toBe('succeeded'); // questions have no breaker
    });

    test('refusals do not open the breaker', async () => {
      provider.play('decline');
      for (let i = 0; i < 5; i++) expect((await guarded.refund(REFUND)).outcome).toBe('declined');
      expect(guarded.available()).toBe(true);
    });

    test('a callback is the provider’s only with its signature over the very bytes', async () => {
      const { callbacks, capabilities } = provider.connector;
      if (capabilities.callbacks.length === 0) return;
      const good = provider.callback(DEBIT.orderNo, 5000n);
      expect(await callbacks.verify(good)).toEqual({ verified: true });
      expect(callbacks.eventId(good.body)).toMatch(/^[\x21-\x7e]{1,64}$/);
      expect(callbacks.read(good.body)).toMatchObject({
        type: 'debit',
        orderNo: DEBIT.orderNo,
        answer: { outcome: 'succeeded', amount: 5000n },
      });
      expect(await callbacks.verify({ ...good, body: Buffer.alloc(0) })).toMatchObject({ verified: false });
      expect(callbacks.eventId(Buffer.from('\u0000 none of ours'))).toBeNull();
    });

    test.each(CALLBACK_DAMAGES)('a callback is refused when damaged: %s', async (how) => {
      const { callbacks, capabilities } = provider.connector;
      if (capabilities.callbacks.length === 0) return;
      const bad = provider.damaged(how, DEBIT.orderNo, 5000n);
      if (bad) expect(await callbacks.verify(bad)).toMatchObject({ verified: false });
    });

    test('a question about health moves nothing and needs an answer', async () => {
      provider.play('succeed');
      expect(await guarded.health()).toBe(true);
      await provider.vanish();
      expect(await guarded.health()).toBe(false);
    });
  });
}

/** What a provider cannot do surely never leaves us. */
async function refusedUnsent(answer: Promise<{ outcome: string }>): Promise<void> {
  expect((await answer).outcome).toBe('not_executed');
}
