import { Inject, Injectable } from '@nestjs/common';
import type { GatewayConfig } from '../../gateway.config';
import { PersonNumbers } from '../../notifications/person-number';
import { FindRecent } from '../../payments';
import { CONFIG } from '../../platform';
import { DialoguesStore, type Wish } from './dialogues.store';
import { MessagesStore } from './messages.store';
import type { Message, TextOrder } from './text-order';

/** The same order of the same sender within the window is one payment, unless the first came to nothing. */
@Injectable()
export class Repeats {
  constructor(
    private readonly dialogues: DialoguesStore,
    private readonly messages: MessagesStore,
    private readonly payments: FindRecent,
    private readonly numbers: PersonNumbers,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** @returns whether this message, and no other, may pay */
  async mayPay(message: Message, order: TextOrder): Promise<boolean> {
    const wish: Wish = {
      numberBlind: this.numbers.blind(message.from),
      code: this.numbers.blind(`${order.number} ${order.amount}`).slice(0, 8),
      messageId: message.id,
      windowMs: this.config.SMS_REPEAT_WINDOW_MS,
    };
    const first = await this.dialogues.enter(wish);
    if (first === message.id) return true;
    return (await this.cameToNothing(first)) && (await this.dialogues.takeOver(wish, first));
  }

  private async cameToNothing(messageId: string): Promise<boolean> {
    const first = await this.messages.find(messageId);
    if (!first) return true;
    if (first.state === 'new') return false;
    const payment = first.payment_no === null ? null : await this.payments.byNumber(first.payment_no);
    return payment?.nothingTaken ?? true;
  }
}
