import { Inject, Injectable } from '@nestjs/common';
import { PersonNumbers } from '../../notifications/person-number';
import { SmsSender } from '../../notifications/sms-sender';
import { LOGGER, type Logger } from '../../platform';
import { AgreementByText } from './agreement-by-text';
import { OwnBalance } from './own-balance';
import { PayByText, type InboundText, type Outcome } from './pay-by-text';
import { parseSms, type SmsCommand } from './sms-command';
import { SmsInboxStore, type InboundRow } from './sms-inbox.store';
import type { Text } from './sms-texts';

const WAITS_MS = [5_000, 15_000, 60_000, 300_000];

/** Takes a stored message up: understands it, does it once, answers by text. Safe to run again after a crash. */
@Injectable()
export class HandleText {
  constructor(
    private readonly inbox: SmsInboxStore,
    private readonly pay: PayByText,
    private readonly words: AgreementByText,
    private readonly balance: OwnBalance,
    private readonly numbers: PersonNumbers,
    private readonly sms: SmsSender,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @returns nothing; whatever is to be said goes out as messages of their own */
  async take(row: InboundRow): Promise<void> {
    const wait = WAITS_MS[row.tries];
    if (!(await this.inbox.claim(row, wait === undefined ? null : new Date(Date.now() + wait)))) return;
    const from = this.numbers.open(row.from_sealed);
    const text = this.numbers.openText(row.text_sealed);
    try {
      const outcome = await this.carryOut({ id: row.id, from }, parseSms(text));
      if (outcome.text) await this.sms.send(from, outcome.text.code, outcome.text.params, `${row.id}-r`);
      await this.inbox.finish(row.id, outcome.paymentNo);
    } catch (err) {
      this.logger.warn({ err, message: row.id }, 'a text waits for its next try');
      if (wait === undefined) await this.sms.send(from, 'busy', {}, `${row.id}-r`);
    }
  }

  private async carryOut(message: InboundText, command: SmsCommand): Promise<Outcome> {
    switch (command.kind) {
      case 'top_up':
        return this.pay.topUp(message, command.target, command.amount);
      case 'reply':
        return this.reply(message, command.code);
      case 'balance':
        return this.say(await this.balance.of(message.from));
      case 'stop':
        return this.say(await this.words.stop(message.from));
      case 'unbind':
        return this.say(await this.words.unbind(message.from));
      case 'help':
      case 'not_understood':
        return this.say({ code: command.kind, params: {} });
    }
  }

  /** A question of ours to a payer comes first, then a question to somebody who is to be paid for. */
  private async reply(message: InboundText, code: string): Promise<Outcome> {
    const answered = await this.pay.reply(message, code);
    if (answered) return answered;
    if (await this.words.agree(message.from, code)) return { text: null, paymentNo: null };
    return this.say({ code: 'not_understood', params: {} });
  }

  private say(text: Text): Outcome {
    return { text, paymentNo: null };
  }
}
