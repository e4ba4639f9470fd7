import { Injectable } from '@nestjs/common';
import { AnswerConsent } from '../../agreements/answer-consent';
import { AutoByText } from './auto-by-text';
import { ChooseLanguage } from './choose-language';
import { FamilyByText } from './family-by-text';
import { OwnAccount } from './own-account';
import { PayByText } from './pay-by-text';
import { readCommand } from './read-command';
import { say, type Message, type Outcome } from './text-order';

/** What a message asks for is done here, once however often it is taken up; what is to be said comes back. */
@Injectable()
export class AnswerMessage {
  constructor(
    private readonly pay: PayByText,
    private readonly account: OwnAccount,
    private readonly consent: AnswerConsent,
    private readonly family: FamilyByText,
    private readonly auto: AutoByText,
    private readonly language: ChooseLanguage,
  ) {}

  /** @throws whatever leaves the message undone; it is to be taken up again */
  async execute(message: Message, text: string): Promise<Outcome> {
    const command = readCommand(text);
    await this.language.heard(message.from, text);
    switch (command.kind) {
      case 'top_up':
        return this.pay.topUp(message, command.target, command.amount);
      case 'auto_set':
        return this.auto.set(message, command.target, command.amount);
      case 'auto_off':
        return this.auto.off(message, command.target);
      case 'skip':
        return this.auto.skip(message);
      case 'link':
        return this.family.link(message, command.number, command.nickname);
      case 'unlink':
        return this.family.unlink(message, command.target);
      case 'block':
        return this.family.block(message, command.number);
      case 'history':
        return this.account.history(message.from);
      case 'reply':
        return this.reply(message, command.code);
      case 'balance':
        return this.account.balance(message.from);
      case 'bind':
        return this.account.card(message.from);
      case 'unbind':
        return this.account.unbind(message.from);
      case 'english':
        return this.language.choose(message.from, 'en');
      case 'chinese':
        return this.language.choose(message.from, 'zh');
      case 'stop':
        await this.consent.refuse(message.from);
        return say('consent_refused');
      case 'help':
      case 'not_understood':
        return say(command.kind);
    }
  }

  /** A question to a payer comes before one to somebody who is to be paid for: the codes of the two may meet by chance. */
  private async reply(message: Message, code: string): Promise<Outcome> {
    const paid = await this.pay.reply(message, code);
    if (paid) return paid;
    return (await this.consent.agree(message.from, code)) ? { text: null, paymentNo: null } : say('not_understood');
  }
}
