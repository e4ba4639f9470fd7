import { Inject, Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewayConfig } from '../../gateway.config';
import { PersonNumbers } from '../../notifications/person-number';
import { SmsSender } from '../../notifications/sms-sender';
import { CONFIG } from '../../platform';
import { AnswersStore } from './answers.store';

const LOOK_MS = 40;

/**
 * The answer to a text, handed over as the answer to its GET. Only where texts have no way of their own: a gateway that fails
 * after it was answered has lost it, and a text in a row is tried again. The same id gets the same answer.
 */
@Injectable()
export class ReplyInBody {
  constructor(
    private readonly answers: AnswersStore,
    private readonly sms: SmsSender,
    private readonly numbers: PersonNumbers,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** @returns empty when the answer takes its own way, or is not there in time */
  async execute(messageId: string): Promise<string> {
    if (this.sms.hasWire) return '';
    for (const until = Date.now() + this.config.SMS_GET_WAIT_MS; Date.now() < until; await sleep(LOOK_MS)) {
      const answer = await this.answers.to(messageId);
      if (!answer) continue;
      await this.answers.handedOver(answer.id);
      return this.numbers.openText(answer.text_sealed);
    }
    return '';
  }
}
