import { z } from 'zod';
import type { Params, SmsCode } from '../../notifications/sms-templates';

/** An answer to a phone: one of the texts, and its parts. */
export interface Text {
  code: SmsCode;
  params: Params;
}

/** What came of a message: an answer to send (a payment's receipts are written with it), and the payment's number. */
export interface Outcome {
  text: Text | null;
  paymentNo: string | null;
}

export const say = (code: SmsCode, params: Params = {}): Outcome => ({ text: { code, params }, paymentNo: null });

/** One answer per message, however often it is taken up. */
export const answerId = (messageId: string): string => `mo-${messageId}`;

export interface Message {
  id: string;
  /** Whole number, as the message centre says. */
  from: string;
}

/** A payment that a text asks for, complete; kept sealed while a question about it waits for its answer. */
export const textOrder = z.object({
  agreement: z.string(),
  number: z.string(),
  /** Proof of whose number it was when the question was asked. */
  numberQuery: z.string().optional(),
  /** Fen. */
  amount: z.string(),
  nickname: z.string(),
});
export type TextOrder = z.output<typeof textOrder>;
