import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  decodeText,
  ESM,
  incomingOf,
  Reassembly,
  receiptText,
  receiptTlvs,
  segmentsOf,
  Smsc,
  STATUS,
  TAG,
  tlv,
  type Incoming,
  type Pdu,
  type Segment,
  type Session,
} from '@yidian/smpp';
import type { Phones } from '../phones/phones';
import { SERVICE_NUMBER, SMPP_SYSTEM_ID, smppPassword } from './smpp-account';

const LINK = { window: 50, answerMs: 10_000, enquireMs: 20_000 };
const TRIES = 60;
const WITH_RECEIPT = 1;
const RECEIPT_AFTER_MS = 20;

/** The message centre's SMPP side: phones' texts go to whoever has bound, and what is submitted rings on the phones. */
export class SmppCentre {
  private readonly smsc: Smsc;
  private readonly parts = new Reassembly();

  constructor(
    private readonly phones: Phones,
    secret: string,
    bindsWith = smppPassword(secret),
  ) {
    const password = Buffer.from(bindsWith);
    this.smsc = new Smsc('SANDBOX', LINK, {
      authenticate: (body) => {
        const theirs = Buffer.from(body.password);
        const known = theirs.length === password.length && timingSafeEqual(theirs, password);
        if (body.system_id !== SMPP_SYSTEM_ID) return STATUS.invalidSystemId;
        return known ? STATUS.ok : STATUS.invalidPassword;
      },
      submit: (pdu, session) => Promise.resolve(this.take(pdu, session)),
    });
  }

  listen(port: number, host: string): Promise<number> {
    return this.smsc.listen(port, host);
  }

  close(): Promise<void> {
    return this.smsc.close();
  }

  /** Ends every connection without a word, as a centre that fails. */
  dropAll(): void {
    this.smsc.dropAll();
  }

  /**
   * Brings one message of a phone, each part again until it is taken; its reference tells whoever takes it that it is the same.
   * @throws Error when it is refused for good, or nobody takes it
   */
  async bring(id: string, from: string, text: string): Promise<void> {
    const reference = createHash('sha256').update(id).digest().readUInt16BE(0);
    for (const segment of segmentsOf(text, 'sar', reference)) await this.bringPart(segment, from, reference);
  }

  private async bringPart({ tlvs, ...content }: Segment, from: string, reference: number): Promise<void> {
    const body = {
      source_addr: from,
      source_addr_npi: 1,
      destination_addr: SERVICE_NUMBER,
      dest_addr_npi: 1,
      ...content,
    };
    const all = [...tlvs, tlv(TAG.user_message_reference, 2, reference)];
    for (let tries = 1; tries <= TRIES; tries += 1) {
      const reply = await this.smsc.receiver()?.deliver(body, all);
      if (reply?.got === 'answer') {
        const { status } = reply.pdu;
        if (status === STATUS.ok) return;
        if (status === STATUS.rejected) throw new Error('the gateway refused a message');
      }
      await sleep(Math.min(50 * 2 ** tries, 1_000)); // not taken, or taken and the answer lost
    }
    throw new Error('the gateway takes no messages');
  }

  private take(pdu: Pdu<'submit_sm'> | Pdu<'data_sm'>, session: Session): { status: number; messageId: string } {
    const message = incomingOf(pdu);
    const to = /^\+?(?:86)?(1\d{10})$/.exec(message.to)?.[1];
    if (!to) return { status: STATUS.invalidDestination, messageId: '' };
    const messageId = randomUUID().slice(0, 18);
    const octets = this.parts.add(message);
    if (octets) this.ring(to, message, octets);
    if ((pdu.body.registered_delivery & WITH_RECEIPT) !== 0) {
      setTimeout(() => void this.report(message, messageId, session), RECEIPT_AFTER_MS).unref();
    }
    return { status: STATUS.ok, messageId };
  }

  /** A message that comes again under its reference rings once. */
  private ring(to: string, { reference, dataCoding }: Incoming, octets: Buffer): void {
    const text = decodeText(dataCoding, octets);
    if (text === null) return;
    const same = `mt-${to}-${reference}-${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
    this.phones.receive(reference === null ? randomUUID() : same, to, text);
  }

  private async report({ from, to }: Incoming, messageId: string, session: Session): Promise<void> {
    const receipt = { messageId, state: 'DELIVRD', error: '000' } as const;
    const body = {
      source_addr: to,
      destination_addr: from,
      esm_class: ESM.receipt,
      short_message: Buffer.from(receiptText(receipt, new Date(), new Date())),
    };
    await session.deliver(body, receiptTlvs(receipt));
  }
}
