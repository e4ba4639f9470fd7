import type { FastifyInstance, FastifyReply } from 'fastify';
import { formatMajor } from '@yidian/money';
import { html, page } from '../front-door/page';
import { UNIONPAY_PREFIX, type UnionPay } from './unionpay';
import { isOpen } from './unionpay-orders';

type Token = { Params: { token: string }; Body: { answer?: string } };
const NAME = '银联 UnionPay';

/** UnionPay's own pages, where payers pay and sign; the platform never sees what is done here. */
export function unionPayPages(app: FastifyInstance, unionPay: UnionPay): void {
  const pay = `${UNIONPAY_PREFIX}/pages/pay/:token`;
  app.get<Token>(pay, (request, answer) => {
    const order = unionPay.orders.find(request.params.token);
    if (!order) return gone(answer);
    const what = html`<p>金额 Amount <b>¥${formatMajor(BigInt(order.amount))}</b></p>
      <p>${order.note}</p>
      <p>单号 Order <b>${order.no}</b></p>`;
    return send(answer, what, request.url, ['pay', '付款 Pay'], isOpen(order));
  });
  app.post<Token>(pay, (request, answer) => {
    const order = unionPay.orders.find(request.params.token);
    if (!order) return gone(answer);
    if (request.body.answer === 'pay') unionPay.orders.pay(order);
    return back(answer, order.frontUrl || request.url);
  });
  const sign = `${UNIONPAY_PREFIX}/pages/sign/:token`;
  app.get<Token>(sign, (request, answer) => {
    const binding = unionPay.bindings.find(request.params.token);
    if (!binding) return gone(answer);
    const what = html`<p>协议 Agreement <b>${binding.bindId}</b></p>
      <p class="muted">同意后,一点付可按您定的限额从此卡扣话费。 You allow top-ups to be taken from this card.</p>`;
    return send(answer, what, request.url, ['agree', '同意 Agree'], binding.state === 'OPEN');
  });
  app.post<Token>(sign, (request, answer) => {
    const binding = unionPay.bindings.find(request.params.token);
    if (!binding) return gone(answer);
    unionPay.bindings.answer(binding, request.body.answer === 'agree');
    return back(answer, binding.frontUrl || request.url);
  });
  app.get(`${UNIONPAY_PREFIX}/pages/none/none`, (_request, answer) => gone(answer));
}

/** Only to web pages; where the merchant named none, this page says that it has been dealt with. */
function back(answer: FastifyReply, url: string): FastifyReply {
  return answer.redirect(/^(https?:\/)?\//.test(url) ? url : '/', 303);
}

function send(
  answer: FastifyReply,
  what: string,
  url: string,
  [value, label]: [string, string],
  open: boolean,
): FastifyReply {
  const form = html`<form method="post" action="${url}">
    <button class="primary" name="answer" value="${value}">${label}</button>
    <button name="answer" value="no">取消 Cancel</button>
  </form>`;
  const closed = html`<p class="muted">已处理,请回到商户。 This has been dealt with; please go back.</p>`;
  const body = html`<section class="card">
    <h1>${NAME}</h1>
    ${{ raw: what }} ${{ raw: open ? form : closed }}
  </section>`;
  return page(answer, NAME, body);
}

function gone(answer: FastifyReply): FastifyReply {
  const body = html`<section class="card">
    <h1>${NAME}</h1>
    <p>找不到这一页,请回到商户重新开始。 No such page; please start again.</p>
  </section>`;
  return page(answer.code(404), NAME, body);
}
