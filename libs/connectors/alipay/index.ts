import type { Capabilities, Connector, ConnectorDefinition, Surroundings } from '../contract';
import { without } from '../contract';
import { endAgreement, queryAgreement, startAgreement } from './agreements';
import { AlipayKeys, certificateKey, publicKey, type AlipayKey } from './alipay-keys';
import { fetchBill } from './bills';
import { AlipayCallbacks } from './callbacks';
import { openCashier } from './cashiers';
import { CertificateDownload } from './certificates';
import { debit } from './debits';
import { ALIPAY_SIGNCUSTOMER, SIGNCUSTOMER } from './fund-flow';
import { Link } from './link';
import { merchantOf } from './merchant';
import { closeOrder, queryDebit } from './orders';
import { queryRefund, refund } from './refunds';
import { settings, type AlipaySettings } from './settings';
import { ALIPAY_TRADE, TRADE_DETAIL } from './trade-detail';

export { ALIPAY_SIGNCUSTOMER, SIGNCUSTOMER } from './fund-flow';
export { ALIPAY_TRADE, TRADE_DETAIL } from './trade-detail';
export type { AlipaySettings } from './settings';

export const ALIPAY_CAPABILITIES: Capabilities = {
  debit: { batch: false },
  cashier: { presentations: ['redirect', 'qr', 'app'] },
  query: true,
  close: true,
  refund: { partial: true, windowDays: 365, query: true },
  reverse: true,
  agreement: { query: true, unsign: true, file: false },
  statement: { formats: [TRADE_DETAIL, SIGNCUSTOMER] },
  payouts: false,
  callbacks: ['debit.succeeded', 'debit.declined', 'refund.succeeded', 'agreement.signed', 'agreement.ended'],
};

/** Ms that fetching a certificate in the background may take. */
const LEARN_MS = 5_000;

/** Alipay's open platform: forms over HTTPS, signed by RSA in both directions. */
export function alipay(given: AlipaySettings, around: Omit<Surroundings, 'ourKey'>): Connector {
  const { provider, callbackUrl: notifyUrl, now } = around;
  const { alipayRootCertificatePem: rootPem, appId, sellerId, agreement: kind, gateway, redirectTo, bill } = given;
  const keys = new AlipayKeys(given.alipayKeys.map((text) => alipayKey(text, rootPem)));
  const merchant = merchantOf(given);
  const learns = rootPem !== undefined && merchant !== null && given.downloadCertificates;
  const certificates = learns ? new CertificateDownload(keys, rootPem, now) : null;
  const learn = (sn: string, signal: AbortSignal): Promise<boolean> =>
    certificates?.learn(link, sn, signal) ?? Promise.resolve(false);
  const link: Link = new Link({ gateway, merchant, keys, now, learn });
  const agreements = { link, notifyUrl, kind, now };
  const unknownCertificate = (sn: string) => void learn(sn, AbortSignal.timeout(LEARN_MS)).catch(() => undefined);
  return {
    ...without(provider),
    provider,
    capabilities: ALIPAY_CAPABILITIES,
    callbacks: new AlipayCallbacks({ keys, appId, sellerId, now, unknownCertificate }),
    debit: (request, signal) => debit({ link, notifyUrl, productCode: kind.productCode }, request, signal),
    queryDebit: (order, signal) => queryDebit(link, order, signal),
    openCashier: (request, signal) => openCashier({ link, notifyUrl, redirectTo, now }, request, signal),
    closeCashier: (order, signal) => closeOrder(link, order, signal),
    refund: (request, signal) => refund(link, request, signal),
    queryRefund: (request, signal) => queryRefund(link, request, signal),
    startAgreement: async (request) => startAgreement(agreements, request),
    queryAgreement: (agreement, signal) => queryAgreement(agreements, agreement, signal),
    endAgreement: (agreement, signal) => endAgreement(agreements, agreement, signal),
    fetchStatement: (date, signal) => fetchBill({ link, bill, now }, date, signal),
    // About an order that nobody makes: any signed answer says that it is there.
    health: async (signal) => void (await link.call({ method: 'alipay.trade.query', biz: HEALTH_ORDER }, signal)),
    close: () => link.close(),
  };
}

const HEALTH_ORDER = { out_trade_no: 'health' };

function alipayKey(
  { publicKey: text, certificatePem }: AlipaySettings['alipayKeys'][number],
  rootPem?: string,
): AlipayKey {
  if (certificatePem !== undefined) return certificateKey(certificatePem, rootPem);
  if (text === undefined) throw new Error('a key of Alipay needs publicKey or certificatePem');
  return publicKey(text);
}

export const definition: ConnectorDefinition<typeof settings> = {
  name: 'alipay',
  titleZh: '支付宝',
  titleEn: 'Alipay',
  capabilities: ALIPAY_CAPABILITIES,
  settings,
  profile: { cutOff: '00:00', statementFrom: '09:00', statementDeadline: '14:00' },
  formats: [ALIPAY_TRADE, ALIPAY_SIGNCUSTOMER],
  open: (given, around) => alipay(given, around),
};
