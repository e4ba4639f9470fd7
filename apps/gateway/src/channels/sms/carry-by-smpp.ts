import { Inject, Injectable } from '@nestjs/common';
import { segmentsOf, TAG, tlv, type Esme, type Segment, type Submitted } from '@yidian/smpp';
import { createHash } from 'node:crypto';
import type { GatewayConfig } from '../../gateway.config';
import type { Carried, Parting, SmsWire } from '../../notifications/sms-wire';
import { CONFIG } from '../../platform';
import { SubmitsStore, type Part } from './submits.store';

const WITH_RECEIPT = 1;
const ISDN = 1;

/**
 * Promise: each part stands in a row before it leaves, and no part that the centre has named leaves again. A part whose answer
 * was lost does: a text twice is better than a receipt that never comes, and its reference lets a centre know it again.
 */
@Injectable()
export class CarryBySmpp implements SmsWire {
  private line: Esme | undefined;

  constructor(
    private readonly submits: SubmitsStore,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  over(line: Esme): void {
    this.line = line;
  }

  async carry({ id, to, text, tries }: Parting): Promise<Carried> {
    const line = this.line;
    if (!line?.bound) return 'later';
    const reference = referenceOf(id);
    const segments = segmentsOf(text, this.config.SMPP_LONG_BY, reference);
    const done = tries > 0 ? await this.submits.taken(id) : new Set<number>();
    const open = segments
      .map((segment, index) => ({ segment, partNo: index + 1 }))
      .filter((one) => !done.has(one.partNo));
    if (open.length === 0) return 'taken';
    await this.submits.intend(open.map(({ partNo }) => ({ messageId: id, partNo, tryNo: tries })));
    const outcomes = await Promise.all(
      open.map(({ segment, partNo }) => this.submit(line, to, segment, { messageId: id, partNo, tryNo: tries })),
    );
    return together(outcomes.map(({ outcome }) => outcome));
  }

  private async submit(line: Esme, to: string, segment: Segment, part: Part): Promise<Submitted> {
    const { tlvs, ...content } = segment;
    const reference = tlv(TAG.user_message_reference, 2, referenceOf(part.messageId));
    const submitted = await line.submit(
      {
        source_addr: this.config.SMS_SERVICE_NUMBER,
        source_addr_npi: ISDN,
        destination_addr: this.config.SMS_COUNTRY_CODE + to,
        dest_addr_ton: this.config.SMS_COUNTRY_CODE === '' ? 0 : 1,
        dest_addr_npi: ISDN,
        registered_delivery: WITH_RECEIPT,
        ...content,
      },
      [...tlvs, reference],
    );
    await this.submits.answered(part, submitted);
    return submitted;
  }
}

function together(outcomes: readonly Submitted['outcome'][]): Carried {
  for (const outcome of ['refused', 'unknown', 'later'] as const) if (outcomes.includes(outcome)) return outcome;
  return 'taken';
}

/** The same in every try of a message: what a centre may know it again by. */
const referenceOf = (id: string): number => createHash('sha256').update(id).digest().readUInt16BE(0);
