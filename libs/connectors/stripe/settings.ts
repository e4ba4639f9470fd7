import { z } from 'zod';

/** For verifying callbacks `webhookSecrets` is enough; whoever calls needs `apiKey`, too. */
export const settings = z.strictObject({
  webhookSecrets: z
    .array(z.string().regex(/^\S{8,255}$/))
    .min(1)
    .max(8)
    .describe(
      'Signing secrets of the webhook endpoint, whole, such as whsec_…; old and new together while they change',
    ),
  apiKey: z
    .string()
    .regex(/^\S{8,255}$/)
    .optional()
    .describe('Secret or restricted key, sk_… or rk_…; without it nothing is ever sent'),
  baseUrl: z
    .url()
    .default('https://api.stripe.com')
    .describe('Where the API answers; its paths, such as /v1/refunds, are added'),
  filesUrl: z
    .url()
    .default('https://files.stripe.com')
    .describe('Where files of reports are fetched; /v1/files/… is added'),
  stripeAccount: z
    .string()
    .regex(/^acct_\w{1,64}$/)
    .optional()
    .describe('Connected account that all calls are made for'),
  paymentMethodTypes: z
    .array(z.string().regex(/^[a-z_]{2,40}$/))
    .max(20)
    .default([])
    .describe('Kinds of payment offered at the cashier; none named: those switched on at Stripe'),
  agreementMethodTypes: z
    .array(z.string().regex(/^[a-z_]{2,40}$/))
    .min(1)
    .max(20)
    .default(['card'])
    .describe('Kinds of payment that agreements can be signed for'),
  report: z
    .enum(['balance', 'payout'])
    .default('balance')
    .describe('Which report is the statement: changes of the balance, or what the payouts of a day were made of'),
  balanceReport: z
    .string()
    .regex(/^[a-z_.0-9]{8,80}$/)
    .default('balance_change_from_activity.itemized.3')
    .describe('Report type behind `balance`'),
  payoutReport: z
    .string()
    .regex(/^[a-z_.0-9]{8,80}$/)
    .default('payout_reconciliation.itemized.5')
    .describe('Report type behind `payout`'),
  timezone: z.string().max(64).default('Asia/Shanghai').describe('Zone that the report prints local times in'),
});
export type StripeSettings = z.output<typeof settings>;
