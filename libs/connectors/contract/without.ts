import { NotSent, type Callbacks, type Connector } from './connector';

/** Every ability answered with "surely not executed": a connector spreads this and puts its own abilities over it. */
export function without(provider: string): Omit<Connector, 'provider' | 'capabilities' | 'callbacks' | 'close'> {
  const absent = (what: string) => () => Promise.reject(new NotSent(`${provider} has no ${what}`));
  return {
    debit: absent('debit'),
    queryDebit: absent('order query'),
    openCashier: absent('cashier'),
    closeCashier: absent('closing of orders'),
    refund: absent('refund'),
    queryRefund: absent('refund query'),
    startAgreement: absent('agreements'),
    checkAccount: absent('account check'),
    confirmAccount: absent('account check'),
    queryAgreement: absent('agreement query'),
    endAgreement: absent('ending of agreements'),
    fetchStatement: absent('statement'),
    fetchAgreementFile: absent('agreement file'),
    health: absent('health question'),
  };
}

/** For a provider that never calls back. */
export const NO_CALLBACKS: Callbacks = {
  verify: () => Promise.resolve({ verified: false, fault: 'key_unknown', detail: 'this provider never calls back' }),
  eventId: () => null,
  read: () => null,
  acknowledgement: { status: 200, contentType: 'text/plain', body: '' },
};
