import { z } from 'zod';
import { currency, digits, items, providerCode, type ItemsReply } from './common';

/**
 * exposure.receive (gateway): settlement has booked what a collecting partner remitted or paid in. A key counts once, and so
 * does a receipt that people had entered before.
 */
export const exposureReceive = items(
  z.object({
    key: z.string().min(1).max(64),
    provider: providerCode,
    kind: z.enum(['remittance', 'deposit']),
    /** Negative: the bank took it back. */
    amount: digits,
    currency,
    /** The bank's own reference. */
    receipt: z.string().regex(/^[\x21-\x7e]{1,64}$/),
  }),
);
export interface ExposureReceived {
  key: string;
  outcome: 'counted' | 'refused';
  replay: boolean;
  reason?: string;
}

export interface ExposureRpc {
  'exposure.receive': [z.input<typeof exposureReceive>, ItemsReply<ExposureReceived>];
}
