import { createHash } from 'node:crypto';
import type { Callbacks, Outcome, ProviderEvent, RawCallback, Taken, Verdict } from '../contract';
import { agreementOutcome } from './agreements';
import type { AlipayKeys } from './alipay-keys';
import { FormFault, parseForm } from './form';
import { CLOSED_UNPAID, tradeOutcome } from './orders';
import { returned } from './refunds';
import { refused, SIGN_TYPE, verifySigned } from './signature';
import { instant, said, yuan, type Word } from './words';

export interface CallbackSetting {
  keys: AlipayKeys;
  appId: string | undefined;
  sellerId: string | undefined;
  now: () => Date;
  /** Told of certificates that nobody knows, so that a later try of the same notification finds the key. */
  unknownCertificate: (sn: string) => void;
}

/**
 * Asynchronous notifications of Alipay: a form whose sorted values are signed. The protocol knows no time limit (it tells
 * again for a day with the same text): what comes twice is known by its id.
 */
export class AlipayCallbacks implements Callbacks {
  /** These seven bytes and nothing else are "stored". */
  readonly acknowledgement = { status: 200, contentType: 'text/plain; charset=utf-8', body: 'success' };

  constructor(private readonly setting: CallbackSetting) {}

  verify(callback: RawCallback): Promise<Verdict> {
    return Promise.resolve(this.judge(callback));
  }

  eventId(body: Buffer): string | null {
    const word = open(body);
    if (!word || SUBJECTS.every((name) => said(word, name) === '')) return null;
    const id = said(word, 'notify_id');
    return /^[\x21-\x7e]{1,64}$/.test(id) ? id : digest(word);
  }

  read(body: Buffer): ProviderEvent | null {
    const word = open(body);
    const eventId = this.eventId(body);
    if (!word || eventId === null) return null;
    const head = { eventId, occurredAt: instant(said(word, 'notify_time')) ?? this.setting.now() };
    switch (said(word, 'notify_type')) {
      case 'trade_status_sync':
        return trade(head, word);
      case 'dut_user_sign':
      case 'dut_user_unsign':
        return agreement(head, word);
      default:
        return null;
    }
  }

  private judge({ method, headers, body }: RawCallback): Verdict {
    if (method.toUpperCase() !== 'POST') return refused('malformed', 'not posted');
    const foreign = foreignType(headers);
    if (foreign) return foreign;
    try {
      return this.weigh(parseForm(body));
    } catch (error) {
      if (!(error instanceof FormFault)) return refused('malformed', 'not readable');
      return refused(error.fault, error.message);
    }
  }

  private weigh(fields: Map<string, string>): Verdict {
    const charset = fields.get('charset') ?? 'utf-8';
    if (!/^utf-?8$/i.test(charset)) return refused('charset_refused', 'not UTF-8');
    const sign = fields.get('sign') ?? '';
    if (sign === '') return refused('signature_missing', 'there is no signature');
    // Where none is named it is the one that our app is set to; what is named must be that one.
    if ((fields.get('sign_type') ?? SIGN_TYPE) !== SIGN_TYPE)
      return refused('algorithm_refused', 'another signature type than RSA2');
    const { keys, appId, sellerId, now, unknownCertificate } = this.setting;
    const certSn = fields.get('alipay_cert_sn') ?? '';
    const verdict = verifySigned({ contents: signedContents(fields), sign, certSn }, keys, now());
    if (!verdict.verified) {
      if (verdict.fault === 'key_unknown' && certSn !== '') unknownCertificate(certSn);
      return verdict;
    }
    if (differs(fields.get('app_id'), appId)) return refused('malformed', 'it is about another app');
    if (differs(fields.get('seller_id'), sellerId)) return refused('malformed', 'it is about another seller');
    return verdict;
  }
}

/** One of these is in every notification about money or agreements. */
const SUBJECTS = ['notify_id', 'out_trade_no', 'external_agreement_no'];

/** Alipay's other services sign for us too: what they name must be ours. */
const differs = (named: string | undefined, ours: string | undefined): boolean =>
  ours !== undefined && (named ?? '') !== '' && named !== ours;

/**
 * What may have been signed. Notifications about trades leave `sign_type` out of the content, those of some services keep it
 * in; values that are empty are written by some and not by others; the number of the certificate names the key and has been
 * seen on both sides. Each text is Alipay's word all the same: only its own key can have signed it.
 */
export function signedContents(fields: ReadonlyMap<string, string>): string[] {
  const without = (...names: string[]) => [...fields].filter(([name]) => name !== 'sign' && !names.includes(name));
  const named = fields.has('alipay_cert_sn') ? [['alipay_cert_sn'], []] : [[]];
  const kept = named.flatMap((names) => [without('sign_type', ...names), without(...names)]);
  const texts = kept.flatMap((pairs) => [sorted(pairs.filter(([, value]) => value !== '')), sorted(pairs)]);
  return [...new Set(texts)];
}

const sorted = (pairs: [string, string][]): string =>
  pairs
    .map(([name, value]) => ({ name, text: `${name}=${value}` }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ text }) => text)
    .join('&');

function foreignType(headers: RawCallback['headers']): Verdict | null {
  const types = Object.entries(headers).flatMap(([name, value]) =>
    name.toLowerCase() === 'content-type' ? [value ?? []].flat() : [],
  );
  if (types.length === 0) return null;
  const [type = ''] = types;
  if (types.length > 1) return refused('parameter_twice', 'two content types');
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type.trim())) return refused('malformed', 'no form');
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(type)?.[1];
  return charset === undefined || /^utf-?8$/i.test(charset) ? null : refused('charset_refused', 'not UTF-8');
}

function open(body: Buffer): Word | null {
  try {
    return Object.fromEntries(parseForm(body));
  } catch {
    return null;
  }
}

/** Stays the same when the notification is told again: only its own time and signature change then. */
function digest(word: Word): string {
  const lasting = Object.entries(word).filter(([name]) => !['sign', 'notify_time'].includes(name));
  return createHash('sha256').update(sorted(lasting)).digest('hex');
}

type Head = { eventId: string; occurredAt: Date };

/** The same kind of notification tells of payments and of refunds; of a refund it names the request that asked for it. */
function trade(head: Head, word: Word): ProviderEvent | null {
  const refundNo = said(word, 'out_biz_no');
  if (said(word, 'gmt_refund') !== '' || (yuan(said(word, 'refund_fee')) ?? 0n) > 0n) {
    if (refundNo === '') return null; // by hand at Alipay, under no number of ours: the statement tells of it
    return { ...head, type: 'refund', orderNo: refundNo, answer: refundNews(word) };
  }
  const orderNo = said(word, 'out_trade_no');
  if (orderNo === '') return null;
  return { ...head, type: 'debit', orderNo, answer: settled(word, orderNo) };
}

/** `refund_fee` sums what went back under the trade so far: of a second part it is more than was asked for this time. */
const refundNews = (word: Word) => returned(word, said(word, 'refund_fee'), said(word, 'gmt_refund'));

function settled(word: Word, orderNo: string): Outcome<Taken> {
  const outcome = tradeOutcome(word, orderNo);
  if (outcome.outcome === 'closed') return CLOSED_UNPAID;
  return outcome.outcome === 'not_found' ? { outcome: 'unknown', cause: 'answered not_found' } : outcome;
}

function agreement(head: Head, word: Word): ProviderEvent | null {
  const orderNo = said(word, 'external_agreement_no');
  if (orderNo === '') return null;
  return { ...head, type: 'agreement', orderNo, answer: agreementOutcome(word, orderNo) };
}
