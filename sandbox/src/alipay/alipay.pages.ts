import type { FastifyInstance, FastifyReply } from 'fastify';
import { formatMajor } from '@yidian/money';
import { html, page } from '../front-door/page';
import { ALIPAY_PREFIX, type Alipay } from './alipay';

type Token = { Params: { token: string }; Body: { answer?: string } };
const NAME = '支付宝 Alipay';

/** Alipay's own pages, where payers pay and sign; the platform never sees what is done here. */
export function alipayPages(app: FastifyInstance, alipay: Alipay): void {
  const { book } = alipay;
  const pay = `${ALIPAY_PREFIX}/pages/pay/:token`;
  app.get<Token>(pay, (request, answer) => {
    const order = book.orderByToken(request.params.token);
    if (!order) return gone(answer);
    const what = html`<p>金额 Amount <b>¥${formatMajor(BigInt(order.amount))}</b></p>
      <p>${order.subject}</p>
      <p>单号 Order <b>${order.no}</b></p>`;
    return send(answer, what, request.url, ['pay', '付款 Pay'], order.status === 'WAIT_BUYER_PAY');
  });
  app.post<Token>(pay, (request, answer) => {
    const order = book.orderByToken(request.params.token);
    if (!order) return gone(answer);
    if (request.body.answer === 'pay') alipay.orders.pay(order);
    return back(answer, order.returnUrl, request.url);
  });
  const sign = `${ALIPAY_PREFIX}/pages/sign/:token`;
  app.get<Token>(sign, (request, answer) => {
    const agreement = book.agreementByToken(request.params.token);
    if (!agreement) return gone(answer);
    const what = html`<p>号码 Number <b>${agreement.account}</b></p>
      <p class="muted">
        同意后,一点付可按您定的限额从此账户扣话费。 You allow top-ups to be taken from this account.
      </p>`;
    return send(answer, what, request.url, ['agree', '同意 Agree'], agreement.status === 'OPEN');
  });
  app.post<Token>(sign, (request, answer) => {
    const agreement = book.agreementByToken(request.params.token);
    if (!agreement) return gone(answer);
    alipay.agreements.answer(agreement, request.body.answer === 'agree');
    return back(answer, agreement.returnUrl, request.url);
  });
}

/** Only to web pages; where the merchant named none, this page says that it has been dealt with. */
function back(answer: FastifyReply, returnUrl: string, own: string): FastifyReply {
  return answer.redirect(/^https?:\/\//.test(returnUrl) ? returnUrl : own, 303);
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

export function gone(answer: FastifyReply): FastifyReply {
  const body = html`<section class="card">
    <h1>${NAME}</h1>
    <p>找不到这一页,请回到商户重新开始。 No such page; please start again.</p>
  </section>`;
  return page(answer.code(404), NAME, body);
}
