import { connectorConformance } from '../contract/conformance';
import { whole } from '../contract/played-file';
import { PlayedBank, success } from './played-bank';

connectorConformance('bank-direct', () => PlayedBank.start());

const ORDER = { orderNo: 'A1', amount: 5000n, currency: 'CNY', orderedAt: new Date(0), providerTxnId: '' };

const FILE = 'H|YD1|bank_a|2026-11-22|CNY\nT|0|0|0\n';

describe('bank-direct', () => {
  let bank: PlayedBank;
  const signal = AbortSignal.timeout(10_000);
  beforeEach(async () => (bank = await PlayedBank.start()));
  afterEach(() => bank.close());

  test('an agreement is signed on the bank’s page; we learn its reference, bank and last four', async () => {
    bank.answerBy((path, body) => ({
      body:
        path === '/v1/agreements'
          ? {
              agreement_no: body['agreement_no'],
              sign_url: 'http://bank.example/sign/1',
              expires_at: '2026-11-22T05:00:00Z',
            }
          : {
              agreement_no: body['agreement_no'],
              status: 'active',
              agreement_ref: 'AR1',
              account_tail: '8812',
              bank_name: '甲银行',
            },
    }));
    const limits = { payment: 20_000n, day: 50_000n, month: 100_000n, currency: 'CNY' };
    const asked = {
      agreementNo: 'agr_1',
      numberMasked: '138****1234',
      blind: 'b',
      returnUrl: 'http://p.example',
      limits,
    };
    expect(await bank.connector.startAgreement(asked, signal)).toMatchObject({ outcome: 'started' });
    expect(bank.received('/v1/agreements')[0]).toMatchObject({ limits: { payment: 20000, day: 50000, month: 100000 } });
    expect(await bank.connector.queryAgreement({ agreementNo: 'agr_1', agreementRef: '' }, signal)).toEqual({
      outcome: 'active',
      agreementRef: 'AR1',
      accountTail: '8812',
      bankName: '甲银行',
    });
  });

  test('only the bank’s word closes a cashier order; a payment that came first is told instead', async () => {
    bank.answerBy((_, body) => ({ body: { attempt_no: body['attempt_no'], status: 'closed' } }));
    expect(await bank.connector.closeCashier(ORDER, signal)).toEqual({ outcome: 'closed' });
    bank.answerBy((_, body) => ({ body: success({ attempt_no: body['attempt_no'], amount: 5000 }) }));
    expect(await bank.connector.closeCashier(ORDER, signal)).toMatchObject({ outcome: 'succeeded', amount: 5000n });
    bank.answerBy(() => ({ status: 500, body: {} }));
    expect(await bank.connector.closeCashier(ORDER, signal)).toMatchObject({ outcome: 'unknown' });
  });

  test('a statement: the file, not ready, none that day, or an error that is thrown', async () => {
    bank.answerBy(() => ({ body: FILE }));
    expect(await whole(bank.connector.fetchStatement('2026-11-22', signal))).toEqual({
      state: 'ready',
      fileName: '2026-11-22.yd1.txt',
      content: Buffer.from(FILE),
    });
    bank.answerBy(() => ({ status: 404, body: { code: 'not_ready' } }));
    expect(await whole(bank.connector.fetchStatement('2026-11-22', signal))).toEqual({ state: 'not_ready' });
    bank.answerBy(() => ({ status: 404, body: { code: 'none_today' } }));
    expect(await whole(bank.connector.fetchStatement('2026-11-22', signal))).toEqual({ state: 'none_today' });
    bank.answerBy(() => ({ status: 503, body: {} }));
    await expect(whole(bank.connector.fetchStatement('2026-11-22', signal))).rejects.toThrow('HTTP 503');
  });

  test.each<[string, object, string]>([
    ['with one byte changed', { sent: FILE.replace('T|0', 'T|1') }, 'digest_mismatch'],
    ['cut behind a line', { sent: FILE.slice(0, FILE.indexOf('T|')) }, 'digest_mismatch'],
    ['signed by somebody else', { forged: true }, 'signature_invalid'],
  ])('a statement %s is not taken', async (_what, wrong, fault) => {
    bank.answerBy(() => ({ body: FILE, ...wrong }));
    await expect(whole(bank.connector.fetchStatement('2026-11-22', signal))).rejects.toMatchObject({ fault });
    await expect(bank.connector.fetchAgreementFile('2026-11-22', signal)).rejects.toMatchObject({ fault });
  });

  test('a callback about something we do not use is stored by its id and means nothing', () => {
    const { callbacks } = bank.connector;
    const other = bank.signedCallback('e1', 'card.replaced', { x: 1 });
    expect(callbacks.eventId(other.body)).toBe('e1');
    expect(callbacks.read(other.body)).toBeNull();
  });
});
