import { Injectable } from '@nestjs/common';
import { maskNumber, newCode } from '@yidian/security';
import { PersonNumbers } from '../../notifications/person-number';
import { shortYuan } from '../../notifications/sms-words';
import { DialoguesStore } from './dialogues.store';
import { say, textOrder, type Message, type Outcome, type TextOrder } from './text-order';

const LIVES_MS = 5 * 60_000;

/** Questions to the sender of a text, and what his reply to one means. */
@Injectable()
export class Questions {
  constructor(
    private readonly dialogues: DialoguesStore,
    private readonly numbers: PersonNumbers,
  ) {}

  async confirm(message: Message, order: TextOrder): Promise<Outcome> {
    const code = await this.put(message, newCode(4), 'confirm', order);
    const { nickname, number, amount } = order;
    return say('confirm', { who: nickname, number: maskNumber(number), amount: shortYuan(BigInt(amount)), code });
  }

  async payAgain(message: Message, order: TextOrder): Promise<Outcome> {
    return say('repeated', { code: await this.put(message, newCode(4), 'confirm', order) });
  }

  async choose(message: Message, word: string, orders: readonly TextOrder[]): Promise<Outcome> {
    for (const [index, order] of orders.entries()) await this.put(message, String(index + 1), 'choice', order);
    const named = orders.map(({ nickname, number }) => ({ nickname, number: maskNumber(number) }));
    const [first, second, third] = named.map(({ nickname, number }) => nickname + number);
    if (third === undefined) return say('ambiguous', { word, first: first ?? '', second: second ?? '' });
    // Three whole numbers do not fit: the last four figures tell them apart.
    const list = named.map(({ nickname, number }, index) => `${index + 1}${nickname}${number.slice(-4)}`).join(',');
    return say('choose', { word, list, times: String(named.length) });
  }

  /** Null when no open question of this number has that answer. */
  async answered(message: Message, code: string): Promise<TextOrder | null> {
    const asked = await this.dialogues.answer(this.numbers.blind(message.from), code, message.id);
    return asked ? textOrder.parse(JSON.parse(this.numbers.openText(asked.payload_sealed))) : null;
  }

  private async put(message: Message, code: string, kind: 'confirm' | 'choice', order: TextOrder): Promise<string> {
    const now = new Date();
    await this.dialogues.ask({
      number_blind: this.numbers.blind(message.from),
      code,
      kind,
      payload_sealed: this.numbers.sealText(JSON.stringify(order)),
      expires_at: new Date(now.getTime() + LIVES_MS),
      used_by: null,
      created_at: now,
    });
    return code;
  }
}
