import type { FastifyInstance, FastifyReply } from 'fastify';
import { formatMajor } from '@yidian/money';
import { html, page } from '../front-door/page';
import { STRIPE_PREFIX, type StripeWorld } from './stripe';
import type { Session } from './stripe-book';

type Token = { Params: { token: string }; Body: { answer?: string } };

/** Stripe's own page, where payers pay or save an account; the platform never sees what is typed here. */
export function stripePages(app: FastifyInstance, stripe: StripeWorld): void {
  const path = `${STRIPE_PREFIX}/pages/:token`;
  app.get<Token>(path, (request, answer) => {
    const session = stripe.sessions.find(request.params.token);
    return session ? send(answer, session, request.url) : gone(answer);
  });
  app.post<Token>(path, (request, answer) => {
    const session = stripe.sessions.find(request.params.token);
    if (!session) return gone(answer);
    if (request.body.answer === 'yes') {
      if (session.mode === 'payment') stripe.sessions.pay(session);
      else stripe.sessions.sign(session);
    }
    return answer.redirect(/^(https?:\/)?\//.test(session.returnUrl) ? session.returnUrl : request.url, 303);
  });
}

function send(answer: FastifyReply, session: Session, url: string): FastifyReply {
  const { mode, amount, currency, innerDescription, status } = session;
  const sum = currency === 'cny' ? `¥${formatMajor(BigInt(amount))}` : `${currency.toUpperCase()} ${amount}`;
  const pays = html`<p>金额 Amount <b>${sum}</b></p>
    <p>${innerDescription}</p>`;
  const signs = html`<p>号码 Number <b>${innerDescription}</b></p>
    <p class="muted">同意后,一点付可按您定的限额从此卡扣话费。 You allow top-ups to be taken from this card.</p>`;
  const label = mode === 'payment' ? '付款 Pay' : '同意 Agree';
  const form = html`<form method="post" action="${url}">
    <button class="primary" name="answer" value="yes">${label}</button>
    <button name="answer" value="no">取消 Cancel</button>
  </form>`;
  const closed = html`<p class="muted">已处理,请回到商户。 This has been dealt with; please go back.</p>`;
  const body = html`<section class="card">
    <h1>Stripe</h1>
    ${{ raw: mode === 'payment' ? pays : signs }} ${{ raw: status === 'open' ? form : closed }}
  </section>`;
  return page(answer, 'Stripe', body);
}

function gone(answer: FastifyReply): FastifyReply {
  const body = html`<section class="card">
    <h1>Stripe</h1>
    <p>找不到这一页,请回到商户重新开始。 No such page; please start again.</p>
  </section>`;
  return page(answer.code(404), 'Stripe', body);
}
