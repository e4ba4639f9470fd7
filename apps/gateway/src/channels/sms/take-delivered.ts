import { Inject, Injectable } from '@nestjs/common';
import {
  decodeText,
  groupKey,
  incomingOf,
  joinParts,
  readReceipt,
  STATUS,
  type Carrier,
  type Incoming,
} from '@yidian/smpp';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewayConfig } from '../../gateway.config';
import { PersonNumbers } from '../../notifications/person-number';
import { CONFIG, LOGGER, type Logger } from '../../platform';
import { KeepMessage } from './keep-message';
import { mobileNumber } from './mobile-number';
import { PartsStore, type PartRow } from './parts.store';
import { SubmitsStore } from './submits.store';

/** A receipt may overtake the answer that names its message. */
const RECEIPT_TRIES = 5;
const RECEIPT_PAUSE_MS = 200;
/** More is not read as a command in any case, and a row holds only so much. */
const LONGEST_TEXT = 1_000;

/**
 * Promise: what the centre brings is in a row before it is told so, once however often it is brought. The same octets are the
 * same message when they have the sender's own reference, came while the first waited for its answer, bear the same number on
 * the same connection, or came over another one soon after, since nobody knows whether the last answer arrived there.
 */
@Injectable()
export class TakeDelivered {
  private readonly underWay = new Map<string, Promise<number>>();

  constructor(
    private readonly parts: PartsStore,
    private readonly submits: SubmitsStore,
    private readonly messages: KeepMessage,
    private readonly numbers: PersonNumbers,
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @returns the status of the deliver_sm_resp; a message that could not be kept is to be brought again */
  async execute(pdu: Carrier, link: string): Promise<number> {
    const message = incomingOf(pdu);
    try {
      if (message.isReceipt) return await this.receipt(pdu, message);
      const from = mobileNumber(message.from);
      if (!from) return STATUS.rejected;
      const fingerprint = this.fingerprintOf(pdu, message);
      const waiting = this.underWay.get(fingerprint);
      if (waiting) return await waiting;
      const work = this.take(message, from, { fingerprint, link, sequence: pdu.sequence });
      this.underWay.set(fingerprint, work);
      return await work.finally(() => this.underWay.delete(fingerprint));
    } catch (err) {
      this.logger.warn({ err }, 'a message could not be kept');
      return STATUS.temporaryError;
    }
  }

  /** @returns whether the message is complete and kept */
  async complete(part: PartRow): Promise<boolean> {
    const since = new Date(part.received_at.getTime() - this.config.SMPP_PARTS_MS);
    const rows = await this.parts.open(part.group_key, since);
    const byNumber = new Map(rows.map((row) => [row.part_no, row]));
    if (byNumber.size < part.part_count) return false;
    await this.keep([...byNumber.values()], part.data_coding);
    return true;
  }

  /** What will never be whole is answered like any text that cannot be read: nothing of it is carried out. */
  async giveUp(part: PartRow): Promise<void> {
    const rows = await this.parts.open(part.group_key, part.received_at);
    await this.keep(rows.length > 0 ? rows : [part], null);
  }

  private async take(
    message: Incoming,
    from: string,
    { fingerprint, link, sequence }: Pick<PartRow, 'fingerprint' | 'link' | 'sequence'>,
  ): Promise<number> {
    const { row } = await this.parts.keep(
      {
        ...{ fingerprint, link, sequence },
        // A message in one part is a group of its own.
        group_key: this.numbers.blind(message.concat ? groupKey(message) : `${fingerprint}/${link}/${sequence}`),
        part_no: message.concat?.part ?? 1,
        part_count: message.concat?.total ?? 1,
        data_coding: message.dataCoding,
        from_sealed: this.numbers.keep(from).sealed,
        octets_sealed: this.numbers.sealText(message.octets.toString('base64')),
        received_at: new Date(),
      },
      (earlier) => this.same(earlier, { link, sequence, reference: message.reference }),
    );
    if (row.message_id === null) await this.complete(row);
    return STATUS.ok;
  }

  private same(
    earlier: PartRow,
    { link, sequence, reference }: { link: string; sequence: number; reference: number | null },
  ): boolean {
    if (Date.now() - earlier.received_at.getTime() > this.config.SMPP_REPEAT_MS) return false;
    if (reference !== null) return true;
    return earlier.link !== link || earlier.sequence === sequence;
  }

  private async keep(rows: readonly PartRow[], dataCoding: number | null): Promise<void> {
    const [first] = rows.toSorted((a, b) => a.part_no - b.part_no);
    if (!first) return;
    const octets = new Map(
      rows.map((row) => [row.part_no, Buffer.from(this.numbers.openText(row.octets_sealed), 'base64')]),
    );
    const text = dataCoding === null ? null : decodeText(dataCoding, joinParts(octets), this.config.SMPP_ALPHABET);
    const id = `smpp-${first.fingerprint}-${first.n}`;
    const from = this.numbers.open(first.from_sealed);
    await this.messages.execute({ id, from, text: (text ?? '').slice(0, LONGEST_TEXT) });
    await this.parts.joined(rows, id);
  }

  private fingerprintOf({ body }: Carrier, message: Incoming): string {
    const { from, to, dataCoding, concat, octets, reference } = message;
    const part = concat ? `${concat.reference}/${concat.total}/${concat.part}` : '';
    const head = [from, to, dataCoding, body.esm_class, part, reference ?? ''].join('|');
    return this.numbers.blind(`${head}|${octets.toString('base64')}`);
  }

  private async receipt(pdu: Carrier, { octets, dataCoding }: Incoming): Promise<number> {
    const receipt = readReceipt(pdu.tlvs, decodeText(dataCoding, octets, 'ascii') ?? '');
    if (!receipt) return STATUS.ok;
    for (let tries = 1; !(await this.submits.receipt(receipt)); tries += 1) {
      if (tries === RECEIPT_TRIES) break; // of a message that is not ours, or too old
      await sleep(RECEIPT_PAUSE_MS);
    }
    return STATUS.ok;
  }
}
