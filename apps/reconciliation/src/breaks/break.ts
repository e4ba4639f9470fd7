import type { BreakClass, ResolutionAction } from '@yidian/contracts';
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

/** Whose a credit should have been, as one column. */
export const writeTarget = (to: { branch: string; subscriberId: string }): string => `${to.branch}:${to.subscriberId}`;

export function readTarget(text: string): { branch: string; subscriberId: string } {
  const [branch = '', subscriberId = ''] = text.split(':');
  return { branch, subscriberId };
}

/** A provider's line may carry a phone or an account: their middle digits go. Order numbers (20 digits and more) stay. */
export function maskRaw(raw: string): string {
  return raw
    .replace(/(?<![0-9A-Za-z])(1\d{2})\d{4}(\d{4})(?![0-9A-Za-z])/g, '$1****$2')
    .replace(/(?<![0-9A-Za-z])\d{12,15}(\d{4})(?![0-9A-Za-z])/g, '****$1');
}
