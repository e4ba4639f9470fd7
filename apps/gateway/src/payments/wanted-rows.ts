import type { PaymentRow } from './payment.rows';
import type { PaymentWrite } from './payment.writes';
import type { CreditWrite } from './rule-credit';

/** Which rows the items of a batch concern, by what they are found by. */
export interface Wanted {
  payments: Set<string>;
  /** Payments whose rows the callers know, of items that a first run has failed: it is looked whether they have moved. */
  doubted: Set<string>;
  attempts: Set<string>;
  refundsOf: Set<string>;
  returnsOf: Set<string>;
  agreements: Set<string>;
  linked: Set<string>;
  resolutions: Set<string>;
  /** By the owner of the key or reference: callers never meet. */
  keys: Map<string, Set<string>>;
  answers: Map<string, Set<string>>;
  references: Map<string, Set<string>>;
}

/**
 * @param isRerun the batch has failed before, or one that it was a part of
 * @param trustsKeys keys and references of new payments are taken for new: their INSERT finds out
 */
export function wantedBy(items: readonly PaymentWrite[], isRerun: boolean, trustsKeys: boolean): Wanted {
  const wanted: Wanted = {
    payments: new Set(),
    doubted: new Set(),
    attempts: new Set(),
    refundsOf: new Set(),
    returnsOf: new Set(),
    agreements: new Set(),
    linked: new Set(),
    resolutions: new Set(),
    keys: new Map(),
    answers: new Map(),
    references: new Map(),
  };
  for (const item of items) {
    const trusted = trustsKeys && item.do === 'create' && !isRerun;
    if (!trusted) wantNames(wanted, item);
    want(wanted, item, isRerun);
  }
  return wanted;
}

/** Under which keys and references somebody may have been first. */
function wantNames(wanted: Wanted, item: PaymentWrite): void {
  if ('guard' in item && item.guard) add(wanted.keys, item.guard.scope, item.guard.k);
  if (item.do !== 'create') return;
  const { partner, reference } = item.payment;
  if (reference !== '') add(wanted.references, partner, reference);
}

function want(wanted: Wanted, item: PaymentWrite, rerun: boolean): void {
  switch (item.do) {
    case 'create':
      return wantForPayment(wanted, item.payment);
    case 'credit':
      return wantForCredit(wanted, item, rerun);
    case 'attempt':
      wanted.attempts.add(item.attemptNo);
      if (item.next?.agreementId) wanted.agreements.add(item.next.agreementId);
      if (item.next?.linkedId) wanted.linked.add(item.next.linkedId);
      return wantPayment(wanted, item.paymentNo);
    case 'refund_news':
      if (item.attemptNo !== null) wanted.attempts.add(item.attemptNo);
      return wantPayment(wanted, item.paymentNo);
    case 'refund':
    case 'repair':
    case 'repair_refund':
      return wantPayment(wanted, item.paymentNo);
    case 'return':
    case 'return_news':
      if (item.do === 'return' && item.attemptNo !== null) wanted.attempts.add(item.attemptNo);
      wanted.returnsOf.add(item.paymentNo);
      return wantPayment(wanted, item.paymentNo);
    case 'block':
      return add(wanted.references, item.partner, item.reference);
    case 'answer':
      return add(wanted.answers, item.scope, item.k);
    case 'resolution':
      wanted.resolutions.add(item.key);
      return;
    case 'object':
    case 'event':
      return;
  }
}

function wantForPayment(wanted: Wanted, payment: PaymentRow): void {
  if (payment.replaces) wanted.payments.add(payment.replaces);
  if (payment.agreement_id) wanted.agreements.add(payment.agreement_id);
  if (payment.linked_id) wanted.linked.add(payment.linked_id);
}

function wantForCredit(wanted: Wanted, item: CreditWrite, rerun: boolean): void {
  const { known, key, word, paymentNo } = item;
  if (key && word.word === 'unknown') add(wanted.answers, key.scope, key.k);
  if (!known) return wantPayment(wanted, paymentNo);
  if (rerun) wanted.doubted.add(paymentNo);
  // Only money that a partner holds himself is never returned by us.
  if (known.funding !== 'collected') wanted.refundsOf.add(paymentNo);
}

/** Every kind of news may start or end a refund. */
function wantPayment(wanted: Wanted, paymentNo: string): void {
  wanted.payments.add(paymentNo);
  wanted.refundsOf.add(paymentNo);
}

function add(lists: Map<string, Set<string>>, owner: string, name: string): void {
  const list = lists.get(owner);
  if (list) list.add(name);
  else lists.set(owner, new Set([name]));
}
