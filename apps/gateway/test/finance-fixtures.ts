import type {
  BreakView,
  CreditRunView,
  NightStatusReply,
  NumberSweepView,
  PartyStatement,
  ReportReply,
  RuleVersion,
} from '@yidian/contracts';

/** What the played services answer. */
export const brk: BreakView = {
  id: 'brk_1',
  class: 'provider_missing',
  provider: 'bank_a',
  date: '2026-11-22',
  state: 'open',
  paymentNo: '26112243215007310042',
  refNo: '',
  providerTxnId: '',
  branch: '440000',
  channel: 'sms',
  atStake: '-5000',
  pAmount: null,
  gAmount: '5000',
  bAmount: '5000',
  pState: null,
  gState: 'paid',
  bState: 'credited',
  statementLine: null,
  raw: null,
  suggested: 'requery',
  allowed: ['requery', 'claim_provider'],
  auto: false,
  proposal: null,
  resolution: null,
  version: 1,
  createdAt: '2026-11-23T01:00:00.000Z',
  owner: '',
  dueOn: null,
};
export const day: NightStatusReply = {
  date: '2026-11-22',
  providers: [{ provider: 'bank_a', state: 'matched', steps: [], openBreaks: 1, residual: '0' }],
  signedOff: false,
};
export const statement: PartyStatement = {
  party: '420000',
  nameZh: '湖北',
  nameEn: 'Hubei',
  date: '2026-11-22',
  gross: '1000000',
  refunds: '0',
  fees: '-3800',
  commissionGiven: '-5000',
  commissionEarned: '0',
  adjustments: '0',
  paid: '0',
  net: '991200',
  lines: [],
  xlsxBase64: Buffer.from('PK-not-really').toString('base64'),
};

export const ruleReply: RuleVersion = {
  ...{ id: 'rule_1', class: 'uncredited', validFrom: '2026-11-23', reason: 'less', state: 'proposed' },
  limits: { enabled: true, item: '100000', total: '5000000', count: 200, sharePpm: 5_000, shareFloor: 20 },
  ...{ proposedBy: 'checker', proposedAt: '2026-11-22T04:00:00.000Z', decidedBy: null, decidedAt: null },
};
export const creditRun: CreditRunView = {
  ...{ branch: '430000', date: '2026-11-22', state: 'ready', version: 1, sha256: 'c'.repeat(64), lines: 1 },
  ...{ agrees: true, amount: '1000', ours: '3000', residual: '0', found: 1, numbersAsked: 2, numbersUnanswered: 0 },
  ...{ parts: [{ name: 'not_there', amount: '-2000', count: 1 }], updatedAt: '2026-11-23T01:00:00.000Z' },
};
export const numberSweep: NumberSweepView = {
  ...{ branch: '430000', round: 2, beganOn: '2026-11-21', asked: 700, unanswered: 1, different: 0 },
  ...{ wholeOn: '2026-11-20', wholeAsked: 900, updatedAt: '2026-11-22T19:00:00.000Z' },
};
export const reportReply: ReportReply = {
  ...{ from: '2026-11-01', to: '2026-11-22', days: [] },
  ageing: [
    {
      ...{ provider: 'bank_a', class: 'uncredited', bucket: '2-3', count: 1, amount: '5000', unowned: 1, overdue: 0 },
    },
  ],
  quality: [
    { of: 'all', key: '', payments: 10_000, defects: 3, dpmo: '233.0', sigma: '5.00', mainClass: 'uncredited' },
  ],
  pareto: [{ class: 'uncredited', count: 3, amount: '5000', cumulativePpm: 1_000_000 }],
};
