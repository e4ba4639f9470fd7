import { answerBody, isMerchants, platformFields, type WireFields } from '@yidian/connectors/unionpay/wire';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { deliver } from '../bank/bank.routes';
import type { Reply } from '../bank/order-answer';
import { UNIONPAY_PREFIX, type UnionPay } from './unionpay';
import { fileAnswer } from './unionpay-statement';
import { answered } from './unionpay-words';

const form = z.record(z.string(), z.string());
const order = z.looseObject({
  orderId: z.string().regex(/^[0-9A-Za-z]{8,40}$/),
  txnTime: z.string().regex(/^\d{14}$/),
});
const money = order.extend({
  txnAmt: z.string().regex(/^[1-9]\d{0,11}$/),
  currencyCode: z.literal('156'),
  backUrl: z.url(),
});
const fits = (schema: z.ZodType, asked: WireFields): boolean => schema.safeParse(asked).success;

type Act = (asked: WireFields) => Reply;

/** Version 5.1.0: only the merchant's own forms come in, every answer leaves signed. */
export function unionPayRoutes(door: FastifyInstance, unionPay: UnionPay): void {
  const { keys, book } = unionPay;
  const signed = (fields: unknown): string => answerBody(platformFields(fields as WireFields, keys.signer));
  const on = (path: string, act: Act): void => {
    door.post(path, async (request, answer) => {
      const asked = form.safeParse(request.body).data ?? {};
      const made = isMerchants(asked, keys.merchant) ? act(asked) : answered(asked, '11');
      return deliver(request, answer.type('text/html;charset=UTF-8').serializer(signed), made);
    });
  };
  on('/gateway/api/backTransReq.do', (asked) => backTransaction(unionPay, asked));
  on(
    '/gateway/api/appTransReq.do',
    checked(money, (asked) => unionPay.orders.open('app', asked)),
  );
  on(
    '/gateway/api/queryTrans.do',
    checked(order, (asked) => unionPay.orders.query(asked)),
  );
  on('/file/', (asked) => fileAnswer(book, keys.merId, asked));
  door.post('/gateway/api/frontTransReq.do', (request, answer) => frontTransaction(unionPay, request, answer));
}

/** What does not fit is answered as UnionPay does: a code, and surely not carried out. */
const checked =
  (schema: z.ZodType, act: Act): Act =>
  (asked) =>
    fits(schema, asked) ? act(asked) : answered(asked, '10');

function backTransaction(unionPay: UnionPay, asked: WireFields): Reply {
  const { orders, refunds, bindings } = unionPay;
  const kinds: Readonly<Record<string, Act>> = {
    '01': checked(money, (given) => orders.open('qr', given)),
    '11': checked(money, (given) => orders.debit(given)),
    '04': checked(money, (given) => refunds.give('refund', given)),
    '31': checked(money, (given) => refunds.give('reversal', given)),
    '74': checked(order, (given) => bindings.end(given)),
    '78': checked(order, (given) => bindings.query(given)),
  };
  return (kinds[asked['txnType'] ?? ''] ?? (() => answered(asked, '13')))(asked);
}

/** The payer's browser brings a form that the merchant signed, and is sent to the page of it. */
function frontTransaction(unionPay: UnionPay, request: FastifyRequest, answer: FastifyReply): FastifyReply {
  const asked = form.safeParse(request.body).data ?? {};
  const isOurs = isMerchants(asked, unionPay.keys.merchant);
  const page = isOurs ? pageOf(unionPay, asked) : null;
  return answer.redirect(`${UNIONPAY_PREFIX}/pages/${page ?? 'none/none'}`, 303);
}

function pageOf({ orders, bindings }: UnionPay, asked: WireFields): string | null {
  if (asked['txnType'] === '72') return fits(order, asked) ? `sign/${bindings.open(asked).token}` : null;
  const made = asked['txnType'] === '01' && fits(money, asked) ? orders.page('page', asked) : null;
  return made && `pay/${made.token}`;
}
