import type { AgreementAnswer, AgreementRef, AgreementRequest, AgreementStart } from '../contract';
import type { StripeApi } from './api';
import { accountOf, agreementRefOf } from './debits';
import { isMissing, isRefused, refusedPage } from './failures';
import { quoted } from './find-order';
import {
  AGREEMENT_NO,
  at,
  idOf,
  listOf,
  methodWord,
  sessionWord,
  setupWord,
  type MethodWord,
  type SessionWord,
  type SetupWord,
} from './words';
import { z } from 'zod';

const SIGN_SESSIONS = ['data.setup_intent.payment_method'];
const customerWord = z.object({ id: z.string().min(1) });

/**
 * Signing happens on Stripe's page in the mode `setup`; card numbers never pass here. One agreement is one customer
 * there, made first, so that it can be found by its number before anything was signed.
 */
export async function startAgreement(
  api: StripeApi,
  request: AgreementRequest,
  methods: readonly string[],
  signal: AbortSignal,
): Promise<AgreementStart> {
  const { agreementNo, numberMasked, returnUrl } = request;
  const metadata = { [AGREEMENT_NO]: agreementNo };
  try {
    const customer = await customerOf(api, agreementNo, signal);
    const asked = {
      mode: 'setup' as const,
      customer,
      client_reference_id: agreementNo,
      payment_method_types: [...methods] as 'card'[],
      success_url: returnUrl,
      cancel_url: returnUrl,
      metadata,
      setup_intent_data: { metadata, description: numberMasked },
    };
    const options = { idempotencyKey: `sign-${agreementNo}` };
    const answer = await api.call(signal, (kit) => kit.checkout.sessions.create(asked, options));
    const { client_reference_id: said, url, expires_at } = sessionWord.parse(answer);
    if (said !== agreementNo) return { outcome: 'unknown', cause: 'another agreement was answered' };
    if (!url || typeof expires_at !== 'number') return { outcome: 'unknown', cause: 'a page without its address' };
    return { outcome: 'started', signUrl: url, expiresAt: at(expires_at) };
  } catch (error) {
    return refusedPage(error);
  }
}

export async function queryAgreement(
  api: StripeApi,
  { agreementNo, agreementRef }: AgreementRef,
  signal: AbortSignal,
): Promise<AgreementAnswer> {
  const customer = accountOf(agreementRef).customer || (await customerOf(api, agreementNo, signal));
  const sessions = await signings(api, customer, signal);
  const signed = sessions.find(({ status }) => status === 'complete');
  if (signed) return marked(api, agreementNo, signedOutcome(signed, agreementNo), methodIn(signed), signal);
  if (sessions.length > 0 && sessions.every(({ status }) => status === 'expired')) return { outcome: 'ended' };
  // An open page, or none yet: nobody has signed.
  if (sessions.every(({ status }) => status === 'open' || status === 'expired')) return { outcome: 'pending' };
  return { outcome: 'unknown', cause: 'a status nobody listed' };
}

/** Ended when its account is given up and no page is open on which another could be signed. */
export async function endAgreement(
  api: StripeApi,
  { agreementNo, agreementRef }: AgreementRef,
  signal: AbortSignal,
): Promise<AgreementAnswer> {
  const known = accountOf(agreementRef);
  const customer = known.customer || (await customerOf(api, agreementNo, signal));
  for (const { id, status } of await signings(api, customer, signal)) {
    if (status !== 'open') continue;
    await api.call(signal, (kit) => kit.checkout.sessions.expire(id)).catch(unlessRefused);
  }
  const methods = await signings(api, customer, signal).then((all) => all.map(methodIn));
  const accounts = new Set([known.paymentMethod, ...methods.map((method) => method?.id ?? '')]);
  accounts.delete('');
  for (const id of accounts) await api.call(signal, (kit) => kit.paymentMethods.detach(id)).catch(unlessRefused);
  for (const id of accounts) {
    const method = methodWord.parse(await api.call(signal, (kit) => kit.paymentMethods.retrieve(id)));
    if (idOf(method.customer) !== '') return { outcome: 'unknown', cause: 'the account is still attached' };
  }
  return { outcome: 'ended' };
}

