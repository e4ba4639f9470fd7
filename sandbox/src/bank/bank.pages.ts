import type { FastifyInstance, FastifyReply } from 'fastify';
import { formatMajor } from '@yidian/money';
import { html, page } from '../front-door/page';
import type { Bank } from './bank';
import { BANK_NAME } from './agreements';

/** The bank's own pages, where payers sign and pay; the platform never sees what is typed here. */
export function bankPages(app: FastifyInstance, bank: Bank): void {
  signPages(app, bank);
  payPages(app, bank);
}

type Token = { Params: { token: string }; Body: { answer?: string } };

function signPages(app: FastifyInstance, bank: Bank): void {
  const path = '/providers/bank_a/pages/sign/:token';
  app.get<Token>(path, (request, answer) => {
    const agreement = bank.agreements.find(request.params.token);
    if (!agreement) return gone(answer);
    const what = html`<p>号码 Number <b>${agreement.numberMasked}</b></p>
      <p>账户 Account <b>${BANK_NAME} ··${agreement.accountTail}</b></p>
      <p class="muted">
        同意后,一点付可按您定的限额从此账户代扣话费。 You allow top-ups to be taken from this account.
      </p>`;
    return send(answer, '签约 Sign', what, request.url, ['agree', '同意 Agree'], agreement.status === 'pending');
  });
  app.post<Token>(path, (request, answer) => {
    const agreement = bank.agreements.find(request.params.token);
    if (!agreement) return gone(answer);
    bank.agreements.answer(agreement, request.body.answer === 'agree');
    return answer.redirect(agreement.returnUrl, 303);
  });
}

function payPages(app: FastifyInstance, bank: Bank): void {
  const path = '/providers/bank_a/pages/pay/:token';
  app.get<Token>(path, (request, answer) => {
    const order = bank.cashiers.find(request.params.token);
    if (!order) return gone(answer);
    const what = html`<p>金额 Amount <b>¥${formatMajor(BigInt(order.amount))}</b></p>
      <p>单号 Order <b>${order.attemptNo}</b></p>`;
    return send(answer, '付款 Pay', what, request.url, ['pay', '付款 Pay'], order.status === 'pending');
  });
  app.post<Token>(path, (request, answer) => {
    const order = bank.cashiers.find(request.params.token);
    if (!order?.cashier) return gone(answer);
    bank.cashiers.answer(order, request.body.answer === 'pay');
    return answer.redirect(order.cashier.returnUrl, 303);
  });
}

function send(
  answer: FastifyReply,
  title: string,
  what: string,
  url: string,
  [value, label]: [string, string],
  open: boolean,
): FastifyReply {
  const form = html`<form method="post" action="${url}">
    <button class="primary" name="answer" value="${value}">${label}</button>
    <button name="answer" value="no">取消 Cancel</button>
  </form>`;
  const closed = html`<p class="muted">已处理。 This has been dealt with.</p>`;
  const body = html`<section class="card">
    <h1>${BANK_NAME} Bank A</h1>
    ${{ raw: what }} ${{ raw: open ? form : closed }}
  </section>`;
  return page(answer, `${BANK_NAME} · ${title}`, body);
}

function gone(answer: FastifyReply): FastifyReply {
  const body = html`<section class="card">
    <h1>${BANK_NAME}</h1>
    <p>找不到这一页,请回到商户重新开始。 No such page; please start again.</p>
  </section>`;
  return page(answer.code(404), BANK_NAME, body);
}
