import type { BreakClass, BreakView, ResolutionAction } from '@yidian/contracts';
import { toDigits } from '@yidian/money';
import type { Row } from '@yidian/database';
import type { FindingKind } from '../matching/result';
import type { BreakState } from './break.states';

/** A break as its row has it. */
export interface Break extends Row {
  id: string;
  provider: string;
  date: string;
  run_id: string;
  kind: FindingKind;
  row_no: string;
  class: BreakClass;
  state: BreakState;
  wait_until: string;
  group_key: string;
  leg: string;
  payment_no: string;
  ref_no: string;
  provider_txn_id: string;
  branch: string;
  acquiring_branch: string;
  channel: string;
  partner: string;
  at_stake: bigint;
  p_amount: bigint | null;
  g_amount: bigint | null;
  b_amount: bigint | null;
  p_state: string | null;
  g_state: string | null;
  b_state: string | null;
  statement_line: number | null;
  raw: string | null;
  item_id: string | null;
  suggested: ResolutionAction;
  /** Space-separated actions a rule takes, in order. */
  steps: string;
  auto: number;
  only_if_balance: number;
  severe: number;
  proposal_action: ResolutionAction | null;
  proposal_reason: string | null;
  proposed_by: string | null;
  proposed_at: Date | null;
  approved_by: string | null;
  resolved_action: ResolutionAction | null;
  resolved_by: string | null;
  resolved_at: Date | null;
  resolution_detail: string | null;
  version: number;
  created_at: Date;
  /** Who looks after it; empty: nobody yet. */
  owner: string;
  due_on: string | null;
  proposal_evidence: string | null;
  /** Of move_credit: `branch:subscriber`. */
  proposal_to: string | null;
}

export const stepsOf = (row: { steps: string }): ResolutionAction[] =>
  row.steps.split(' ').filter(Boolean) as ResolutionAction[];

const digitsOrNull = (amount: bigint | null): string | null => (amount === null ? null : toDigits(amount));

export function toView(row: Break): BreakView {
  return {
    id: row.id,
    class: row.class,
    provider: row.provider,
    date: row.date,
    state: row.state,
    paymentNo: row.payment_no,
    refNo: row.ref_no,
    providerTxnId: row.provider_txn_id,
    branch: row.branch,
    channel: row.channel,
    atStake: toDigits(row.at_stake),
    pAmount: digitsOrNull(row.p_amount),
    gAmount: digitsOrNull(row.g_amount),
    bAmount: digitsOrNull(row.b_amount),
    pState: row.p_state,
    gState: row.g_state,
    bState: row.b_state,
    statementLine: row.statement_line,
    raw: row.raw === null ? null : maskRaw(row.raw),
    suggested: row.suggested,
    auto: row.auto === 1,
    proposal: proposalOf(row),
    resolution: resolutionOf(row),
    version: row.version,
    createdAt: row.created_at.toISOString(),
    owner: row.owner,
    dueOn: row.due_on,
  };
}

function proposalOf(row: Break): BreakView['proposal'] {
  if (row.proposal_action === null || row.proposed_by === null || row.proposed_at === null) return null;
  return {
    action: row.proposal_action,
    reason: row.proposal_reason ?? '',
    evidence: row.proposal_evidence ?? '',
    to: row.proposal_to === null ? null : readTarget(row.proposal_to),
    proposedBy: row.proposed_by,
    proposedAt: row.proposed_at.toISOString(),
    approvedBy: row.approved_by,
  };
}

/** Whose a credit should have been, as one column. */
export const writeTarget = (to: { branch: string; subscriberId: string }): string => `${to.branch}:${to.subscriberId}`;

export function readTarget(text: string): { branch: string; subscriberId: string } {
  const [branch = '', subscriberId = ''] = text.split(':');
  return { branch, subscriberId };
}

function resolutionOf(row: Break): BreakView['resolution'] {
  if (row.resolved_action === null || row.resolved_by === null || row.resolved_at === null) return null;
  const { resolved_action: action, resolved_by: by, resolved_at: at } = row;
  return { action, by, at: at.toISOString(), detail: row.resolution_detail ?? '' };
}

/** A provider's line may carry a phone or an account: their middle digits go. Order numbers (20 digits and more) stay. */
export function maskRaw(raw: string): string {
  return raw
    .replace(/(?<![0-9A-Za-z])(1\d{2})\d{4}(\d{4})(?![0-9A-Za-z])/g, '$1****$2')
    .replace(/(?<![0-9A-Za-z])\d{12,15}(\d{4})(?![0-9A-Za-z])/g, '****$1');
}
