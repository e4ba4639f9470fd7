import type { BreakClass, PayoutClass, PayoutsInReply, ResolutionAction } from '@yidian/contracts';
import { formatMajor } from '@yidian/money';
import { hashOf } from '../matching/identity';
import type { Finding } from '../matching/result';
import { difference, standingId } from './difference';

type Group = PayoutsInReply['groups'][number];
type PayoutBreak = Exclude<PayoutClass, 'matched' | 'not_due'> & BreakClass;

const SHOWN = 4_000;

/**
 * What people are offered first. A payout that came back is told once and accepted: what it should have paid is named by
 * itself as soon as it is due again.
 */
export const PAYOUT_ROWS: Readonly<Record<PayoutBreak, { row: string; suggested: ResolutionAction }>> = {
  payout_missing: { row: 'O1', suggested: 'claim_provider' },
  payout_short: { row: 'O2', suggested: 'claim_provider' },
  payout_over: { row: 'O3', suggested: 'claim_provider' },
  payout_unknown: { row: 'O4', suggested: 'claim_provider' },
  payout_returned: { row: 'O5', suggested: 'accept' },
};

/** N statement dates : M payouts, each group that does not agree as one break. */
export function payoutFindings({ provider, groups }: PayoutsInReply): Finding[] {
  return groups.flatMap((group) =>
    group.class === 'matched' || group.class === 'not_due' ? [] : [finding(provider, group, group.class)],
  );
}

function finding(provider: string, group: Group, cls: PayoutBreak): Finding {
  const dates = group.dates.map(({ date }) => date).sort();
  const paid = group.entries.length > 0 ? group.entries : group.lines;
  const ids = [...group.lines.map(({ lineId }) => lineId), ...group.entries.map(({ entryId }) => entryId)].sort();
  const id = standingId('payout', provider, cls, hashOf(...dates), hashOf(...ids));
  const got = sum(group.entries);
  return difference({
    ...{ id, kind: 'payout', class: cls, ...PAYOUT_ROWS[cls] },
    key: dates[0] ?? group.lines[0]?.day ?? group.entries[0]?.valueDay ?? '',
    leg: hashOf(cls, ...dates, ...ids),
    txnId: (paid.length > 0 ? (ids[0] ?? '') : '').slice(0, 64),
    atStake: BigInt(group.difference),
    pAmount: got,
    gAmount: got - BigInt(group.difference),
    raw: told(group).slice(0, SHOWN),
  });
}

const sum = (some: readonly { amount: string }[]): bigint => some.reduce((all, { amount }) => all + BigInt(amount), 0n);

function told({ dates, lines, entries }: Group): string {
  const list = (what: string, parts: string[]): string[] =>
    parts.length === 0 ? [] : [`${what}: ${parts.join(', ')}`];
  const yuan = (amount: string) => formatMajor(BigInt(amount));
  return [
    ...list(
      'dates',
      dates.map(({ date, dueDay, amount }) => `${date} (due ${dueDay}) ${yuan(amount)}`),
    ),
    ...list(
      "provider's word",
      lines.map(({ lineId, day, amount }) => `${lineId} of ${day} ${yuan(amount)}`),
    ),
    ...list(
      'our bank',
      entries.map(({ entryId, valueDay, amount }) => `${entryId} of ${valueDay} ${yuan(amount)}`),
    ),
  ].join('; ');
}
