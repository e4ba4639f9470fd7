import type { AlipayRequest } from '@yidian/connectors/alipay/wire';
import type { z } from 'zod';
import type { Reply } from '../bank/order-answer';
import type { Alipay } from './alipay';
import type { OrderKind } from './alipay-book';
import type { Addresses } from './alipay-orders';
import * as wire from './alipay-requests';
import { done, refused } from './alipay-words';

const notSuchArguments = (): Reply => refused('isv.invalid-parameter', '40002');

/** The calls that a merchant's machine makes, by their method. What does not fit is refused before anything is done. */
export function answerCall(alipay: Alipay, { method, biz, fields }: AlipayRequest): Reply {
  const addresses = addressesOf(fields);
  const on = <S extends z.ZodType>(schema: S, act: (body: z.output<S>) => Reply): Reply => {
    const body = schema.safeParse(biz);
    return body.success ? act(body.data) : notSuchArguments();
  };
  const { orders, debits, refunds, agreements, bills, keys } = alipay;
  switch (method) {
    case 'alipay.trade.precreate':
      return on(wire.orderRequest, (body) => orders.precreate(body, addresses));
    case 'alipay.trade.pay':
      return on(wire.debitRequest, (body) => debits.take(body, addresses.notifyUrl));
    case 'alipay.trade.query':
      return on(wire.orderQuery, ({ out_trade_no }) => orders.query(out_trade_no));
    case 'alipay.trade.close':
      return on(wire.orderQuery, ({ out_trade_no }) => orders.close(out_trade_no));
    case 'alipay.trade.cancel':
      return on(wire.orderQuery, ({ out_trade_no }) => refunds.cancel(out_trade_no));
    case 'alipay.trade.refund':
      return on(wire.refundRequest, (body) => refunds.give(body));
    case 'alipay.trade.fastpay.refund.query':
      return on(wire.refundQuery, (body) => refunds.query(body.out_trade_no, body.out_request_no));
    case 'alipay.user.agreement.query':
      return on(wire.agreementQuery, (body) => agreements.query(body));
    case 'alipay.user.agreement.unsign':
      return on(wire.agreementQuery, (body) => agreements.end(body));
    case 'alipay.data.dataservice.bill.downloadurl.query':
      return on(wire.billQuery, (body) => bills.offer(body.bill_type, body.bill_date));
    case 'alipay.open.app.alipaycert.download':
      return on(wire.certificateQuery, (body) => certificate(keys.certificate(body.alipay_cert_sn)));
    default:
      return refused('isv.invalid-method', '40002');
  }
}

const PAGES: Readonly<Record<string, OrderKind>> = {
  'alipay.trade.page.pay': 'page',
  'alipay.trade.wap.pay': 'wap',
  'alipay.trade.app.pay': 'app',
};

/** A payer who was sent here with a signed request. @returns the page to go to, or null when it is none of them */
export function pageFor(alipay: Alipay, { method, biz, fields }: AlipayRequest): string | null {
  const addresses = addressesOf(fields);
  if (method === 'alipay.user.agreement.page.sign') {
    const body = wire.signRequest.safeParse(biz);
    return body.success ? alipay.agreements.open(body.data, addresses) : null;
  }
  const kind = PAGES[method];
  const body = wire.orderRequest.safeParse(biz);
  if (kind === undefined || !body.success) return null;
  const order = alipay.orders.open(kind, body.data, addresses);
  return typeof order === 'string' ? null : alipay.orders.pageOf(order);
}

const addressesOf = ({ notify_url = '', return_url = '' }: AlipayRequest['fields']): Addresses => ({
  notifyUrl: notify_url,
  returnUrl: return_url,
});

const certificate = (pem: string | undefined): Reply =>
  pem === undefined
    ? refused('isv.certificate-not-exist')
    : done({ alipay_cert_content: Buffer.from(pem).toString('base64') });
