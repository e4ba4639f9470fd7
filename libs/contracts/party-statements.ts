import { z } from 'zod';

const actor = z.string().min(1).max(64);
/** A date or a month. */
export const period = z.string().regex(/^\d{4}-\d{2}(-\d{2})?$/);

/** party_statements.*: a party's date or month as it was told to it. */
export const partyStatementIssue = z.object({ party: z.string().min(1).max(40), period, actor });
export const partyStatementGet = z.object({
  party: z.string().min(1).max(40),
  period,
  /** Left out: the latest. */
  version: z.number().int().positive().optional(),
  format: z.enum(['json', 'xlsx', 'csv', 'html']).default('json'),
});
export const partyStatementDecide = z.object({
  party: z.string().min(1).max(40),
  period,
  version: z.number().int().positive(),
  decision: z.enum(['confirm', 'dispute']),
  reason: z.string().max(200).default(''),
  actor,
});
/** Latest versions, newest period first. */
export const partyStatementsList = z.object({
  party: z.string().min(1).max(40).optional(),
  period: period.optional(),
  /** As it stands today: an issued one whose window is over is confirmed. */
  state: z.enum(['issued', 'confirmed', 'disputed']).optional(),
  /** The last one of the page before. */
  after: z.object({ period, party: z.string().min(1).max(40) }).optional(),
  limit: z.number().int().min(1).max(500).default(200),
});
export type StatementState = 'issued' | 'confirmed' | 'disputed' | 'superseded';
export interface StatementTotals {
  principal: string;
  refunds: string;
  fees: string;
  commissionGiven: string;
  commissionEarned: string;
  adjustments: string;
  /** Payouts and receipts between headquarters and the party. */
  paid: string;
  /** What was owed before the period, what it moved, what is owed after it. */
  opening: string;
  net: string;
  closing: string;
}
export interface StatementRow {
  date: string;
  provider: string;
  channel: string;
  count: number;
  /** Of an adjustment: its id and the signed-off date or month it corrects. */
  reference?: string;
  principal: string;
  refunds: string;
  fees: string;
  commissionGiven: string;
  commissionEarned: string;
  adjustments: string;
  paid: string;
  net: string;
}
export interface PartyStatementVersion {
  party: string;
  nameZh: string;
  nameEn: string;
  period: string;
  version: number;
  state: StatementState;
  /** Last day on which it may be disputed; silence confirms it. */
  windowEnds: string;
  digest: string;
  issuedBy: string;
  decidedBy: string;
  reason: string;
  totals: StatementTotals;
  rows: StatementRow[];
}
export interface PartyStatementReply {
  statement: PartyStatementVersion | null;
  /** Of another format than json. */
  file: { name: string; contentType: string; contentBase64: string } | null;
}
/** A version without its lines. */
export type PartyStatementSummary = Omit<PartyStatementVersion, 'rows'>;
export interface PartyStatementsReply {
  statements: PartyStatementSummary[];
  /** More stand behind the last one: ask again with `after`. */
  more: boolean;
}
export interface PartyStatementsRpc {
  'party_statements.issue': [z.input<typeof partyStatementIssue>, PartyStatementVersion];
  'party_statements.get': [z.input<typeof partyStatementGet>, PartyStatementReply];
  'party_statements.list': [z.input<typeof partyStatementsList>, PartyStatementsReply];
  'party_statements.decide': [z.input<typeof partyStatementDecide>, PartyStatementVersion];
}
