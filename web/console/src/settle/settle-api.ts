import { get, post, query, type Schemas } from '../api';

/** The settlement part of the finance API. */
export type Treasury = Schemas['Treasury'];
export type ProviderPayouts = Schemas['ProviderPayouts'];
export type PayoutGroup = ProviderPayouts['groups'][number];
export type BankEntry = Schemas['BankEntry'];
export type PayoutRun = Schemas['PayoutRun'];
export type Payout = PayoutRun['payouts'][number];
export type Payee = Schemas['Payee'];
export type MonthBrief = Schemas['MonthBrief'];
export type Month = Schemas['Month'];
export type TrialBalance = Schemas['TrialBalance'];
export type Adjustment = Schemas['Adjustment'];
export type FeeSchedule = Schemas['FeeSchedule'];
export type FeeSimulation = Schemas['FeeSimulation'];
export type CommissionPlan = Schemas['CommissionPlan'];
export type StatementBrief = Schemas['PartyStatementBrief'];
export type StatementVersion = Schemas['PartyStatementVersion'];
export type Decision = 'approve' | 'reject';
interface List<T> {
  data: T[];
}

const part = encodeURIComponent;
const at = (path: string) => `/v1/finance/${path}`;

export const settle = {
  treasury: () => get<Treasury>(at('treasury')),
  providerPayouts: (provider: string, asOf: string) =>
    get<ProviderPayouts>(at(`provider_payouts?${query({ provider, as_of: asOf })}`)),
  bankEntries: (cursor: string) =>
    get<List<BankEntry> & { next_cursor: string | null }>(
      at(`bank_entries?${query({ limit: '100', cursor: cursor || undefined })}`),
    ),
  proposeEntry: (entry: string, provider: string) => post<BankEntry>(at('bank_entry_proposals'), { entry, provider }),
  decideEntry: (entry: string, decision: Decision) => post<BankEntry>(at('bank_entry_decisions'), { entry, decision }),
  bankStatement: (account: string, base64: string) =>
    post<Schemas['BankStatement']>(at('bank_statements'), { account, content_base64: base64 }),
  payoutReport: (provider: string, name: string, base64: string) =>
    post<Schemas['PayoutReport']>(at('payout_reports'), { provider, file_name: name, content_base64: base64 }),
  payoutStatus: (date: string, base64: string) =>
    post<Schemas['PayoutStatus']>(at('payout_statuses'), { date, content_base64: base64 }),
  applyPrefund: (provider: string) => post<Schemas['PrefundApplication']>(at('prefund_applications'), { provider }),
  setOff: (reference: string, provider: string, date: string) =>
    post<Schemas['SetOff']>(at('set_offs'), { reference, provider, date }),

  runs: () => get<List<PayoutRun>>(at('payout_runs')),
  proposeRun: (body: { account: string; execution_day?: string; period?: string }) =>
    post<Schemas['PayoutProposal']>(at('payout_runs'), body),
  decideRun: (run: string, decision: Decision) =>
    post<PayoutRun>(at(`payout_runs/${part(run)}/decisions`), { decision }),
  withdrawRun: (run: string) => post<PayoutRun>(at(`payout_runs/${part(run)}/withdrawals`), {}),
  runFile: (run: string) => at(`payout_runs/${part(run)}/file`),
  payees: () => get<List<Payee>>(at('payees')),
  proposePayee: (body: object) => post<Payee>(at('payees'), body),
  decidePayee: (payee: string, decision: Decision) => post<Payee>(at(`payees/${part(payee)}/decisions`), { decision }),

  months: (from: string, to: string) => get<List<MonthBrief>>(at(`months?${query({ from, to })}`)),
  month: (month: string) => get<Month>(at(`months/${month}`)),
  trialBalance: (month: string) => get<TrialBalance>(at(`months/${month}/trial_balance`)),
  closeMonth: (month: string, missing: string[]) => post<Month>(at(`months/${month}/closings`), { missing }),
  signOffMonth: (month: string) => post<Month>(at(`months/${month}/sign_offs`), {}),
  enterInvoice: (body: { provider: string; month: string; number: string; amount: number }) =>
    post<Schemas['ProviderInvoice']>(at('provider_invoices'), body),

  adjustments: (state?: Adjustment['state']) =>
    get<List<Adjustment>>(at(state === undefined ? 'adjustments' : `adjustments?${query({ state })}`)),
  proposeAdjustment: (body: object) => post<Adjustment>(at('adjustments'), body),
  decideAdjustment: (id: string, decision: Decision, note: string) =>
    post<Adjustment>(at(`adjustments/${part(id)}/decisions`), { decision, note }),

  schedules: () => get<List<FeeSchedule>>(at('fee_schedules')),
  proposeSchedule: (schedule: object, reason: string) => post<FeeSchedule>(at('fee_schedules'), { schedule, reason }),
  simulate: (schedule: string, from: string, to: string) =>
    post<FeeSimulation>(at(`fee_schedules/${part(schedule)}/simulations`), { from, to }),
  decideSchedule: (schedule: string, decision: Decision) =>
    post<FeeSchedule>(at(`fee_schedules/${part(schedule)}/decisions`), { decision }),
  plans: () => get<List<CommissionPlan>>(at('commission_plans')),
  proposePlan: (plan: object, reason: string) => post<CommissionPlan>(at('commission_plans'), { plan, reason }),
  decidePlan: (plan: string, decision: Decision) =>
    post<CommissionPlan>(at(`commission_plans/${part(plan)}/decisions`), { decision }),

  statements: (period: string) => get<List<StatementBrief>>(at(`party_statements?${query({ period })}`)),
  statement: (party: string, period: string, version: number) =>
    get<StatementVersion>(at(`party_statements/${part(party)}/${period}?version=${version}`)),
  issueStatement: (party: string, period: string) => post<StatementVersion>(at('party_statements'), { party, period }),
  decideStatement: (of: StatementBrief, decision: 'confirm' | 'dispute', reason: string) =>
    post<StatementVersion>(at(`party_statements/${part(of.party)}/${of.period}/decisions`), {
      ...{ version: of.version, decision, reason },
    }),
  statementFile: (of: StatementBrief, format: 'xlsx' | 'csv' | 'html') =>
    at(`party_statements/${part(of.party)}/${of.period}/files/${format}?version=${of.version}`),
};

/** Every page of them: what waits for a second person may stand on any. */
export async function allBankEntries(): Promise<List<BankEntry>> {
  const data: BankEntry[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: Awaited<ReturnType<typeof settle.bankEntries>> = await settle.bankEntries(cursor);
    data.push(...page.data);
    cursor = page.next_cursor;
  }
  return { data };
}
