import { TAG } from './commands';
import { tlvNumber, tlvText, type Tlvs } from './pdu';

/** States of a message (§5.2.28): by number in `message_state`, by word in the text of a receipt (appendix B). */
const STATES = ['', 'ENROUTE', 'DELIVRD', 'EXPIRED', 'DELETED', 'UNDELIV', 'ACCEPTD', 'UNKNOWN', 'REJECTD'] as const;
export type ReceiptState = Exclude<(typeof STATES)[number], ''>;

export interface Receipt {
  /** The centre's name for the message, as its submit_sm_resp said. */
  messageId: string;
  state: ReceiptState;
  /** Network's error, `000` for none. */
  error: string;
}

/** From the optional parameters where they are, else from the text; null when it names no message or no state. */
export function readReceipt(tlvs: Tlvs, text: string): Receipt | null {
  const messageId = tlvText(tlvs, TAG.receipted_message_id) ?? /\bid:(\S{1,65})/i.exec(text)?.[1];
  const state = STATES[tlvNumber(tlvs, TAG.message_state) ?? 0] || stateWord(/\bstat:([A-Z]+)/i.exec(text)?.[1]);
  if (!messageId || !state) return null;
  return { messageId, state, error: /\berr:(\S{1,8})/i.exec(text)?.[1] ?? '000' };
}

function stateWord(word: string | undefined): ReceiptState | undefined {
  const upper = word?.toUpperCase();
  return STATES.find((state): state is ReceiptState => state !== '' && state === upper);
}

/** The usual text of a receipt (appendix B); dates in the centre's own time. */
export function receiptText({ messageId, state, error }: Receipt, submitted: Date, done: Date): string {
  const delivered = state === 'DELIVRD' ? '001' : '000';
  const dates = `submit date:${stamp(submitted)} done date:${stamp(done)}`;
  return `id:${messageId} sub:001 dlvrd:${delivered} ${dates} stat:${state} err:${error} text:`;
}

export function receiptTlvs({ messageId, state }: Receipt): (readonly [number, Buffer])[] {
  return [
    [TAG.receipted_message_id, Buffer.from(`${messageId}\0`, 'latin1')],
    [TAG.message_state, Buffer.from([STATES.indexOf(state)])],
  ];
}

const stamp = (at: Date): string => at.toISOString().replace(/\D/g, '').slice(2, 12);
