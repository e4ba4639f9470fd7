import { setTimeout as sleep } from 'node:timers/promises';
import type { PaymentSeen } from '../partners/partner';
import { Unexpected } from '../wire/web-client';
import type { AgreementPayment } from './day-plan';
import type { Made, ReadyPayer } from './demo-journal';
import type { DemoTools } from './demo-tools';
import type { DemoPayer } from './population';
import { readText, type Said } from './read-text';

const SMS_WAIT_MS = 45_000;
const SMS_TRIES = 4;

/** Pays once; safe to call again after any interruption. */
export async function payByAgreement(
  tools: DemoTools,
  payer: DemoPayer,
  ready: ReadyPayer,
  plan: AgreementPayment,
): Promise<Made> {
  const before = tools.journal.paid(plan.key);
  if (before) return before;
  if (plan.behaviour !== undefined) wish(tools, ready, plan);
  const made = plan.way === 'portal' ? await onPortal(tools, payer, ready, plan) : await byText(tools, payer, plan);
  if (!made.final && plan.injected !== 'late_success' && plan.injected !== 'uncredited') tools.progress.doubt(1);
  return tools.journal.pay(made);
}

/** Tells the bank beforehand what it will do with exactly this order. */
function wish(tools: DemoTools, ready: ReadyPayer, plan: AgreementPayment): void {
  const { bank } = tools.world;
  const { agreementRef } = ready;
  const amount = String(plan.yuan * 100);
  const met = [...bank.book.orders.values()].some((o) => o.agreementRef === agreementRef && o.amount === amount);
  if (!met && plan.behaviour)
    bank.wish({ id: `demo/${plan.key}`, behaviour: plan.behaviour, agreementRef, amount, times: 1 });
}

async function onPortal(tools: DemoTools, payer: DemoPayer, ready: ReadyPayer, plan: AgreementPayment): Promise<Made> {
  const target = plan.target === 'self' ? { type: 'self' } : { type: 'linked', linked_number: ready.linked };
  const funding = { type: 'agreement', agreement: ready.agreement };
  const answer = await tools.customers.call(payer.number, {
    path: '/v1/portal/payments',
    key: `demo-${plan.key}`,
    body: { target, amount: plan.yuan * 100, currency: 'CNY', funding },
  });
  if (answer.status >= 300) throw new Unexpected(`payment on the portal of ${plan.yuan} yuan`, answer);
  return made(plan.key, answer.body as PaymentSeen);
}

function made(key: string, { id, number, state, final }: PaymentSeen): Made {
  return { key, id, number, state, final };
}

/** Texts, confirms when asked to, and reads the outcome from the phone; amounts tell one payer's texts apart. */
async function byText(tools: DemoTools, payer: DemoPayer, plan: AgreementPayment): Promise<Made> {
  const { phones, smsc } = tools.world;
  let from = tools.journal.inboxBefore(plan.key, phones.inbox(payer.number).length);
  const hear = async (): Promise<Said | null> => {
    const fits = (text: string) => readText(text, plan.yuan) !== null;
    const message = await phones.waitFor(payer.number, from, fits, SMS_WAIT_MS);
    if (message) from = phones.inbox(payer.number).indexOf(message) + 1;
    return message && readText(message.text, plan.yuan);
  };
  const command = plan.target === 'self' ? `充值${plan.yuan}` : `给${payer.nickname}充${plan.yuan}`;
  for (let tries = 1, id = `demo-${plan.key}`; tries <= SMS_TRIES; tries += 1) {
    await smsc.submit(id, payer.number, command);
    let said = await hear();
    if (said?.kind === 'confirm') {
      await smsc.submit(`${id}-yes`, payer.number, said.code);
      said = await hear();
    }
    if (said?.kind === 'outcome') return byTextAlone(plan, said);
    if (said?.kind === 'again') id = `demo-${plan.key}-${tries}`;
    await sleep(500 * tries);
  }
  throw new Error(`no answer by text to ${command} (${plan.key})`);
}

/** A text names only the end of the order number, so the demo does not know the whole. */
function byTextAlone(plan: AgreementPayment, { state, final }: { state: string; final: boolean }): Made {
  return { key: plan.key, id: '', number: '', state, final };
}

/** Asks after a payment made on the portal until it is final. */
export async function awaitFinal(tools: DemoTools, payer: DemoPayer, made: Made, patienceMs: number): Promise<Made> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const answer = await tools.customers.call(payer.number, { path: `/v1/portal/payments/${made.id}` });
    const seen = answer.body as PaymentSeen;
    if (answer.status === 200 && seen.final) return tools.journal.pay({ ...made, state: seen.state, final: true });
    if (Date.now() > deadline) return made;
    await sleep(1_000);
  }
}

/** Waits for the text that ends a payment's doubt. */
export async function awaitText(
  tools: DemoTools,
  payer: DemoPayer,
  plan: AgreementPayment,
  patienceMs: number,
): Promise<Made> {
  const from = tools.journal.inboxBefore(plan.key, 0);
  const read = (text: string) => {
    const said = readText(text, plan.yuan);
    if (said?.kind === 'again' && text.includes(`${plan.yuan}.00元`)) return { state: 'closed', final: true };
    return said?.kind === 'outcome' && said.final ? said : null;
  };
  const message = await tools.world.phones.waitFor(payer.number, from, (text) => read(text) !== null, patienceMs);
  const said = message && read(message.text);
  return tools.journal.pay(byTextAlone(plan, said ?? { state: 'unknown', final: false }));
}
