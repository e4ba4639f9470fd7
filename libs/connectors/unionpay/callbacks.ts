import type { AgreementAnswer, Callbacks, ProviderEvent, RawCallback, Verdict } from '../contract';
import { active } from './agreements';
import { isDone } from './codes';
import { parseForm, UnreadableFields, type Fields } from './fields';
import { orderOutcome } from './orders';
import { verifyFields, type SignMethod } from './signature';
import { txnInstant } from './times';
import type { Trust } from './trust';

export interface CallbackSetting {
  method: SignMethod;
  trust: Trust;
  merId: string | undefined;
  now: () => Date;
}

const refused = (fault: Extract<Verdict, { verified: false }>['fault'], detail: string): Verdict => ({
  verified: false,
  fault,
  detail,
});

/**
 * Notifications to `backUrl`: a form, signed over its fields. They bear no time of their own: one that is sent again is the
 * same event, and is stored once.
 */
export class UnionPayCallbacks implements Callbacks {
  /** Any 200 within 10 seconds is "stored"; else it tells again, five times in all. */
  readonly acknowledgement = { status: 200, contentType: 'text/plain; charset=utf-8', body: 'ok' };

  constructor(private readonly setting: CallbackSetting) {}

  verify(callback: RawCallback): Promise<Verdict> {
    return Promise.resolve(this.judge(callback));
  }

  /** Number, time and answer code: what UnionPay tells a second time is the same event. */
  eventId(body: Buffer): string | null {
    const fields = read(body);
    if (!fields) return null;
    const parts = ['txnType', 'orderId', 'txnTime', 'respCode'].map((name) => fields.get(name) ?? '');
    return parts.every((part) => /^[0-9A-Za-z]{1,40}$/.test(part)) ? parts.join('.').slice(0, 64) : null;
  }

  read(body: Buffer): ProviderEvent | null {
    const fields = read(body);
    const eventId = this.eventId(body);
    if (!fields || eventId === null) return null;
    const said = (name: string): string => fields.get(name) ?? '';
    const head = { eventId, occurredAt: txnInstant(said('txnTime')) ?? this.setting.now() };
    const order = { orderNo: said('orderId'), answer: orderOutcome(fields, said('respCode')) };
    switch (said('txnType')) {
      case '01':
      case '11':
        return { ...head, type: 'debit', ...order };
      case '04':
      case '31':
        return { ...head, type: 'refund', ...order };
      case '72':
      case '74':
        return { ...head, type: 'agreement', orderNo: said('bindId') || said('orderId'), answer: agreement(fields) };
      default:
        return null;
    }
  }

  private judge({ headers, body }: RawCallback): Verdict {
    const type = Object.entries(headers).filter(([name]) => name.toLowerCase() === 'content-type');
    const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(String(type[0]?.[1] ?? ''))?.[1];
    if (charset !== undefined && !/^utf-?8$/i.test(charset)) return refused('charset_refused', 'not UTF-8');
    try {
      const fields = parseForm(body);
      const { method, trust, merId, now } = this.setting;
      const verdict = verifyFields(fields, method, trust, now());
      if (!verdict.verified) return verdict;
      const isForeign = merId !== undefined && fields.get('merId') !== merId;
      return isForeign ? refused('malformed', 'it is about another merchant') : verdict;
    } catch (error) {
      if (error instanceof UnreadableFields) return refused(error.fault, error.message);
      return refused('malformed', 'not readable');
    }
  }
}

function read(body: Buffer): Fields | null {
  try {
    return parseForm(body);
  } catch {
    return null;
  }
}

/** A failed signing ends nothing: the payer may try again at the page. */
function agreement(fields: Fields): AgreementAnswer {
  const code = fields.get('respCode') ?? '';
  if (!isDone(code)) return { outcome: 'unknown', cause: `answer code ${code}` };
  return fields.get('txnType') === '72' ? active(fields) : { outcome: 'ended' };
}
