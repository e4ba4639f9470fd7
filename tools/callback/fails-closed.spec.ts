import { PLAYED_KEYS as BANK_KEYS, PlayedBank } from '@yidian/connectors/bank-direct/played-bank';
import { PLAYED_KEYS as ALIPAY_KEYS, PlayedAlipay } from '@yidian/connectors/alipay/played-alipay';
import type { CallbackFault, RawCallback } from '@yidian/connectors/contract';
import {
  CALLBACK_DAMAGES,
  type CallbackDamage,
  type PlayedProvider,
} from '@yidian/connectors/contract/played-provider';
import { PlayedStripe } from '@yidian/connectors/stripe/played-stripe';
import { PlayedUnionPay, RSA, SM2, type Authority } from '@yidian/connectors/unionpay/played-unionpay';
import {
  certificateOf,
  PLAYED_KEYS as WECHAT_KEYS,
  PlayedWechat,
  SERIAL,
} from '@yidian/connectors/wechat-pay/played-wechat';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from './main';

/** Who sends, what the command is given to know him by, and what it says of each damage; null: nothing can be damaged so. */
interface Sender {
  provider: string;
  start: () => Promise<PlayedProvider>;
  keys: (played: PlayedProvider) => object;
  now?: string;
  faults: Record<CallbackDamage, CallbackFault | null>;
}

const SIGNED = {
  altered_byte: 'signature_invalid',
  wrong_key: 'signature_invalid',
  no_signature: 'signature_missing',
} as const;
const unionPay = (own: Authority): Sender => ({
  provider: 'unionpay',
  start: () => PlayedUnionPay.start(own),
  keys: () => ({
    rootCertificatesPem: [own.rootPem],
    intermediateCertificatesPem: [own.middlePem],
    signMethod: own.method,
  }),
  faults: {
    ...SIGNED,
    stale: null, // notifications bear no time of their own
    unknown_certificate: 'certificate_untrusted',
    algorithm_downgrade: 'algorithm_refused',
    duplicate_parameter: 'parameter_twice',
    other_charset: 'charset_refused',
  },
});
const SENDERS: Record<string, Sender> = {
  alipay: {
    provider: 'alipay',
    start: () => PlayedAlipay.start(),
    keys: () => ({ alipayKeys: [{ publicKey: ALIPAY_KEYS.publicPem(ALIPAY_KEYS.their) }] }),
    faults: {
      ...SIGNED,
      stale: null, // told again for a day, with the same text
      unknown_certificate: 'key_unknown',
      algorithm_downgrade: 'algorithm_refused',
      duplicate_parameter: 'parameter_twice',
      other_charset: 'charset_refused',
    },
  },
  'wechat-pay': {
    provider: 'wechat-pay',
    start: () => PlayedWechat.start(),
    keys: () => ({
      platformKeys: [{ certificatePem: certificateOf(WECHAT_KEYS.their, SERIAL) }],
      apiV3Key: WECHAT_KEYS.apiV3Key,
    }),
    faults: {
      ...SIGNED,
      stale: 'stale',
      unknown_certificate: 'key_unknown',
      algorithm_downgrade: 'algorithm_refused',
      duplicate_parameter: 'parameter_twice',
      other_charset: 'charset_refused',
    },
  },
  unionpay: unionPay(RSA),
  'unionpay with SM2': unionPay(SM2),
  stripe: {
    provider: 'stripe',
    start: () => PlayedStripe.start(),
    keys: (played) => ({ webhookSecrets: [(played as PlayedStripe).secret] }),
    now: '2026-11-22T03:16:00Z',
    faults: {
      ...SIGNED,
      stale: 'stale',
      unknown_certificate: null, // a shared secret has no name: an unknown one is a wrong one
      algorithm_downgrade: 'algorithm_refused',
      duplicate_parameter: 'parameter_twice',
      other_charset: 'charset_refused',
    },
  },
  'bank-direct': {
    provider: 'bank-direct',
    start: () => PlayedBank.start(),
    keys: () => ({
      theirKeys: [{ keyId: 'bank_2026', alg: 'ed25519', publicKeyPem: BANK_KEYS.their.publicKeyPem }],
    }),
    faults: {
      ...SIGNED,
      stale: 'stale',
      unknown_certificate: 'key_unknown',
      algorithm_downgrade: 'signature_invalid', // the key decides, whatever the message was signed with
      duplicate_parameter: 'parameter_twice',
      other_charset: 'charset_refused',
    },
  },
};

const ORDER = '2611224321500731004201';
let dir: string;
beforeAll(() => void (dir = mkdtempSync(join(tmpdir(), 'fails-closed-'))));
afterAll(() => rmSync(dir, { recursive: true }));

describe.each(Object.entries(SENDERS))('a callback of %s, by files and the code of the door', (_name, sender) => {
  let played: PlayedProvider;
  beforeAll(async () => void (played = await sender.start()));
  afterAll(() => played.close());

  async function judged({ method, targetUri: url, headers, body }: RawCallback) {
    const out: string[] = [];
    const spy = jest.spyOn(process.stdout, 'write').mockImplementation((text) => (out.push(String(text)), true));
    const [keys, request] = [join(dir, 'keys.json'), join(dir, 'request.json')];
    writeFileSync(keys, JSON.stringify(sender.keys(played)));
    writeFileSync(request, JSON.stringify({ method, url, headers, bodyBase64: body.toString('base64') }));
    const now = sender.now === undefined ? [] : ['--now', sender.now];
    const code = await main(['verify', '--provider', sender.provider, '--keys', keys, request, '--json', ...now]);
    spy.mockRestore();
    const report = JSON.parse(out.join('').trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
    return { code, ...report };
  }

  test('as it was sent; replayed, or told again, it is the event that is stored already', async () => {
    const first = played.callback(ORDER, 5000n);
    const told = await judged(first);
    expect(told).toMatchObject({ code: 0, verified: true, event: { type: 'debit', order_no: ORDER } });
    const { event_id } = told as { event_id?: unknown };
    expect(event_id).toEqual(expect.stringMatching(/^[\x21-\x7e]{1,64}$/));
    expect(await judged(first)).toMatchObject({ code: 0, event_id });
    expect(await judged(played.callback(ORDER, 5000n))).toMatchObject({ code: 0, event_id });
  });

  test.each(CALLBACK_DAMAGES)('damaged: %s', async (how) => {
    const damaged = played.damaged(how, ORDER, 5000n);
    const fault = sender.faults[how];
    expect(damaged === null).toBe(fault === null);
    if (!damaged) return;
    const told = await judged(damaged);
    expect(told).toMatchObject({ code: 1, verified: false, fault });
    expect(told).not.toHaveProperty('event');
  });
});
