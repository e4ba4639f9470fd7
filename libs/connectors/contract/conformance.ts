import { GuardedConnector, type Exchange } from './guarded';
import { CALLBACK_DAMAGES, type PlayedProvider, type Script } from './played-provider';
import { ACCEPTED, CASHIER, DEBIT, LOST, MEANINGS, OTHER_CALLS, PAGE_SCRIPTS, REFUND } from './tried';

export * from './played-provider';

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

    test.each(LOST)('everything else asked for and answered by %s: nothing is known', async (script) => {
      const { connector } = provider;
      if (script === 'forged' && provider.unsignedAnswers) return;
      // A file is waited for ten times as long.
      const hurried = new GuardedConnector(connector, { deadlineMs: 100, breakAfter: 1_000, record: () => undefined });
      provider.play(script);
      for (const [name, { can, call }] of Object.entries(OTHER_CALLS)) {
        if (!can(connector.capabilities)) continue;
        const before = provider.seen();
        const { outcome } = await call(hurried);
        // A page that is only signed here, and opened by the payer's browser, asks nobody.
        const asked = provider.seen() > before;
        expect([name, asked ? outcome : 'unasked']).toEqual([name, asked ? 'unknown' : 'unasked']);
        expect(asked || name === 'sign').toBe(true);
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
      // Told again, or sent once more by whoever has seen it: the event that is stored already.
      const again = provider.callback(DEBIT.orderNo, 5000n);
      expect(callbacks.eventId(again.body)).toBe(callbacks.eventId(good.body));
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
