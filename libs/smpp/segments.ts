import { ESM, TAG } from './commands';
import { tlv } from './pdu';
import { encodeText, CODING } from './text';
import { writeHeader } from './user-data-header';

/** How a message that is too long for one is sent. */
export type LongBy = 'udh8' | 'udh16' | 'sar' | 'payload';

/** What of a submit_sm or deliver_sm carries the text. */
export interface Segment {
  esm_class: number;
  data_coding: number;
  short_message: Buffer;
  tlvs: (readonly [number, Buffer])[];
}

/** Octets on the SMPP link: 160 characters of seven bits go over the air as 140 octets, which is what limits a segment. */
const ROOM = { [CODING.default]: 160, [CODING.ucs2]: 140 };
/** With a header of 6 octets (or 7); with SAR the centre writes the header of 6 itself. */
const ROOM_OF_PART = {
  [CODING.default]: { udh8: 153, udh16: 152, sar: 153 },
  [CODING.ucs2]: { udh8: 134, udh16: 132, sar: 134 },
};
const MOST_PARTS = 255;

/** @param reference tells this message from others of the same sender. @throws RangeError for a text of over 255 parts */
export function segmentsOf(text: string, by: LongBy, reference: number): Segment[] {
  const { dataCoding, letters } = encodeText(text);
  const coding = dataCoding as keyof typeof ROOM;
  const whole = Buffer.from(letters.flat());
  const one = { esm_class: 0, data_coding: dataCoding, tlvs: [] };
  if (whole.length <= ROOM[coding]) return [{ ...one, short_message: whole }];
  if (by === 'payload') {
    return [{ ...one, short_message: Buffer.alloc(0), tlvs: [[TAG.message_payload, whole]] }];
  }
  const parts = cut(letters, ROOM_OF_PART[coding][by]);
  const total = parts.length;
  if (total > MOST_PARTS) throw new RangeError('a text of more than 255 parts');
  return parts.map((octets, index) => {
    const concat = { reference, total, part: index + 1 };
    if (by === 'sar') {
      const tlvs = [
        tlv(TAG.sar_msg_ref_num, 2, reference & 0xffff),
        tlv(TAG.sar_total_segments, 1, total),
        tlv(TAG.sar_segment_seqnum, 1, index + 1),
      ];
      return { ...one, short_message: octets, tlvs };
    }
    const header = writeHeader(concat, by === 'udh8' ? 8 : 16);
    return { ...one, esm_class: ESM.udh, short_message: Buffer.concat([header, octets]) };
  });
}

function cut(letters: readonly (readonly number[])[], room: number): Buffer[] {
  const parts: number[][] = [[]];
  for (const letter of letters) {
    let last = parts[parts.length - 1] as number[];
    if (last.length + letter.length > room) parts.push((last = []));
    last.push(...letter);
  }
  return parts.map((octets) => Buffer.from(octets));
}

/** What a text costs: segments of 160 (or 153) characters, or of 70 (or 67) units where one letter needs UCS-2. */
export function segmentCount(text: string): number {
  return segmentsOf(text, 'udh8', 0).length;
}
