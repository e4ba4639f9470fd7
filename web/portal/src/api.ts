import type { components, paths } from '../../kit/api.gen';
import { call } from '../../kit/http';

/** The portal's part of the public API; every shape comes from the API's own description. */
type Schemas = components['schemas'];
export type Payment = Schemas['Payment'];
export type Me = Schemas['PortalCustomer'];
export type NumberQuery = Schemas['NumberQuery'];
export type PayRequest = Schemas['PortalPaymentRequest'];
export type Target = PayRequest['target'];
type PaymentList = paths['/v1/portal/payments']['get']['responses']['200']['content']['application/json'];

const get = <T>(path: string) => call<T>('portal', 'GET', path);
const post = <T>(path: string, body: unknown, idempotencyKey?: string) =>
  call<T>('portal', 'POST', path, { body, idempotencyKey });

export const api = {
  sendCode: (number: string) => post<void>('/v1/portal/codes', { number }),
  signIn: (number: string, code: string) => post<unknown>('/v1/portal/sessions', { number, code }),
  signOut: () => call<void>('portal', 'DELETE', '/v1/portal/sessions/current'),
  me: () => get<Me>('/v1/portal/me'),
  queryNumber: (number: string) => post<NumberQuery>('/v1/portal/number_queries', { number }),
  pay: (key: string, body: PayRequest) => post<Payment>('/v1/portal/payments', body, key),
  payment: (id: string) => get<Payment>(`/v1/portal/payments/${encodeURIComponent(id)}`),
  payments: () => get<PaymentList>('/v1/portal/payments?limit=50'),
  link: (key: string, agreement: string, number: string, nickname: string) =>
    post<Schemas['LinkedNumber']>('/v1/portal/linked_numbers', { agreement, number, nickname }, key),
  bind: (key: string, provider: string) =>
    post<Schemas['Agreement']>(
      '/v1/portal/agreements',
      { provider, limits: { payment: 20000, day: 50000, month: 100000, currency: 'CNY' } },
      key,
    ),
};
