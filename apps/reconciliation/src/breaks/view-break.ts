import type { BreakView } from '@yidian/contracts';
import { toDigits } from '@yidian/money';
import { allowedActions } from './allowed-actions';
import { maskRaw, readTarget, type Break } from './break';

const digitsOrNull = (amount: bigint | null): string | null => (amount === null ? null : toDigits(amount));

/** A break as people see it, with what they may propose about it. */
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
    allowed: row.state === 'open' ? allowedActions(row) : [],
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

function resolutionOf(row: Break): BreakView['resolution'] {
  if (row.resolved_action === null || row.resolved_by === null || row.resolved_at === null) return null;
  const { resolved_action: action, resolved_by: by, resolved_at: at } = row;
  return { action, by, at: at.toISOString(), detail: row.resolution_detail ?? '' };
}
