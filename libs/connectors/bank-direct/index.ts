import type { Capabilities, Connector } from '../contract';
import { queryAgreement, startAgreement } from './agreements';
import { BankCallbacks } from './callbacks';
import { closeCashier, openCashier } from './cashiers';
import { debit, queryDebit } from './debits';
import { Link, type LinkOptions } from './link';
import { queryRefund, refund } from './refunds';
import { STATEMENT_FORMAT } from './statement-format';
import { fetchStatement } from './statements';

export * from './statement-format';

export const BANK_DIRECT_CAPABILITIES: Capabilities = {
  debit: true,
  cashier: { presentations: ['redirect', 'qr'] },
  refund: { partial: true, windowDays: 365 },
  agreement: true,
  statement: { format: STATEMENT_FORMAT },
  callbacks: [
    'debit.succeeded',
    'debit.declined',
    'refund.succeeded',
    'refund.failed',
    'agreement.signed',
    'agreement.ended',
  ],
};

/** A collecting partner takes the money itself: it is only asked to give back what it holds, and for its statement. */
export const COLLECTOR_CAPABILITIES: Capabilities = {
  debit: false,
  cashier: null,
  refund: { partial: true, windowDays: 365 },
  agreement: false,
  statement: { format: STATEMENT_FORMAT },
  callbacks: [],
};

export interface BankDirectOptions extends LinkOptions {
  provider: string;
  capabilities?: Capabilities;
}

/** Our own direct interface to a bank: JSON over HTTP, signed by RFC 9421 in both directions. */
export function bankDirect(options: BankDirectOptions): Connector {
  const link = new Link(options);
  return {
    provider: options.provider,
    capabilities: options.capabilities ?? BANK_DIRECT_CAPABILITIES,
    callbacks: new BankCallbacks(options.theirKeys),
    debit: (request, signal) => debit(link, request, signal),
    queryDebit: (orderNo, signal) => queryDebit(link, orderNo, signal),
    openCashier: (request, signal) => openCashier(link, request, signal),
    closeCashier: (orderNo, signal) => closeCashier(link, orderNo, signal),
    refund: (request, signal) => refund(link, request, signal),
    queryRefund: (orderNo, signal) => queryRefund(link, orderNo, signal),
    startAgreement: (request, signal) => startAgreement(link, request, signal),
    queryAgreement: (agreementNo, signal) => queryAgreement(link, agreementNo, signal),
    fetchStatement: (date, signal) => fetchStatement(link, date, signal),
    close: () => link.close(),
  };
}
