import { setTimeout as sleep } from 'node:timers/promises';
import { Unexpected } from '../wire/web-client';
import type { ReadyPayer } from './demo-journal';
import type { DemoTools } from './demo-tools';
import type { DemoPayer } from './population';

const CONSENT = /回复(\d{4})/;
const PATIENCE_MS = 60_000;
const AGREEMENT_TRIES = 5;
/** Fen; high enough that a visitor may press Send all day. */
const LIMITS = { payment: 20_000, day: 500_000, month: 2_000_000, currency: 'CNY' };

interface Me {
  agreements: { id: string; state: string }[];
  linked_numbers: { id: string; state: string; nickname: string }[];
}

/**
 * One person signs a bank agreement on the bank's own page and adds a family number, which agrees by text. Every step
 * looks first at what is there, so that it can be interrupted anywhere and done again.
 */
export async function becomePayer(tools: DemoTools, payer: DemoPayer): Promise<ReadyPayer> {
  const known = tools.journal.payer(payer.number);
  if (known) return known;
  const agreement = await signAgreement(tools, payer);
  const linked = await linkFamily(tools, payer, agreement.id);
  const ready = { agreement: agreement.id, agreementRef: agreement.ref, linked };
  tools.journal.payerReady(payer.number, ready);
  return ready;
}

/** A start that never reached the bank is refused, or has no page, for good under its key; then it is asked for anew. */
async function signAgreement(tools: DemoTools, payer: DemoPayer): Promise<{ id: string; ref: string }> {
  for (let tries = 1; ; tries += 1) {
    const asked = await tools.customers.call(payer.number, {
      path: '/v1/portal/agreements',
      key: `demo-agreement-${payer.number}-${tries}`,
      body: { provider: 'bank_a', limits: LIMITS },
      takes: ['provider_down'],
    });
    const { id, next_action: next } = asked.body as { id?: string; next_action?: { url: string } | null };
    if (asked.status < 300 && id !== undefined && next) return pressSign(tools, payer, id, next.url);
    if (tries === AGREEMENT_TRIES || (asked.status !== 503 && asked.status !== 202)) {
      throw new Unexpected('agreement', asked);
    }
    await sleep(3_000);
  }
}

async function pressSign(
  tools: DemoTools,
  payer: DemoPayer,
  id: string,
  url: string,
): Promise<{ id: string; ref: string }> {
  await pressOnBankPage(tools, url, 'agree');
  const token = url.slice(url.lastIndexOf('/') + 1);
  await until(tools, payer.number, (me) => me.agreements.some((a) => a.id === id && a.state === 'active'));
  return { id, ref: tools.world.bank.agreements.find(token)?.agreementRef ?? '' };
}

async function linkFamily(tools: DemoTools, payer: DemoPayer, agreement: string): Promise<string> {
  const { phones, smsc } = tools.world;
  const inbox = tools.journal.inboxBefore(`link/${payer.number}`, phones.inbox(payer.linked).length);
  const asked = await tools.customers.call(payer.number, {
    path: '/v1/portal/linked_numbers',
    key: `demo-linked-${payer.number}`,
    body: { agreement, number: payer.linked, nickname: payer.nickname },
  });
  const { id } = asked.body as { id?: string };
  if (asked.status >= 300 || id === undefined) throw new Unexpected('linked number', asked);
  const question = await phones.waitFor(payer.linked, inbox, (text) => CONSENT.test(text), PATIENCE_MS);
  if (!question) throw new Error(`no consent was asked of ${payer.linked.slice(0, 3)}****${payer.linked.slice(-4)}`);
  await smsc.submit(`demo-consent-${payer.number}`, payer.linked, CONSENT.exec(question.text)?.[1] ?? '');
  await until(tools, payer.number, (me) => me.linked_numbers.some((l) => l.id === id && l.state === 'active'));
  return id;
}

/** The payer's browser: opens the bank's page and presses its button; the way back is the payer's own affair. */
export async function pressOnBankPage(tools: DemoTools, address: string, answer: 'agree' | 'pay'): Promise<void> {
  const url = tools.ownUrl + new URL(address).pathname;
  const shown = await fetch(url);
  if (!shown.ok) throw new Error(`the bank's page answers ${shown.status}`);
  await shown.text();
  const pressed = await fetch(url, { method: 'POST', body: new URLSearchParams({ answer }), redirect: 'manual' });
  if (pressed.status !== 303) throw new Error(`the bank's page answers ${pressed.status} to its button`);
}

async function until(tools: DemoTools, number: string, holds: (me: Me) => boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (let wait = 50; ; wait = Math.min(wait * 2, 1_000)) {
    const answer = await tools.customers.call(number, { path: '/v1/portal/me' });
    if (answer.status === 200 && holds(answer.body as Me)) return;
    if (Date.now() > deadline) throw new Unexpected('the customer waits for agreement or consent', answer);
    await sleep(wait);
  }
}
