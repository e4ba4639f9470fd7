import { call } from '../../kit/http';

/** The finance part of the public API, as the console uses it. Field names are the API's own; amounts are integer fen. */
export interface Operator {
  username: string;
  name: string;
  roles: string[];
  branch: string | null;
  livemode?: boolean;
}
export interface Step {
  name: string;
  state: string;
  tries: number;
  error: string | null;
}
export interface ProviderDay {
  provider: string;
  state: string;
  steps: Step[];
  open_breaks: number;
  residual: number;
}
export interface Day {
  date: string;
  providers: ProviderDay[];
  signed_off: boolean;
}
export interface Break {
  id: string;
  class: string;
  provider: string;
  date: string;
  state: string;
  payment_no: string;
  provider_txn_id: string;
  branch: string;
  channel: string;
  at_stake: number;
  p_amount: number | null;
  g_amount: number | null;
  b_amount: number | null;
  p_state: string | null;
  g_state: string | null;
  b_state: string | null;
  statement_line: number | null;
  raw: string | null;
  suggested: string;
  proposal: { action: string; reason: string; proposed_by: string; proposed_at: string } | null;
  resolution: { action: string; by: string; at: string; detail: string } | null;
  version: number;
}
export interface Run {
  provider: string;
  date: string;
  run_id: string;
  digest: string;
  counts: { class: string; count: number; amount: number }[];
  bridges: {
    kind: string;
    statement_total: number;
    book_total: number;
    lines: { name: string; amount: number; count: number }[];
    residual: number;
  }[];
  statement: { file_name: string; sha256: string; lines: number; unreadable: number };
}
export interface Position {
  party: string;
  party_kind: string;
  name_zh: string;
  name_en: string;
  principal: number;
  refunds: number;
  fees: number;
  commission_given: number;
  commission_earned: number;
  adjustments: number;
  net: number;
}
export interface Positions {
  date: string;
  final: boolean;
  open_breaks: number;
  rows: Position[];
}
export interface PartyStatement {
  party: string;
  name_zh: string;
  name_en: string;
  date: string;
  gross: number;
  refunds: number;
  fees: number;
  commission_given: number;
  commission_earned: number;
  net: number;
  lines: {
    provider: string;
    channel: string;
    count: number;
    principal: number;
    fee: number;
    commission: number;
    net: number;
  }[];
}
export interface Today {
  business_date: string;
  approvals: number;
  breaks: { open: number };
  in_doubt: number;
  days_open: number;
  money_at_risk: number;
}
export interface Check {
  name: string;
  ok: boolean;
  detail: string;
}

const get = <T>(path: string) => call<T>('console', 'GET', path);
const post = <T>(path: string, body: unknown) =>
  call<T>('console', 'POST', path, { body, idempotencyKey: crypto.randomUUID() });
const query = (values: Record<string, string | undefined>) =>
  new URLSearchParams(
    Object.entries(values).filter((entry): entry is [string, string] => Boolean(entry[1])),
  ).toString();

export const api = {
  current: () => get<Operator>('/v1/operator_sessions/current'),
  signIn: (username: string, password: string, totp: string) =>
    post<Operator>('/v1/operator_sessions', { username, password, totp }),
  signOut: () => call<void>('console', 'DELETE', '/v1/operator_sessions/current'),
  today: () => get<Today>('/v1/finance/today'),
  days: () => get<{ data: Day[] }>('/v1/finance/days?limit=14'),
  runNight: (date: string, provider: string) => post<Day>('/v1/finance/nights', { date, provider }),
  run: (provider: string, date: string) => get<Run>(`/v1/finance/runs/${provider}/${date}`),
  breaks: (filter: { state: string; date?: string; provider?: string; class?: string; cursor?: string }) =>
    get<{ data: Break[]; has_more: boolean; next_cursor: string | null }>(
      `/v1/finance/breaks?${query({ ...filter, limit: '100' })}`,
    ),
  propose: (items: { break: string; version: number; action: string; reason: string }[]) =>
    post<{ data: { break: string; outcome: string }[] }>('/v1/finance/break_proposals', { items }),
  decide: (items: { break: string; version: number; decision: 'approve' | 'reject'; reason: string }[]) =>
    post<{ data: { break: string; outcome: string; by?: string }[] }>('/v1/finance/break_decisions', { items }),
  positions: (date: string) => get<Positions>(`/v1/finance/positions?date=${date}`),
  statement: (party: string, date: string) =>
    get<PartyStatement>(`/v1/finance/statements/${encodeURIComponent(party)}/${date}`),
  statementXlsx: (party: string, date: string) => `/v1/finance/statements/${encodeURIComponent(party)}/${date}/xlsx`,
  signOff: (date: string) => post<{ outcome: string; checks: Check[] }>('/v1/finance/day_sign_offs', { date }),
  reportFiles: (date: string) => get<{ data: { name: string }[] }>(`/v1/finance/report_files/${date}`),
  invariants: () => get<{ ok: boolean; checks: Check[] }>('/v1/finance/invariants'),
};
