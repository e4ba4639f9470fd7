import { ESM, TAG } from './commands';
import { tlvNumber, type Pdu } from './pdu';
import { concatOf, readHeader, type Concat } from './user-data-header';

/** A deliver_sm, submit_sm or data_sm taken apart; the octets are still coded, since a part alone may end in half a letter. */
export interface Incoming {
  from: string;
  to: string;
  dataCoding: number;
  octets: Buffer;
  /** Null for a message that is whole. */
  concat: Concat | null;
  /** A report about a message of ours, and no message. */
  isReceipt: boolean;
  /** The sender's own number for the message, where it has one: the same in each retransmission. */
  reference: number | null;
}

export type Carrier = Pdu<'deliver_sm'> | Pdu<'submit_sm'> | Pdu<'data_sm'>;

export function incomingOf(pdu: Carrier): Incoming {
  const { body, tlvs } = pdu;
  const inline = 'short_message' in body ? body.short_message : Buffer.alloc(0);
  const payload = inline.length > 0 ? inline : (tlvs.get(TAG.message_payload) ?? inline);
  const { esm_class: esm, source_addr, destination_addr, data_coding } = body;
  const headed = (esm & ESM.udh) === 0 ? null : readHeader(payload);
  return {
    from: source_addr,
    to: destination_addr,
    dataCoding: data_coding,
    octets: headed?.text ?? payload,
    concat: headed?.concat ?? sarOf(pdu),
    isReceipt: (esm & ESM.typeMask) === ESM.receipt,
    reference: tlvNumber(tlvs, TAG.user_message_reference) ?? null,
  };
}

function sarOf({ tlvs }: Carrier): Concat | null {
  const reference = tlvNumber(tlvs, TAG.sar_msg_ref_num);
  const total = tlvNumber(tlvs, TAG.sar_total_segments);
  const part = tlvNumber(tlvs, TAG.sar_segment_seqnum);
  if (reference === undefined || total === undefined || part === undefined) return null;
  const concat = concatOf(reference, total, part);
  return concat && concat.total > 1 ? concat : null;
}