/**
 * The customer who stands for an agreement. Asking for him by the same idempotency key finds the one that was made before
 * without any lag; once the key is forgotten, the search knows him.
 */
async function customerOf(api: StripeApi, agreementNo: string, signal: AbortSignal): Promise<string> {
  const query = `metadata['${AGREEMENT_NO}']:'${quoted(agreementNo)}'`;
  const found = listOf(customerWord).parse(await api.call(signal, (kit) => kit.customers.search({ query, limit: 1 })));
  if (found.data[0]) return found.data[0].id;
  const asked = { metadata: { [AGREEMENT_NO]: agreementNo } };
  const options = { idempotencyKey: `payer-${agreementNo}` };
  return customerWord.parse(await api.call(signal, (kit) => kit.customers.create(asked, options))).id;
}

async function signings(api: StripeApi, customer: string, signal: AbortSignal): Promise<SessionWord[]> {
  const asked = { customer, limit: 100, expand: SIGN_SESSIONS };
  const answer = await api.call(signal, (kit) => kit.checkout.sessions.list(asked));
  return listOf(sessionWord)
    .parse(answer)
    .data.filter(({ mode }) => mode === 'setup');
}

function signedOutcome(session: SessionWord, asked: string): AgreementAnswer {
  if (session.metadata?.[AGREEMENT_NO] !== asked)
    return { outcome: 'unknown', cause: 'another agreement was answered' };
  const setup = setupWord.safeParse(session.setup_intent);
  if (!setup.success) return { outcome: 'unknown', cause: 'a signed page without its signature' };
  return setupOutcome(setup.data);
}

/** What a signature says; whose account it is is known only where the account itself was sent along. */
export function setupOutcome(setup: SetupWord): AgreementAnswer {
  switch (setup.status) {
    case 'succeeded':
      break;
    case 'processing':
    case 'requires_action':
    case 'requires_confirmation':
    case 'requires_payment_method':
      return { outcome: 'pending' };
    case 'canceled':
      return { outcome: 'ended' };
    default:
      return { outcome: 'unknown', cause: 'a status nobody listed' };
  }
  const method = typeof setup.payment_method === 'object' ? setup.payment_method : null;
  const id = typeof setup.payment_method === 'string' ? setup.payment_method : (method?.id ?? '');
  const customer = idOf(setup.customer);
  if (method && idOf(method.customer) === '') return { outcome: 'ended' };
  if (customer === '' || id === '') return { outcome: 'unknown', cause: 'a signature that names no account' };
  return { outcome: 'active', agreementRef: agreementRefOf(customer, id), ...shownOf(method) };
}

function shownOf(method: MethodWord | null): { accountTail: string; bankName: string } {
  const { card, us_bank_account, sepa_debit, bacs_debit, au_becs_debit, acss_debit } = method ?? {};
  const account = card ?? us_bank_account ?? sepa_debit ?? bacs_debit ?? au_becs_debit ?? acss_debit;
  const name = account?.bank_name ?? account?.display_brand ?? account?.brand ?? method?.type ?? '';
  const tail = account?.last4 ?? '';
  return { accountTail: /^\d{4}$/.test(tail) ? tail : '', bankName: name.slice(0, 40) };
}

function methodIn(session: SessionWord): MethodWord | null {
  const setup = setupWord.safeParse(session.setup_intent);
  return setup.success && typeof setup.data.payment_method === 'object' ? (setup.data.payment_method ?? null) : null;
}

/**
 * Writes our number on the account, so that the callback about its end names the agreement. Whether that works changes
 * nothing about what was signed: without it the next debit is what tells the end.
 */
async function marked(
  api: StripeApi,
  agreementNo: string,
  answer: AgreementAnswer,
  method: MethodWord | null,
  signal: AbortSignal,
): Promise<AgreementAnswer> {
  if (answer.outcome !== 'active' || !method || method.metadata?.[AGREEMENT_NO] === agreementNo) return answer;
  const metadata = { [AGREEMENT_NO]: agreementNo };
  await api.call(signal, (kit) => kit.paymentMethods.update(method.id, { metadata })).catch(() => undefined);
  return answer;
}

/** Expired or detached already is what was wanted; what it is now is read afterwards. */
function unlessRefused(error: unknown): void {
  if (!isRefused(error) && !isMissing(error)) throw error;
}
