import { isMerchants, seal, signedHeaders } from '@yidian/connectors/wechat-pay/wire';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { deliver } from '../bank/bank.routes';
import type { Reply } from '../bank/order-answer';
import type { Wechat } from './wechat';
import * as wire from './wechat-wire';
import { error } from './wechat-words';

/** API v3: only the merchant's own requests come in, every answer but a bill's file leaves signed. */
export function wechatRoutes(door: FastifyInstance, wechat: Wechat, prefix: string): void {
  guard(door, wechat);
  orderRoutes(door, wechat);
  contractRoutes(door, wechat);
  billRoutes(door, wechat, prefix);
  door.get('/v3/certificates', () => ({
    data: wechat.keys.certificates.map(({ serial, pem }) => ({
      serial_no: serial,
      encrypt_certificate: seal(pem, wechat.keys.apiV3Key, 'certificate'),
    })),
  }));
}

type No = { Params: { no: string } };
type Contract = { Params: { plan: string; code: string } };
type BillQuery = { Querystring: { bill_date?: string; bill_type?: string; tar_type?: string } };

function guard(door: FastifyInstance, { keys }: Wechat): void {
  door.addHook('preHandler', async (request, answer) => {
    const { method, url: path, headers, wireBody } = request;
    const asked = { method, path, authorization: headers.authorization, body: wireBody ?? Buffer.alloc(0) };
    if (!isMerchants(asked, keys.merchant)) await answer.code(401).send({ code: 'SIGN_ERROR', message: '签名错误' });
  });
  door.addHook('onSend', async (request, answer, payload) => {
    if (request.url.includes('/v3/billdownload/')) return payload;
    const text = answer.statusCode !== 204 && typeof payload === 'string' ? payload : '';
    void answer.headers(signedHeaders(Buffer.from(text), keys.signer));
    return text === '' ? null : text;
  });
}

/** What does not fit is answered as WeChat Pay does: named, and surely not carried out. */
function on<S extends z.ZodType>(
  schema: S,
  act: (body: z.output<S>, request: FastifyRequest) => Reply,
): (request: FastifyRequest, answer: FastifyReply) => Promise<FastifyReply> {
  return async (request, answer) => {
    const body = schema.safeParse(request.body);
    return deliver(request, answer, body.success ? act(body.data, request) : error(400, 'PARAM_ERROR'));
  };
}

function orderRoutes(door: FastifyInstance, wechat: Wechat): void {
  for (const kind of ['native', 'h5', 'app', 'jsapi'] as const) {
    door.post(
      `/v3/pay/transactions/${kind}`,
      on(wire.orderRequest, (body) => wechat.orders.open(kind, body)),
    );
  }
  door.get<No>('/v3/pay/transactions/out-trade-no/:no', (request, answer) =>
    deliver(request, answer, wechat.orders.query(request.params.no)),
  );
  door.post<No>('/v3/pay/transactions/out-trade-no/:no/close', (request, answer) =>
    deliver(request, answer, wechat.orders.close(request.params.no)),
  );
  door.post(
    '/v3/refund/domestic/refunds',
    on(wire.refundRequest, (body) => wechat.refunds.give(body)),
  );
  door.get<No>('/v3/refund/domestic/refunds/:no', (request, answer) =>
    deliver(request, answer, wechat.refunds.query(request.params.no)),
  );
}

function contractRoutes(door: FastifyInstance, wechat: Wechat): void {
  const sign = '/v3/papay/scheduled-deduct-sign/contracts/pre-entrust-sign/h5';
  const contract = '/v3/papay/sign/contracts/plan-id/:plan/out-contract-code/:code';
  const schedule = '/v3/papay/pay/schedules/contract-id/:no';
  door.post(
    sign,
    on(wire.signRequest, (body) => wechat.contracts.open(body)),
  );
  door.get<Contract>(contract, (request, answer) =>
    deliver(request, answer, wechat.contracts.query(Number(request.params.plan), request.params.code)),
  );
  door.post<Contract>(`${contract}/terminate`, (request, answer) => {
    const { plan, code } = request.params;
    return deliver(request, answer, wechat.contracts.end(Number(plan), code, 'MCH_API_TERMINATE'));
  });
  door.post(
    `${schedule}/schedule`,
    on(wire.scheduleRequest, ({ schedule_amount }, request) =>
      wechat.deductions.schedule((request.params as No['Params']).no, schedule_amount.total),
    ),
  );
  door.get<No>(schedule, (request, answer) => deliver(request, answer, wechat.deductions.scheduled(request.params.no)));
  door.post(
    '/v3/papay/pay/transactions/apply',
    on(wire.applyRequest, (body) => wechat.deductions.apply(body)),
  );
}

function billRoutes(door: FastifyInstance, wechat: Wechat, prefix: string): void {
  const offer =
    (make: (date: string, gzip: boolean, base: string, query: BillQuery['Querystring']) => Reply) =>
    async (request: FastifyRequest<BillQuery>, answer: FastifyReply) => {
      const { bill_date = '', tar_type } = request.query;
      const base = `http://${request.headers.host ?? ''}${prefix}`;
      const fits = /^\d{4}-\d{2}-\d{2}$/.test(bill_date);
      const made = fits ? make(bill_date, tar_type === 'GZIP', base, request.query) : error(400, 'INVALID_REQUEST');
      return deliver(request, answer, made);
    };
  door.get<BillQuery>(
    '/v3/bill/tradebill',
    offer((date, gzip, base, { bill_type = 'ALL' }) =>
      bill_type === 'ALL' || bill_type === 'SUCCESS' || bill_type === 'REFUND'
        ? wechat.bills.trade(date, bill_type, gzip, base)
        : error(400, 'INVALID_REQUEST'),
    ),
  );
  door.get<BillQuery>(
    '/v3/bill/fundflowbill',
    offer((date, gzip, base) => wechat.bills.fundFlow(date, gzip, base)),
  );
  door.get<{ Querystring: { token?: string } }>('/v3/billdownload/file', (request, answer) => {
    const file = wechat.bills.file(request.query.token ?? '');
    if (!file) return answer.code(400).send({ code: 'INVALID_REQUEST', message: 'token' });
    return answer.type('application/octet-stream').send(file);
  });
}
