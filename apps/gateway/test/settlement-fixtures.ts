import type {
  BankEntryView,
  BankImported,
  FeeSimulation,
  FeeTermsView,
  MonthReply,
  PartyStatementVersion,
  PayeeView,
  PayoutRunView,
  PayoutsInReply,
  PlanTermsView,
} from '@yidian/contracts';
import type { ErrorCode } from '@yidian/errors';
import { throwError, type Observable } from 'rxjs';

/** What the played settlement answers. */
export const month: MonthReply = {
  ...{ month: '2026-11', state: 'closed', proposedBy: 'maker', signedBy: '', digest: 'd1' },
  steps: [{ no: 1, name: 'days', state: 'done', detail: '' }],
  figures: [{ step: 2, termsId: 'bank_a-2026', party: '420000', name: 'fee', amount: '-3800' }],
  trialBalance: [
    { account: 'due/420000', balance: '991200' },
    { account: 'clearing/bank_a', balance: '-991200' },
  ],
};

const moved = {
  ...{ principal: '1000000', refunds: '0', fees: '-3800', commissionGiven: '-5000', commissionEarned: '0' },
  ...{ adjustments: '0', paid: '-900000', net: '91200' },
};
export const told: PartyStatementVersion = {
  ...{ party: '420000', nameZh: '湖北', nameEn: 'Hubei', period: '2026-11', version: 2, state: 'issued' },
  ...{ windowEnds: '2026-12-08', digest: 'd2', issuedBy: 'maker', decidedBy: '', reason: '' },
  totals: { opening: '800', ...moved, closing: '92000' },
  rows: [{ date: '2026-11-22', provider: 'bank_a', channel: 'sms', count: 3, ...moved }],
};

/** What Nest sends for an exception that nobody meant. */
export const fellOver = (): Observable<never> =>
  throwError(() => ({ status: 'error', message: 'Internal server error' }));

/** A refusal as settlement's door sends it. */
export const refused = (code: ErrorCode, message = 'told why'): Observable<never> =>
  throwError(() => ({ status: 'error', code, message }));

export const run: PayoutRunView = {
  ...{ runId: 'run_1', account: 'basic', executionDay: '2026-11-30', state: 'proposed', proposedBy: 'maker' },
  ...{ firstBy: '', secondBy: '', messageId: '', fileName: '', sha256: '', total: '91200' },
  payouts: [
    {
      ...{ number: 'po_1', partyKind: 'branch', party: '420000', amount: '91200', state: 'proposed' },
      ...{ bankStatus: '', reason: '', retryOf: '' },
    },
  ],
};
export const payee: PayeeView = {
  ...{ id: 'pe_1', partyKind: 'branch', party: '420000', action: 'add', name: '湖北', account: '****1234', bic: '' },
  ...{ reason: 'new', state: 'proposed', proposedBy: 'maker', decidedBy: '', effectiveAt: null },
};
const decision = { state: 'draft', proposedBy: 'maker', decidedBy: '', reason: 'cheaper' } as const;
export const schedule: FeeTermsView = {
  ...{ id: 'bank_a-2027', provider: 'bank_a', simulated: '', ...decision },
  schedule: {
    ...{ id: 'bank_a-2027', provider: 'bank_a', channel: '*', product: '*', branch: '*', validFrom: '2027-01-01' },
    ...{ validTo: null, base: 'charged', roundPer: 'payment', tierMode: 'marginal', ppm: '3800', fixed: '0' },
    ...{ min: '1', cap: null, rounding: 'half_up', collection: 'netted', refundPolicy: 'kept' },
    tiers: [{ from: '0', ppm: '3800' }],
    bearers: [{ party: 'home', ppm: '1000000' }],
  },
};
export const plan: PlanTermsView = {
  ...{ id: 'agents-2027', ...decision },
  plan: {
    ...{ id: 'agents-2027', channel: '*', partner: '*', acquiringBranch: '*', earner: 'partner', ppm: '0', rest: 0 },
    levels: [{ earner: 'party', party: 'agent_1', ppm: '5000', tiers: [] }],
    ...{ base: 'face', bearer: 'home', tierMode: 'marginal', taxPpm: '60000', clawCapPpm: null, rounding: 'half_up' },
    ...{ validFrom: '2027-01-01', validTo: null },
  },
};
export const simulation: FeeSimulation = {
  ...{ id: 'bank_a-2027', from: '2026-10', to: '2026-11', payments: 2, digest: 'd3' },
  ...{ charged: '90', wouldBe: '45', difference: '-45' },
  branches: [{ branch: '420000', payments: 2, charged: '90', wouldBe: '45', difference: '-45' }],
};

export const imported: BankImported = {
  ...{ sha256: 'ab', entries: 3, added: 2, conflicting: [], findings: [], agrees: true, booked: 1, unexplained: 1 },
};
export const entry: BankEntryView = {
  ...{ entryId: 'basic/N77', account: 'basic', valueDay: '2026-11-24', amount: '-500', ourRef: '', bankRef: 'N77' },
  ...{ counterparty: 'Bank A', note: 'fee', state: 'open', meaning: '', provider: '', proposedBy: '' },
};
export const paidIn: PayoutsInReply = {
  ...{ provider: 'bank_a', asOf: '2026-11-25', held: '1000', clearing: '1000' },
  groups: [
    {
      ...{ class: 'payout_short', difference: '-100' },
      dates: [{ date: '2026-11-22', dueDay: '2026-11-23', amount: '99000' }],
      lines: [{ lineId: 'l1', day: '2026-11-23', amount: '98900' }],
      entries: [{ entryId: 'basic/N1', valueDay: '2026-11-23', amount: '98900' }],
    },
  ],
};
