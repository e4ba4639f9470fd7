import { toJson } from '@yidian/money';
import { z } from 'zod';
import type { Capabilities, Connector, ConnectorDefinition, RefundRequest } from '../../../libs/connectors/contract';
import { without } from '../../../libs/connectors/contract';
import { SampleCallbacks } from './callbacks';
import { Link, type LinkOptions } from './link';

/** What it can do so far. Each ability that is added here is tried by the conformance suite at once. */
export const SAMPLE_CAPABILITIES: Capabilities = {
  debit: null,
  cashier: null,
  query: true,
  close: false,
  refund: { partial: true, windowDays: 365, query: true },
  reverse: false,
  agreement: null,
  statement: null,
  payouts: false,
  callbacks: ['debit.succeeded', 'debit.declined'],
};

export function sample(options: LinkOptions & { provider: string }): Connector {
  const link = new Link(options);
  return {
    ...without(options.provider),
    provider: options.provider,
    capabilities: SAMPLE_CAPABILITIES,
    callbacks: new SampleCallbacks(options.secret, options.now),
    queryDebit: ({ orderNo }, signal) => link.ask('/orders/query', { order_no: orderNo }, signal),
    refund: (request, signal) => link.tell('/refunds', refundOf(request), signal),
    queryRefund: ({ orderNo }, signal) => link.ask('/refunds/query', { order_no: orderNo }, signal),
    health: async (signal) => void (await link.post('/health', {}, signal)),
    close: () => link.close(),
  };
}

/** Its own number is the key: sent again it gives money back once. */
const refundOf = ({ orderNo, original, amount, currency }: RefundRequest): object => ({
  order_no: orderNo,
  original_order_no: original.orderNo,
  amount: toJson(amount),
  currency,
});

const settings = z.strictObject({
  /** Address of the provider's interface. */
  baseUrl: z.url(),
  /** Shared secret that seals both directions. */
  secret: z.string().min(16),
});

export const definition: ConnectorDefinition<typeof settings> = {
  name: 'sample',
  titleZh: 'sample',
  titleEn: 'sample',
  capabilities: SAMPLE_CAPABILITIES,
  settings,
  profile: {},
  formats: [],
  open: ({ baseUrl, secret }, { provider, now }) => sample({ provider, baseUrl, secret, now }),
};
