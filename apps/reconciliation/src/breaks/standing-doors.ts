import type { ResolutionAction } from '@yidian/contracts';
import { toDigits } from '@yidian/money';
import type { StandingKind } from '../matching/result';
import type { Peers } from '../peers';
import type { Break } from './break';
import type { DoorAnswer } from './door-answer';
import type { Resolution } from './resolutions.store';

/** A difference that is no payment's: it has doors of its own. */
export type Standing = Break & { kind: StandingKind };

/** By what a difference was found: what people may decide about it, and whom it is asked of. */
const MAY: Readonly<Record<StandingKind, (row: Break) => readonly ResolutionAction[]>> = {
  payout: ({ class: cls }) => {
    if (cls === 'payout_returned') return ['accept', 'carry'];
    return cls === 'payout_unknown' ? ['claim_provider', 'carry'] : ['claim_provider', 'write_off', 'carry'];
  },
  agreement: ({ ref_no: ours }) => [
    ...(ours === '' ? [] : (['requery'] as const)),
    ...(['confirm_declined', 'claim_provider', 'accept', 'carry'] as const),
  ],
  number: () => ['requery', 'claim_provider', 'accept', 'carry'],
  credit: () => ['claim_provider', 'accept', 'carry'],
};

export const mayStanding = (row: Standing): readonly ResolutionAction[] => MAY[row.kind](row);

/** Carries out what was decided about one of them. `claim_provider` and plain `accept` are the same for every break. */
export function carryOutStanding(
  peers: Peers,
  row: Standing,
  resolution: Resolution,
  action: ResolutionAction,
): Promise<DoorAnswer> | null {
  if (row.kind === 'payout' && action === 'write_off') return giveUp(peers, row, resolution);
  if (row.kind === 'number' && action === 'requery') return askAgain(peers, row);
  if (row.kind !== 'agreement') return null;
  const how = { requery: 'ask', confirm_declined: 'end', accept: 'dismiss' } as const;
  return action in how ? decide(peers, row, resolution, how[action as keyof typeof how]) : null;
}

/** Headquarters bears what came short, or keeps what came over (MONEY 1e); then the comparison shows it no more. */
async function giveUp(peers: Peers, row: Standing, { rkey: key, actor, approver }: Resolution): Promise<DoorAnswer> {
  const difference = toDigits(row.at_stake);
  await peers.settlement.call('differences.post', {
    ...{ key, provider: row.provider, date: row.group_key, difference },
    ...{ proposedBy: actor, actor: approver },
  });
  return { kind: 'done', detail: `given up: ${difference} fen`, settleAs: null };
}

/** The province is asked about this number alone. */
async function askAgain(peers: Peers, row: Standing): Promise<DoorAnswer> {
  const { branch, date, group_key: subscriberId } = row;
  const asked = { branch, date, limit: 1, also: [subscriberId] };
  const { unanswered, differences } = await peers.billing.call('bss.compare_numbers', asked);
  if (unanswered.includes(subscriberId)) return { kind: 'working', detail: 'the province does not say' };
  const still = differences.find((one) => one.subscriberId === subscriberId);
  return still
    ? { kind: 'open', detail: `still ${still.ours} here, ${still.theirs} there` }
    : { kind: 'done', detail: 'the province says the same now', settleAs: null };
}

async function decide(
  peers: Peers,
  row: Standing,
  { approver: actor, rkey }: Resolution,
  how: 'ask' | 'end' | 'dismiss',
): Promise<DoorAnswer> {
  const reason = `${row.class} ${row.id}, ${rkey}`;
  const answer = await peers.gateway.call('agreement_breaks.decide', { id: row.group_key, how, reason, actor });
  if (answer.outcome === 'refused') return { kind: 'refused', detail: `the gateway refused: ${answer.reason ?? how}` };
  if (answer.outcome === 'open') return { kind: 'open', detail: 'the bank was asked; the next list tells' };
  return { kind: 'done', detail: how === 'end' ? 'ended on both sides' : 'may stay so', settleAs: null };
}
