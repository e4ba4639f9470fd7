import { z } from 'zod';
import { branchCode, currency, items, paymentNumber } from './common';
import { positiveDigits } from './policies';

/** What approved resolutions do to a credit, beside credits.reverse. Key = resolution id. */
const resolution = {
  key: z.string().min(1).max(40),
  paymentNo: paymentNumber,
  currency,
  reason: z.string().max(200),
  actor: z.string().min(1).max(64),
};

/**
 * credits.writeOff: the provider never had the money and the home branch bears it; what headquarters bears comes as settled
 * principal (settled.post).
 */
export const creditsWriteOff = items(z.object({ ...resolution, amount: positiveDigits }));

/** credits.giveBack: a refund failed for good after its value was taken; once per refund number. */
export const creditsGiveBack = items(
  z.object({
    ...resolution,
    /** Refund or reversal number under which the value was taken. */
    refNo: z.string().min(1).max(32),
  }),
);

/** credits.move: the credit went to a subscriber of the wrong branch; what is left of it moves, once per payment. */
export const creditsMove = items(
  z.object({ ...resolution, to: z.object({ subscriberId: z.string().min(1).max(32), branch: branchCode }) }),
);

/** credits.payees: whose number a credit went to, by payment number. */
export const creditsPayees = items(z.object({ key: paymentNumber }));
export interface PayeeAnswer {
  key: string;
  /** Null: billing has not decided such a credit, or voided it unseen. */
  payee: { subscriberId: string; msisdn: string; ownerVersion: number } | null;
}
