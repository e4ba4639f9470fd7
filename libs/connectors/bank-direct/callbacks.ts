import { fromJson } from '@yidian/money';
import { assertSigned, claimOfRequest, SignatureError, type RequestMessage, type VerifyingKey } from '@yidian/security';
import { isUtf8 } from 'node:buffer';
import { z } from 'zod';
import type { CallbackFault, Callbacks, OfferedAgreement, ProviderEvent, RawCallback, Verdict } from '../contract';
import { agreementOutcome } from './agreements';
import { settled } from './debits';
import { agreementAnswer, attemptAnswer, offeredAgreement, orderOutcome, refundAnswer } from './words';

const envelope = z.object({
  event_id: z.string().regex(/^[\x21-\x7e]{1,64}$/),
  type: z.string(),
  occurred_at: z.iso.datetime({ offset: true }),
  data: z.unknown(),
});

const FAULTS: Readonly<Record<string, CallbackFault>> = {
  signature_expired: 'stale',
  key_unknown: 'key_unknown',
};

/** Callbacks of one bank: who sent them, which event they are, what they say. */
export class BankCallbacks implements Callbacks {
  constructor(
    private readonly theirKeys: readonly VerifyingKey[],
    private readonly now: () => Date = () => new Date(),
  ) {}

  readonly acknowledgement = { status: 200, contentType: 'text/plain; charset=utf-8', body: 'success' };

  verify(callback: RawCallback): Promise<Verdict> {
    const fault = shapeFault(callback);
    return Promise.resolve(fault ? { verified: false, ...fault } : this.judged(callback));
  }

  private judged({ method, targetUri, headers, body }: RawCallback): Verdict {
    try {
      const message: RequestMessage = { method, url: targetUri, headers: plain(headers), body };
      const claim = claimOfRequest(message, { now: this.now().getTime() });
      const key = this.theirKeys.find(({ keyId }) => keyId === claim.keyId);
      if (key && claim.alg !== null && claim.alg !== key.alg)
        return { verified: false, fault: 'algorithm_refused', detail: `the key is one of ${key.alg}` };
      assertSigned(message, claim, key);
      return { verified: true };
    } catch (error) {
      // Whatever is wrong with it, it is not proven to be the bank's.
      if (!(error instanceof SignatureError)) return { verified: false, fault: 'malformed', detail: 'not readable' };
      return { verified: false, fault: FAULTS[error.fault] ?? 'signature_invalid', detail: error.message };
    }
  }

  eventId(body: Buffer): string | null {
    return open(body)?.event_id ?? null;
  }

  read(body: Buffer): ProviderEvent | null {
    const event = open(body);
    if (!event) return null;
    const head = { eventId: event.event_id, occurredAt: new Date(event.occurred_at) };
    switch (event.type) {
      case 'debit.succeeded':
      case 'debit.declined': {
        const word = attemptAnswer.parse(event.data);
        const answer = settled(orderOutcome(word, word.attempt_no, word.attempt_no));
        return { ...head, type: 'debit', orderNo: word.attempt_no, answer };
      }
      case 'refund.succeeded':
      case 'refund.failed': {
        const word = refundAnswer.parse(event.data);
        const answer = settled(orderOutcome(word, word.refund_no, word.refund_no));
        return { ...head, type: 'refund', orderNo: word.refund_no, answer };
      }
      case 'debit.returned': {
        const word = attemptAnswer.parse(event.data);
        const answer = orderOutcome({ ...word, status: 'succeeded' }, word.attempt_no, word.attempt_no);
        if (answer.outcome !== 'succeeded') return null;
        return { ...head, type: 'return', orderNo: word.attempt_no, answer, reason: word.reason ?? 'returned' };
      }
      case 'agreement.signed':
      case 'agreement.ended': {
        const word = agreementAnswer.parse(event.data);
        const offered = offeredIn(event.data);
        const answer = agreementOutcome(word, word.agreement_no);
        return { ...head, type: 'agreement', orderNo: word.agreement_no, answer, ...(offered ? { offered } : {}) };
      }
      default:
        return null;
    }
  }
}

/** What shows before any key is asked: nothing signed, something said twice, text of another kind than UTF-8. */
function shapeFault({ headers, body }: RawCallback): { fault: CallbackFault; detail: string } | null {
  if (body.length === 0) return { fault: 'malformed', detail: 'the body is empty' };
  for (const name of ['signature', 'signature-input', 'content-digest', 'content-type']) {
    const lines = linesOf(headers, name);
    if (lines.length > 1) return { fault: 'parameter_twice', detail: `${name} stands there ${lines.length} times` };
    if (lines.length === 0 && name.startsWith('signature'))
      return { fault: 'signature_missing', detail: `there is no ${name}` };
  }
  const charset = /;\s*charset="?([^";\s]*)/i.exec(linesOf(headers, 'content-type')[0] ?? '')?.[1];
  if (charset !== undefined && charset.toLowerCase() !== 'utf-8')
    return { fault: 'charset_refused', detail: `the charset is ${charset}` };
  return isUtf8(body) ? null : { fault: 'charset_refused', detail: 'the body is not UTF-8' };
}

const linesOf = (headers: RawCallback['headers'], wanted: string): string[] =>
  Object.entries(headers).flatMap(([name, value]) => (name.toLowerCase() === wanted ? (value ?? []) : []));

/** Set when the bank's customer signed it at the bank: it names the number then. */
function offeredIn(data: unknown): OfferedAgreement | undefined {
  const word = offeredAgreement.safeParse(data);
  if (!word.success) return undefined;
  const { number, limits } = word.data;
  if (!limits) return { number };
  const { payment, day, month } = limits;
  return { number, limits: { payment: fromJson(payment), day: fromJson(day), month: fromJson(month) } };
}

function open(body: Buffer): z.output<typeof envelope> | null {
  try {
    return envelope.parse(JSON.parse(body.toString('utf8')));
  } catch {
    return null;
  }
}

function plain(headers: RawCallback['headers']): Record<string, string | readonly string[] | undefined> {
  return { ...headers };
}
