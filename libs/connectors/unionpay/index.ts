import type { Capabilities, Connector, ConnectorDefinition, Surroundings } from '../contract';
import { without } from '../contract';
import { endAgreement, queryAgreement, startAgreement } from './agreements';
import { UnionPayCallbacks } from './callbacks';
import { openCashier } from './cashiers';
import { debit } from './debits';
import { fetchStatement } from './file-transfer';
import { Link } from './link';
import { merchantOf } from './merchant';
import { queryOrder } from './orders';
import { refund } from './refunds';
import { settings, type UnionPaySettings } from './settings';
import { Trust } from './trust';
import { UNIONPAY_ZM, UNIONPAY_ZME, ZM, ZME } from './zm-format';

export { UNIONPAY_ZM, UNIONPAY_ZME, ZM, ZME } from './zm-format';
export type { UnionPaySettings } from './settings';

export const UNIONPAY_CAPABILITIES: Capabilities = {
  debit: { batch: false },
  cashier: { presentations: ['redirect', 'qr', 'app'] },
  query: true,
  // Orders end by their own time (payTimeout); nobody can close one before.
  close: false,
  refund: { partial: true, windowDays: 330, query: true },
  reverse: true,
  agreement: { query: true, unsign: true, file: false },
  statement: { formats: [ZM, ZME] },
  payouts: false,
  callbacks: [
    'debit.succeeded',
    'debit.declined',
    'refund.succeeded',
    'refund.failed',
    'agreement.signed',
    'agreement.ended',
  ],
};

/** An order that nobody makes: to ask about it moves nothing. */
const NO_ORDER = { orderNo: '00000000', amount: 0n, currency: 'CNY', providerTxnId: '' };

/** UnionPay's all-channel gateway (全渠道), version 5.1.0: signed forms in both directions. */
export function unionPay(given: UnionPaySettings, around: Omit<Surroundings, 'ourKey'>): Connector {
  const { provider, callbackUrl: notifyUrl, now } = around;
  const { baseUrl, fileUrl, signMethod: method, accessType, queryBizType, refundBizType, merId } = given;
  const trust = new Trust(given);
  const link = new Link({ baseUrl, fileUrl, merchant: merchantOf(given), method, trust, now });
  const place = {
    ...{ link, notifyUrl, accessType, queryBizType, refundBizType, now },
    product: given.agreement,
  };
  return {
    ...without(provider),
    provider,
    capabilities: UNIONPAY_CAPABILITIES,
    callbacks: new UnionPayCallbacks({ method, trust, merId, now }),
    debit: (request, signal) => debit(place, request, signal),
    queryDebit: (order, signal) => queryOrder(place, order, signal),
    openCashier: (request, signal) => openCashier(place, request, signal),
    refund: (request, signal) => refund(place, request, signal),
    queryRefund: (request, signal) => queryOrder(place, request, signal),
    startAgreement: (request) => Promise.resolve().then(() => startAgreement(place, request)),
    queryAgreement: (agreement, signal) => queryAgreement(place, agreement, signal),
    endAgreement: (agreement, signal) => endAgreement(place, agreement, signal),
    fetchStatement: (date, signal) => fetchStatement(place, date, signal),
    health: async (signal) => void (await queryOrder(place, { ...NO_ORDER, orderedAt: now() }, signal)),
    close: () => link.close(),
  };
}

export const definition: ConnectorDefinition<typeof settings> = {
  name: 'unionpay',
  titleZh: '银联',
  titleEn: 'UnionPay',
  capabilities: UNIONPAY_CAPABILITIES,
  settings,
  profile: {
    cutOff: '23:00',
    statementFrom: '09:00',
    statementDeadline: '14:00',
    refundWindowDays: 330,
    allowsReturns: true,
  },
  formats: [UNIONPAY_ZM, UNIONPAY_ZME],
  open: (given, around) => unionPay(given, around),
};
