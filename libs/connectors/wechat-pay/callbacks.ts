import { z } from 'zod';
import type {
  AgreementAnswer,
  Callbacks,
  Closing,
  Outcome,
  ProviderEvent,
  RawCallback,
  Taken,
  Verdict,
} from '../contract';
import { contractOutcome } from './agreements';
import { transactionOutcome } from './orders';
import type { PlatformKeys } from './platform-keys';
import { refundOutcome } from './refunds';
import { openSealed, sealedResource } from './sealed';
import { refused, verifySignature } from './signature';
import { contractWord, instant, refundWord, transactionWord } from './words';

const envelope = z.object({
  id: z.string().regex(/^[\x21-\x7e]{1,64}$/),
  create_time: z.string(),
  event_type: z.string(),
  resource: sealedResource,
});
type Envelope = z.output<typeof envelope>;

/** Plans, points and parking have notifications of the same shape; only these speak of what we ask for. */
const OURS = /^(TRANSACTION|REFUND|ENTRUST|PAPAY)\./;

export interface CallbackSetting {
  keys: PlatformKeys;
  /** Current first; none: nothing is read, so nothing is taken for stored. */
  apiV3Keys: readonly string[];
  mchid: string | undefined;
  now: () => Date;
  /** Told of serials that nobody knows, so that a later try of the same notification finds the key. */
  unknownSerial: (serial: string) => void;
}

/** Notifications of WeChat Pay: signed over the raw bytes, their content sealed with our APIv3 key. */
export class WechatCallbacks implements Callbacks {
  /** An empty 2xx is "stored"; anything else and it tells again for a day. */
  readonly acknowledgement = { status: 204, contentType: 'application/json; charset=utf-8', body: '' };

  constructor(private readonly setting: CallbackSetting) {}

  verify({ headers, body }: RawCallback): Promise<Verdict> {
    return Promise.resolve(this.judge(headers, body));
  }

  /** Null also when it does not open: what could never be read again must not be taken for stored. */
  eventId(body: Buffer): string | null {
    const event = unwrap(body);
    return event && this.open(event) !== null ? event.id : null;
  }

  read(body: Buffer): ProviderEvent | null {
    const event = unwrap(body);
    if (!event || !OURS.test(event.event_type)) return null;
    const text = this.open(event);
    if (text === null) throw new Error('the notification does not open with our APIv3 key');
    const occurredAt = instant(event.create_time) ?? this.setting.now();
    return meaning(event, occurredAt, JSON.parse(text));
  }

  private judge(headers: RawCallback['headers'], body: Buffer): Verdict {
    const verdict = verifySignature(headers, body, this.setting.keys, this.setting.now());
    if (!verdict.verified) {
      if (verdict.fault === 'key_unknown') this.setting.unknownSerial(serialOf(headers));
      return verdict;
    }
    const event = unwrap(body);
    if (!event || this.setting.apiV3Keys.length === 0) return verdict;
    const text = this.open(event);
    if (text === null) return refused('key_unknown', 'the resource does not open with our APIv3 key');
    return isForeign(text, this.setting.mchid) ? refused('malformed', 'it is about another merchant') : verdict;
  }

  private open(event: Envelope): string | null {
    return openSealed(event.resource, this.setting.apiV3Keys);
  }
}

function unwrap(body: Buffer): Envelope | null {
  try {
    return envelope.parse(JSON.parse(body.toString('utf8')));
  } catch {
    return null;
  }
}

/** By its members: names of events differ between products, and the state inside is what counts. */
function meaning({ id, event_type }: Envelope, occurredAt: Date, resource: unknown): ProviderEvent | null {
  const head = { eventId: id, occurredAt };
  if (event_type.startsWith('REFUND.')) {
    const word = refundWord.parse(resource);
    const answer = refundOutcome(word, word.refund_status, word.out_refund_no);
    return { ...head, type: 'refund', orderNo: word.out_refund_no, answer };
  }
  const contract = contractWord.safeParse(resource);
  if (contract.success) {
    const answer: AgreementAnswer = contractOutcome(contract.data, contract.data.out_contract_code);
    return { ...head, type: 'agreement', orderNo: contract.data.out_contract_code, answer };
  }
  const order = transactionWord.safeParse(resource);
  if (!order.success) return null;
  const word = order.data.trade_state === 'FAIL' ? { ...order.data, trade_state: 'PAYERROR' } : order.data;
  return {
    ...head,
    type: 'debit',
    orderNo: word.out_trade_no,
    answer: settled(transactionOutcome(word, word.out_trade_no)),
  };
}

function settled(outcome: Closing): Outcome<Taken> {
  if (outcome.outcome === 'closed') return { outcome: 'not_executed', cause: 'closed at WeChat Pay' };
  return outcome.outcome === 'not_found' ? { outcome: 'unknown', cause: 'answered not_found' } : outcome;
}

/** Platform keys sign for every merchant; ours is named inside. */
function isForeign(text: string, mchid: string | undefined): boolean {
  const said = z.object({ mchid: z.string() }).safeParse(jsonOf(text));
  return mchid !== undefined && said.success && said.data.mchid !== mchid;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function serialOf(headers: RawCallback['headers']): string {
  const [, serial] = Object.entries(headers).find(([name]) => name.toLowerCase() === 'wechatpay-serial') ?? [];
  return String(serial ?? '');
}
