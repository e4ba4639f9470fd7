import { call } from '../../kit/http';

/** The portal's part of the public API, as the pages use it. Field names are the API's own. */
export interface Payment {
  id: string;
  number: string;
  state: string;
  final: boolean;
  amount: number;
  amount_refunded: number;
  currency: string;
  msisdn: string;
  branch: string;
  funding: { type: string; provider?: string; account?: string | null };
  /** Null too for the number of somebody who has not consented. */
  topup: { state: string; balance_after: number | null };
  decline: { code: string } | null;
  next_action?: { type: string; url: string } | null;
  last_query_at?: string | null;
  next_query_at?: string | null;
  created_at: string;
}
export interface Agreement {
  id: string;
  provider: { code: string; name: string };
  account: string | null;
  state: string;
  limits: { payment: number; day: number; month: number; currency: string };
}
export interface LinkedNumber {
  id: string;
  number: string;
  nickname: string;
  state: string;
  branch: { code: string; name: string };
}
export interface Me {
  number: string;
  owner: string;
  branch: { code: string; name: string };
  balance: { amount: number; currency: string };
  agreements: Agreement[];
  linked_numbers: LinkedNumber[];
}
export interface NumberQuery {
  id: string;
  number: string;
  owner: string;
  branch: { code: string; name: string };
  accepts: { min: number; max: number; step: number };
}
export type Target =
  | { type: 'self' }
  | { type: 'linked'; linked_number: string }
  | { type: 'number'; number: string; number_query: string };

const get = <T>(path: string) => call<T>('portal', 'GET', path);
const post = <T>(path: string, body: unknown, idempotencyKey?: string) =>
  call<T>('portal', 'POST', path, { body, idempotencyKey });

export const api = {
  sendCode: (number: string) => post<void>('/v1/portal/codes', { number }),
  signIn: (number: string, code: string) => post<unknown>('/v1/portal/sessions', { number, code }),
  signOut: () => call<void>('portal', 'DELETE', '/v1/portal/sessions/current'),
  me: () => get<Me>('/v1/portal/me'),
  queryNumber: (number: string) => post<NumberQuery>('/v1/portal/number_queries', { number }),
  pay: (
    key: string,
    body: {
      target: Target;
      amount: number;
      currency: 'CNY';
      funding: { type: 'agreement'; agreement: string };
      replaces?: string;
    },
  ) => post<Payment>('/v1/portal/payments', body, key),
  payment: (id: string) => get<Payment>(`/v1/portal/payments/${encodeURIComponent(id)}`),
  payments: () => get<{ data: Payment[]; has_more: boolean }>('/v1/portal/payments?limit=50'),
  link: (key: string, agreement: string, number: string, nickname: string) =>
    post<LinkedNumber>('/v1/portal/linked_numbers', { agreement, number, nickname }, key),
  bind: (key: string, provider: string) =>
    post<{ id: string; next_action: { type: string; url: string } | null }>(
      '/v1/portal/agreements',
      { provider, limits: { payment: 20000, day: 50000, month: 100000, currency: 'CNY' } },
      key,
    ),
};
