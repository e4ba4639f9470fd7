import { Injectable } from '@nestjs/common';
import { PersonNumbers } from '../../notifications/person-number';
import { MessagesJob } from './messages.job';
import { MessagesStore, type MessageRow } from './messages.store';
import { readCommand } from './read-command';

/** Stores a message once under its id and rings for it; the message centre need not wait for banks. */
@Injectable()
export class KeepMessage {
  constructor(
    private readonly messages: MessagesStore,
    private readonly numbers: PersonNumbers,
    private readonly job: MessagesJob,
  ) {}

  async execute(message: { id: string; from: string; text: string }): Promise<void> {
    const from = this.numbers.keep(message.from);
    const now = new Date();
    const row: MessageRow = {
      id: message.id,
      from_blind: from.blind,
      from_masked: from.masked,
      from_sealed: from.sealed,
      text_sealed: this.numbers.sealText(message.text),
      command: readCommand(message.text).kind,
      state: 'new',
      payment_no: null,
      tries: 0,
      due_at: now,
      received_at: now,
    };
    if (await this.messages.keep(row)) this.job.ring(row);
  }
}
