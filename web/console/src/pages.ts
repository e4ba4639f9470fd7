import type { Operator } from './api';

const READERS = ['finance_maker', 'finance_checker', 'operations', 'auditor'];

/** Who may open which page. The server decides the same by itself; a page that would only answer 403 is not offered. */
const PAGES = {
  today: [...READERS, 'branch_finance'],
  approvals: READERS,
  days: READERS,
  breaks: [...READERS, 'branch_finance'],
  creditRuns: [...READERS, 'branch_finance'],
  quality: READERS,
  rules: READERS,
  positions: [...READERS, 'branch_finance'],
  partyStatements: [...READERS, 'branch_finance'],
  treasury: READERS,
  payouts: READERS,
  fees: READERS,
  commissions: READERS,
  close: READERS,
  months: READERS,
  adjustments: READERS,
  routing: [...READERS, 'customer_care'],
  exposures: [...READERS, 'partner_manager'],
  webhooks: ['operations', 'partner_manager', 'auditor'],
  doubts: [...READERS, 'customer_care'],
  risk: ['operations', 'customer_care', 'auditor'],
  agreementBreaks: READERS,
  branchTexts: ['operations', 'customer_care', 'auditor', 'branch_finance'],
  number: ['customer_care', 'operations', 'auditor', 'branch_finance'],
} as const satisfies Record<string, readonly string[]>;

export type PageName = keyof typeof PAGES;

export function mayOpen(operator: Operator, page: PageName): boolean {
  const roles: readonly string[] = PAGES[page];
  return operator.roles.some((role) => roles.includes(role));
}

/** Where a role begins its day. */
export function firstPage(operator: Operator): string {
  if (mayOpen(operator, 'today')) return '/';
  return mayOpen(operator, 'number') ? '/number' : '/exposures';
}
