import type { Capabilities, Connector, ConnectorDefinition, Surroundings } from '../contract';
import { without } from '../contract';
import { endAgreement, queryAgreement, startAgreement } from './agreements';
import { fetchBill } from './bills';
import { WechatCallbacks } from './callbacks';
import { openCashier } from './cashiers';
import { CertificateDownload } from './certificates';
import { debit } from './debits';
import { FUND_FLOW, WECHAT_FUNDFLOW } from './fund-flow';
import { Link } from './link';
import { merchantOf, required } from './merchant';
import { closeOrder, queryDebit } from './orders';
import { platformKey, PlatformKeys } from './platform-keys';
import { queryRefund, refund } from './refunds';
import { settings, type WechatPaySettings } from './settings';
import { TRADE_BILL, WECHAT_TRADE } from './trade-bill';

export { FUND_FLOW, WECHAT_FUNDFLOW } from './fund-flow';
export { TRADE_BILL, WECHAT_TRADE } from './trade-bill';
export type { WechatPaySettings } from './settings';

export const WECHAT_PAY_CAPABILITIES: Capabilities = {
  debit: { batch: false },
  cashier: { presentations: ['qr', 'redirect', 'app'] },
  query: true,
  close: true,
  refund: { partial: true, windowDays: 365, query: true },
  reverse: false,
  agreement: { query: true, unsign: true, file: false },
  statement: { formats: [TRADE_BILL, FUND_FLOW] },
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

/** Ms that fetching keys in the background may take. */
const LEARN_MS = 5_000;

/** APIv3 keys that open what is sealed, the current one first. */
const apiV3KeysOf = ({ apiV3Key, formerApiV3Keys }: WechatPaySettings): string[] =>
  apiV3Key === undefined ? formerApiV3Keys : [apiV3Key, ...formerApiV3Keys];

/** WeChat Pay, API v3: JSON over HTTPS, signed by RSA in both directions. */
export function wechatPay(given: WechatPaySettings, around: Omit<Surroundings, 'ourKey'>): Connector {
  const { provider, callbackUrl: notifyUrl, now } = around;
  const merchant = merchantOf(given);
  const keys = new PlatformKeys(given.platformKeys.map(platformKey));
  const apiV3Keys = apiV3KeysOf(given);
  const download = new CertificateDownload(keys, apiV3Keys, now);
  const learns = merchant !== null && given.downloadCertificates;
  const learnKeys = (serial: string, signal: AbortSignal): Promise<boolean> =>
    learns ? download.learn(link, serial, signal) : Promise.resolve(false);
  const link: Link = new Link({ baseUrl: given.baseUrl, merchant, keys, now, learnKeys });
  const us = () => required(merchant, 'merchantPrivateKeyPem');
  const orders = () => ({ link, merchant: us(), notifyUrl, h5ClientIp: given.h5ClientIp, now });
  const debits = () => ({ ...orders(), schedule: given.scheduleDebits });
  const contracts = () => ({ ...orders(), planId: required(given.planId, 'planId') });
  return {
    ...without(provider),
    provider,
    capabilities: WECHAT_PAY_CAPABILITIES,
    callbacks: new WechatCallbacks({
      keys,
      apiV3Keys,
      mchid: given.mchid,
      now,
      unknownSerial: (serial) => void learnKeys(serial, AbortSignal.timeout(LEARN_MS)).catch(() => undefined),
    }),
    debit: async (request, signal) => debit(debits(), request, signal),
    queryDebit: async (order, signal) => queryDebit(link, us(), order, signal),
    openCashier: async (request, signal) => openCashier(orders(), request, signal),
    closeCashier: async (order, signal) => closeOrder(link, us(), order, signal),
    refund: (request, signal) => refund(link, notifyUrl, request, signal),
    queryRefund: (request, signal) => queryRefund(link, request, signal),
    startAgreement: async (request, signal) => startAgreement(contracts(), request, signal),
    queryAgreement: async (agreement, signal) => queryAgreement(contracts(), agreement, signal),
    endAgreement: async (agreement, signal) => endAgreement(contracts(), agreement, signal),
    fetchStatement: (date, signal) => fetchBill(link, given.bill, date, signal),
    // Answered with "none" where only a public key is used: any signed answer says that it is there.
    health: async (signal) => void (await link.get('/v3/certificates', signal)),
    close: () => link.close(),
  };
}

export const definition: ConnectorDefinition<typeof settings> = {
  name: 'wechat-pay',
  titleZh: '微信支付',
  titleEn: 'WeChat Pay',
  capabilities: WECHAT_PAY_CAPABILITIES,
  settings,
  profile: {
    cutOff: '00:00',
    statementFrom: '10:00',
    statementDeadline: '14:00',
    statementEveryMinutes: 30,
  },
  formats: [WECHAT_TRADE, WECHAT_FUNDFLOW],
  open: (given, around) => wechatPay(given, around),
  /** Asks nobody: an unknown certificate stays unknown. */
  openCallbacks: (keys, { now }) => {
    const given = settings.parse(keys);
    return new WechatCallbacks({
      keys: new PlatformKeys(given.platformKeys.map(platformKey)),
      apiV3Keys: apiV3KeysOf(given),
      mchid: given.mchid,
      now,
      unknownSerial: () => undefined,
    });
  },
};
