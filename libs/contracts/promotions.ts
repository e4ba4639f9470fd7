import { z } from 'zod';
import { digits } from './common';

/**
 * promotions.pull: what headquarters bears of gifts and discounts, as billing has posted it, lane by lane. Whoever pulls keeps
 * how far it has come; batches never change once they are there.
 */
export const promotionsPull = z.object({
  /** The last batch of each lane that was taken; a lane that is not named begins at its first one. */
  after: z.array(z.object({ lane: z.number().int().min(0), batch: digits })).max(4_096),
});

export interface Promotion {
  branch: string;
  /** discount: part of a payment's face, so its principal; gift: beside it, summed over payments. */
  kind: 'discount' | 'gift';
  /** Empty for gifts. */
  paymentNo: string;
  /** When billing gave it or took it back, Asia/Shanghai. */
  date: string;
  /** Signed minor units: given +, taken back −. */
  amount: string;
}

export interface PromotionsReply {
  stretches: {
    lane: number;
    /** Batches after `after`, up to `to`. */
    after: string;
    to: string;
    promotions: Promotion[];
  }[];
  more: boolean;
}
