import type { components, paths } from '../../kit/api.gen';
import { call } from '../../kit/http';

/** The portal's part of the public API; every shape comes from the API's own description. */
type Schemas = components['schemas'];
export type Payment = Schemas['Payment'];
export type Me = Schemas['PortalCustomer'];
export type NumberQuery = Schemas['NumberQuery'];
export type PayRequest = Schemas['PortalPaymentRequest'];
export type Cashier = Schemas['PortalCashier'];
export type Card = Me['agreements'][number];
export type AutoTopup = Schemas['AutoTopup'];
export type Target = PayRequest['target'];
type PaymentList = paths['/v1/portal/payments']['get']['responses']['200']['content']['application/json'];

const get = <T>(path: string) => call<T>('portal', 'GET', path);
const drop = (path: string) => call<void>('portal', 'DELETE', path);
const at = (id: string) => encodeURIComponent(id);
const post = <T>(path: string, body: unknown, idempotencyKey?: string) =>
  call<T>('portal', 'POST', path, { body, idempotencyKey });

export const api = {
  sendCode: (number: string) => post<void>('/v1/portal/codes', { number }),
  signIn: (number: string, code: string) => post<unknown>('/v1/portal/sessions', { number, code }),
  signOut: () => call<void>('portal', 'DELETE', '/v1/portal/sessions/current'),
  me: () => get<Me>('/v1/portal/me'),
  queryNumber: (number: string) => post<NumberQuery>('/v1/portal/number_queries', { number }),
  pay: (key: string, body: PayRequest) => post<Payment>('/v1/portal/payments', body, key),
  /** Where this sum can be paid now. @param branch home of the number; left out: the own one */
  cashiers: (amount: number, branch?: string) =>
    get<{ data: Cashier[] }>(`/v1/portal/cashiers?amount=${amount}${branch ? `&branch=${at(branch)}` : ''}`),
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
  prefer: (id: string) => post<Me>(`/v1/portal/agreements/${at(id)}/preferences`, {}),
  limit: (id: string, limits: { payment: number; day: number; month: number }) =>
    post<Schemas['Agreement']>(`/v1/portal/agreements/${at(id)}/limits`, { ...limits, currency: 'CNY' }),
  unbind: (id: string) => post<Schemas['Agreement']>(`/v1/portal/agreements/${at(id)}/ends`, {}),
  limitLinked: (id: string, month: number) =>
    post<Schemas['LinkedNumber']>(`/v1/portal/linked_numbers/${at(id)}/limits`, { month, currency: 'CNY' }),
  endLinked: (id: string) => post<Schemas['LinkedNumber']>(`/v1/portal/linked_numbers/${at(id)}/ends`, {}),
  payers: () => get<{ data: Schemas['PortalPayer'][] }>('/v1/portal/payers'),
  answer: (id: string, answer: 'agree' | 'no' | 'block') =>
    post<Schemas['PortalPayer']>(`/v1/portal/payers/${at(id)}/answers`, { answer }),
  blocks: () => get<{ data: Schemas['ConsentBlock'][] }>('/v1/portal/consent_blocks'),
  blockAll: () => post<Schemas['ConsentBlock']>('/v1/portal/consent_blocks', {}),
  unblock: (id: string) => drop(`/v1/portal/consent_blocks/${at(id)}`),
  autoTopups: () => get<{ data: AutoTopup[] }>('/v1/portal/auto_topups'),
  setAuto: (body: Schemas['SetAutoTopup']) => post<AutoTopup>('/v1/portal/auto_topups', body),
  changeAuto: (id: string, to: 'active' | 'paused' | 'ended') =>
    post<AutoTopup>(`/v1/portal/auto_topups/${at(id)}/changes`, { to }),
  skipAuto: (id: string) => post<AutoTopup>(`/v1/portal/auto_topups/${at(id)}/skips`, {}),
};

/** What people type as yuan, in fen; null: it is no sum. */
export function fenOf(typed: string): number | null {
  const match = /^(\d{1,6})(?:\.(\d{1,2}))?$/.exec(typed.trim());
  if (!match) return null;
  const fen = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
  return fen > 0 ? fen : null;
}
