import { Inject, Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { toJson } from '@yidian/money';
import { maskNumber, newCode } from '@yidian/security';
import { z } from 'zod';
import { AgreementsStore, type AgreementRow, type LinkedRow } from '../../agreements/agreements.store';
import { PersonNumbers } from '../../notifications/person-number';
import { shortYuan } from '../../notifications/sms-words';
import { CreatePayment, FindRecent, type Origin } from '../../payments';
import { LOGGER, type Logger } from '../../platform';
import type { Target } from './sms-command';
import { SmsInboxStore } from './sms-inbox.store';
import { refusalText, type Text } from './sms-texts';

const ANSWER_MS = 5 * 60_000;
/** The same text within this time is the same payment, unless a reply says otherwise. */
const WINDOW_MS = 2 * 60_000;

const payload = z.object({ number: z.string(), amount: z.string(), nickname: z.string().nullable() });
type Payload = z.output<typeof payload>;

export interface InboundText {
  id: string;
  from: string;
}

/** What came of a text: an answer to send (a payment's own receipts are written with it), and the payment's number. */
export interface Outcome {
  text: Text | null;
  paymentNo: string | null;
}

/** Money by text: only what was clearly asked for, once per window; strangers' numbers and repeats only after a reply. */
@Injectable()
export class PayByText {
  constructor(
    private readonly agreements: AgreementsStore,
    private readonly inbox: SmsInboxStore,
    private readonly createPayment: CreatePayment,
    private readonly recent: FindRecent,
    private readonly numbers: PersonNumbers,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async topUp(message: InboundText, target: Target, amount: bigint): Promise<Outcome> {
    const agreement = await this.agreementOf(message.from);
    if (!agreement) return say('no_agreement');
    const family = await this.agreements.familyOf(agreement.msisdn_blind);
    if (target.type === 'self')
      return this.pay(message, agreement, { number: message.from, amount: `${amount}`, nickname: null });
    if (target.type === 'nickname') return this.forNickname(message, agreement, family, target.nickname, amount);
    const wanted: Payload = { number: target.number, amount: `${amount}`, nickname: null };
    const blind = this.numbers.blind(target.number);
    const known =
      blind === agreement.msisdn_blind || family.some((row) => row.state === 'active' && row.msisdn_blind === blind);
    return known ? this.pay(message, agreement, wanted) : this.confirm(message, wanted);
  }

  /** A reply to a question of ours; null when its code is none of this number's. */
  async reply(message: InboundText, code: string): Promise<Outcome | null> {
    const asked = await this.inbox.answer(this.numbers.blind(message.from), code, message.id);
    if (!asked) return null;
    const wanted = payload.parse(JSON.parse(this.numbers.openText(asked.payload_sealed)));
    const agreement = await this.agreementOf(message.from);
    return agreement ? this.order(message, agreement, wanted, `reply-${message.id}`) : say('no_agreement');
  }

  private async agreementOf(from: string): Promise<AgreementRow | undefined> {
    return (await this.agreements.ofNumber(this.numbers.blind(from))).find((row) => row.state === 'active');
  }

  private async forNickname(
    message: InboundText,
    agreement: AgreementRow,
    family: LinkedRow[],
    word: string,
    amount: bigint,
  ): Promise<Outcome> {
    const named = (row: LinkedRow): string => row.nickname.normalize('NFKC').toUpperCase();
    const exact = family.filter((row) => named(row) === word);
    const found = exact.length > 0 ? exact : family.filter((row) => named(row).includes(word));
    const [first, second] = found;
    if (!first) return say('not_understood');
    const wanted = (row: LinkedRow): Payload => ({
      number: this.numbers.open(row.msisdn_sealed),
      amount: `${amount}`,
      nickname: row.nickname,
    });
    if (second) {
      await this.remember(message, '1', 'choice', wanted(first));
      await this.remember(message, '2', 'choice', wanted(second));
      const name = (row: LinkedRow) => `${row.nickname}${row.msisdn_masked}`;
      return say('ambiguous', { word: word.slice(0, 1), first: name(first), second: name(second) });
    }
    if (first.state !== 'active') return say('refused', { why: `${first.nickname}还没有同意` });
    return exact.length > 0 ? this.pay(message, agreement, wanted(first)) : this.confirm(message, wanted(first));
  }

  private async confirm(message: InboundText, wanted: Payload): Promise<Outcome> {
    const code = newCode(4);
    await this.remember(message, code, 'confirm', wanted);
    const { nickname, number, amount } = wanted;
    return say('confirm', { who: nickname ?? '', number: maskNumber(number), amount: shortYuan(BigInt(amount)), code });
  }

  private async remember(
    message: InboundText,
    code: string,
    kind: 'confirm' | 'choice',
    wanted: Payload,
  ): Promise<void> {
    const now = new Date();
    await this.inbox.ask({
      number_blind: this.numbers.blind(message.from),
      code,
      kind,
      payload_sealed: this.numbers.sealText(JSON.stringify(wanted)),
      expires_at: new Date(now.getTime() + ANSWER_MS),
      used_by: null,
      created_at: now,
    });
  }

  /** Two texts alike in one window share a key, whichever replica took them: the second finds the first. */
  private async pay(message: InboundText, agreement: AgreementRow, wanted: Payload): Promise<Outcome> {
    const blind = this.numbers.blind(wanted.number);
    const before = await this.recent.same(agreement.msisdn_blind, blind, BigInt(wanted.amount), WINDOW_MS);
    if (before && before.source !== message.id && !before.nothingTaken) return this.repeated(message, wanted);
    const window = Math.floor(Date.now() / WINDOW_MS);
    const outcome = await this.order(message, agreement, wanted, `text-${blind}-${wanted.amount}-${window}`);
    if (outcome.source === undefined || outcome.source === message.id) return outcome;
    return outcome.ended
      ? this.order(message, agreement, wanted, `text-${message.id}`)
      : this.repeated(message, wanted);
  }

  private async repeated(message: InboundText, wanted: Payload): Promise<Outcome> {
    const code = newCode(4);
    await this.remember(message, code, 'confirm', wanted);
    return say('repeated', { code });
  }

  private async order(
    message: InboundText,
    agreement: AgreementRow,
    wanted: Payload,
    idempotencyKey: string,
  ): Promise<Outcome & { source?: string | undefined; ended?: boolean }> {
    const amount = BigInt(wanted.amount);
    try {
      const { body, replayed } = await this.createPayment.execute({
        origin: originOf(message.from),
        idempotencyKey,
        body: {
          number: wanted.number,
          amount: toJson(amount),
          currency: 'CNY',
          funding: { type: 'agreement', agreement: agreement.id },
        },
        source: message.id,
      });
      if (!replayed) return { text: null, paymentNo: body.number, source: message.id };
      const first = await this.recent.byNumber(body.number);
      return { text: null, paymentNo: body.number, source: first?.source, ended: first?.nothingTaken ?? false };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.code === 'internal') throw error; // not known: the message is taken up again under the same key
      this.logger.debug({ code: error.code }, 'a text was refused');
      return { text: refusalText(error, agreement, amount), paymentNo: null };
    }
  }
}

function originOf(from: string): Origin {
  return { channel: 'sms', partner: '', collectsAs: null, acquiringBranch: '', exposureLimit: null, payer: from };
}

const say = (code: Text['code'], params: Text['params'] = {}): Outcome => ({ text: { code, params }, paymentNo: null });
