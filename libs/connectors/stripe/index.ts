import type { Capabilities, Connector, ConnectorDefinition } from '../contract';
import { without } from '../contract';
import { endAgreement, queryAgreement, startAgreement } from './agreements';
import { StripeApi } from './api';
import { StripeCallbacks } from './callbacks';
import { closeCashier, openCashier } from './cashiers';
import { debit, queryDebit } from './debits';
import { queryRefund, refund } from './refunds';
import { BALANCE_FORMAT, PAYOUT_FORMAT, StripeBalance, StripePayout } from './report-format';
import { fetchStatement } from './reports';
import { settings, type StripeSettings } from './settings';

export { BALANCE_FORMAT, PAYOUT_FORMAT, StripeBalance, StripePayout } from './report-format';
export { settings, type StripeSettings } from './settings';

export const STRIPE_CAPABILITIES: Capabilities = {
  debit: { batch: false },
  cashier: { presentations: ['redirect'] },
  query: true,
  close: true,
  refund: { partial: true, windowDays: 365, query: true },
  reverse: false,
  agreement: { query: true, unsign: true, file: false },
  statement: { formats: [BALANCE_FORMAT, PAYOUT_FORMAT] },
  payouts: false,
  callbacks: [
    'debit.succeeded',
    'debit.declined',
    'debit.returned',
    'refund.succeeded',
    'refund.failed',
    'agreement.signed',
    'agreement.ended',
  ],
};

/** @param pollMs between two questions about a report run */
export function stripe(given: StripeSettings, provider: string, now: () => Date, pollMs?: number): Connector {
  const api = new StripeApi(given, provider, now);
  const { paymentMethodTypes, agreementMethodTypes } = given;
  return {
    ...without(provider),
    provider,
    capabilities: STRIPE_CAPABILITIES,
    callbacks: new StripeCallbacks(given.webhookSecrets, now),
    debit: (request, signal) => debit(api, request, agreementMethodTypes, signal),
    queryDebit: (order, signal) => queryDebit(api, order, signal),
    openCashier: (request, signal) => openCashier(api, request, paymentMethodTypes, signal),
    closeCashier: (order, signal) => closeCashier(api, order, signal),
    refund: (request, signal) => refund(api, request, signal),
    queryRefund: (request, signal) => queryRefund(api, request, signal),
    startAgreement: (request, signal) => startAgreement(api, request, agreementMethodTypes, signal),
    queryAgreement: (agreement, signal) => queryAgreement(api, agreement, signal),
    endAgreement: (agreement, signal) => endAgreement(api, agreement, signal),
    fetchStatement: (date, signal) => fetchStatement(api, given, date, signal, pollMs),
    health: (signal) => api.call(signal, async (kit) => void (await kit.balance.retrieve())),
    close: () => api.close(),
  };
}

export const definition: ConnectorDefinition<typeof settings> = {
  name: 'stripe',
  titleZh: 'Stripe',
  titleEn: 'Stripe',
  capabilities: STRIPE_CAPABILITIES,
  settings,
  profile: {
    refundWindowDays: 365,
    feeOnRefund: 'kept',
    fee: 'netted',
    allowsReturns: true,
    cutOff: '00:00',
    statementFrom: '12:00',
    statementDeadline: '23:00',
    payoutLagDays: 3,
    calendar: 'china',
  },
  formats: [StripeBalance, StripePayout],
  open: (given, { provider, now }) => stripe(given, provider, now),
};
