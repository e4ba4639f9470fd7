import type { components, paths } from '../../kit/api.gen';
import { call } from '../../kit/http';

/** The finance part of the public API; every shape comes from the API's own description. */
export type Schemas = components['schemas'];
export type Operator = Schemas['Operator'];
export type Day = Schemas['Day'];
export type ProviderDay = Day['providers'][number];
export type Break = Schemas['Break'];
export type Run = Schemas['Run'];
export type CreditRun = Schemas['CreditRun'];
export type NumberSweep = Schemas['NumberSweep'];
export type Positions = Schemas['Positions'];
export type Position = Positions['rows'][number];
export type PartyStatement = Schemas['PartyStatement'];
export type Today = Schemas['FinanceToday'];
export type TimelineEntry = Schemas['Timeline']['entries'][number];
export type RiskReview = Schemas['RiskReview'];
export type Doubt = Schemas['Doubt'];
export type Check = Schemas['Invariants']['checks'][number];
export type Report = Schemas['ReconciliationReport'];
export type Rules = Schemas['ReconciliationRules'];
export type Rule = Schemas['ReconciliationRule'];
type BreakList = paths['/v1/finance/breaks']['get']['responses']['200']['content']['application/json'];
type DayList = paths['/v1/finance/days']['get']['responses']['200']['content']['application/json'];
type FileList = paths['/v1/finance/report_files/{date}']['get']['responses']['200']['content']['application/json'];

export const get = <T>(path: string) => call<T>('console', 'GET', path);
export const post = <T>(path: string, body: unknown) =>
  call<T>('console', 'POST', path, { body, idempotencyKey: crypto.randomUUID() });
export const query = (values: Record<string, string | undefined>) =>
  new URLSearchParams(
    Object.entries(values).filter((entry): entry is [string, string] => Boolean(entry[1])),
  ).toString();

export const api = {
  current: () => get<Operator>('/v1/operator_sessions/current'),
  signIn: (username: string, password: string, totp: string) =>
    post<Operator>('/v1/operator_sessions', { username, password, totp }),
  signOut: () => call<void>('console', 'DELETE', '/v1/operator_sessions/current'),
  today: () => get<Today>('/v1/finance/today'),
  riskReviews: () => get<{ data: RiskReview[] }>('/v1/risk/reviews?limit=100'),
  decideRisk: (id: string, decision: 'approved' | 'rejected', reason: string) =>
    post<RiskReview>(`/v1/risk/reviews/${encodeURIComponent(id)}/decisions`, { decision, reason }),
  doubts: () => get<{ data: Doubt[] }>('/v1/operations/doubts?limit=100'),
  doubtVerb: (id: string, verb: 'takings' | 'requeries') =>
    post<Doubt>(`/v1/operations/doubts/${encodeURIComponent(id)}/${verb}`, {}),
  decideDoubt: (id: string, action: string, evidence: string) =>
    post<Schemas['DoubtDecision']>(`/v1/operations/doubts/${encodeURIComponent(id)}/decisions`, { action, evidence }),
  judgeDoubt: (id: string, decision: 'approve' | 'reject') =>
    post<Schemas['DoubtDecision']>(`/v1/operations/doubt_decisions/${encodeURIComponent(id)}/verdicts`, { decision }),
  days: () => get<DayList>('/v1/finance/days?limit=14'),
  runNight: (date: string, provider: string) => post<Day>('/v1/finance/nights', { date, provider }),
  run: (provider: string, date: string) => get<Run>(`/v1/finance/runs/${provider}/${date}`),
  creditRuns: (date: string) => get<{ data: CreditRun[] }>(`/v1/finance/credit_runs?from=${date}&to=${date}`),
  numberSweeps: () => get<{ data: NumberSweep[] }>('/v1/finance/number_sweeps'),
  runCredits: (branch: string, date: string) =>
    post<CreditRun>('/v1/finance/credit_runs', { branch, date, refetch: true }),
  breaks: (filter: { state: string; date?: string; provider?: string; class?: string; cursor?: string }) =>
    get<BreakList>(`/v1/finance/breaks?${query({ ...filter, limit: '100' })}`),
  propose: (
    items: {
      break: string;
      version: number;
      action: string;
      reason: string;
      evidence?: string;
      to?: { subscriber_id: string; branch: string };
    }[],
  ) => post<Schemas['BreakBulk']>('/v1/finance/break_proposals', { items }),
  decide: (items: { break: string; version: number; decision: 'approve' | 'reject'; reason: string }[]) =>
    post<Schemas['BreakBulk']>('/v1/finance/break_decisions', { items }),
  report: (from: string, to: string) => get<Report>(`/v1/finance/reconciliation_report?${query({ from, to })}`),
  assign: (items: { break: string; version: number; owner: string }[]) =>
    post<Schemas['BreakBulk']>('/v1/finance/break_assignments', { items }),
  rules: (date: string) => get<Rules>(`/v1/finance/rules?date=${date}`),
  proposeRule: (rule: Pick<Rule, 'class' | 'valid_from' | 'limits' | 'reason'>) =>
    post<Rule>('/v1/finance/rules', rule),
  decideRule: (rule: string, decision: 'approve' | 'reject') =>
    post<Rule>(`/v1/finance/rules/${rule}/decisions`, { decision }),
  positions: (date: string) => get<Positions>(`/v1/finance/positions?date=${date}`),
  statement: (party: string, date: string) =>
    get<PartyStatement>(`/v1/finance/statements/${encodeURIComponent(party)}/${date}`),
  statementXlsx: (party: string, date: string) => `/v1/finance/statements/${encodeURIComponent(party)}/${date}/xlsx`,
  signOff: (date: string) => post<Schemas['DaySignOff']>('/v1/finance/day_sign_offs', { date }),
  reportFiles: (date: string) => get<FileList>(`/v1/finance/report_files/${date}`),
  timeline: (number: string) => post<Schemas['Timeline']>('/v1/care/timelines', { number }),
  invariants: () => get<Schemas['Invariants']>('/v1/finance/invariants'),
};
