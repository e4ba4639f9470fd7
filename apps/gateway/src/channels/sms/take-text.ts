import { Injectable } from '@nestjs/common';
import { PersonNumbers } from '../../notifications/person-number';
import { HandleText } from './handle-text';
import { parseSms } from './sms-command';
import { SmsInboxStore, type InboundRow } from './sms-inbox.store';

/** Stores a message once under its id and sets it going; the message centre need not wait for banks. */
@Injectable()
export class TakeText {
  constructor(
    private readonly inbox: SmsInboxStore,
    private readonly numbers: PersonNumbers,
    private readonly handle: HandleText,
  ) {}

  async execute(message: { id: string; from: string; text: string }): Promise<void> {
    const from = this.numbers.keep(message.from);
    const now = new Date();
    const row: InboundRow = {
      id: message.id,
      from_blind: from.blind,
      from_masked: from.masked,
      from_sealed: from.sealed,
      text_sealed: this.numbers.sealText(message.text),
      command: parseSms(message.text).kind,
      state: 'new',
      payment_no: null,
      tries: 0,
      due_at: now,
      received_at: now,
    };
    if (await this.inbox.keep(row)) void this.handle.take(row);
  }
}
