import type { PartyStatementVersion, StatementRow, StatementState, StatementTotals } from '@yidian/contracts';
import { toDigits } from '@yidian/money';
import { createHash } from 'node:crypto';
import { nextDay } from '../calendar/working-days';
import type { DailyLeg } from '../positions/positions.store';
import { NOTHING, addPosition, netOf, partyOf, shareOf, type Position } from '../positions/position';

export type StatementBody = Pick<PartyStatementVersion, 'nameZh' | 'nameEn' | 'totals' | 'rows'>;

/** First and last day of a date or a month. @throws when there is no such day */
export function daysOf(period: string): { from: string; to: string } {
  if (period.length === 10) {
    nextDay(period);
    return { from: period, to: period };
  }
  const [year = 0, month = 0] = period.split('-').map((part) => parseInt(part, 10));
  const to = new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
  if (month < 1 || month > 12) throw new Error('not a month');
  return { from: `${period}-01`, to };
}

interface Line {
  date: string;
  provider: string;
  channel: string;
  count: number;
  reference?: string;
  position: Position;
}

/** Everything that moved for the party, day by day: a party is named by its code alone. */
export function rowsOf(party: string, legs: readonly DailyLeg[]): StatementRow[] {
  const lines = new Map<string, Line>();
  for (const leg of legs)
    for (const account of [leg.debit, leg.credit]) {
      const { kind, code } = partyOf(account, leg);
      if (code !== party || kind === 'hq') continue;
      const { day: date, provider, channel, reference } = leg;
      const key = `${date} ${provider} ${channel}${reference && ` ${reference}`}`;
      // Statements of before know no reference: a row without one keeps their digests.
      const named = reference === '' ? {} : { reference };
      const before = lines.get(key) ?? { date, provider, channel, count: 0, ...named, position: NOTHING };
      lines.set(key, {
        ...before,
        count: before.count + (leg.kind === 'principal' && provider !== '' && channel !== '' ? leg.items : 0),
        position: addPosition(before.position, shareOf(kind, account, leg)),
      });
    }
  return [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => printed(line));
}

/** Σ of the rows, between what was owed before and what is owed after. */
export function totalsOf(party: string, earlier: readonly DailyLeg[], legs: readonly DailyLeg[]): StatementTotals {
  const [before, moved] = [positionOf(party, earlier), positionOf(party, legs)];
  const opening = netOf(before);
  return { ...columns(moved), opening: toDigits(opening), closing: toDigits(opening + netOf(moved)) };
}

function positionOf(party: string, legs: readonly DailyLeg[]): Position {
  let sum = NOTHING;
  for (const leg of legs)
    for (const account of [leg.debit, leg.credit]) {
      const { kind, code } = partyOf(account, leg);
      if (code === party && kind !== 'hq') sum = addPosition(sum, shareOf(kind, account, leg));
    }
  return sum;
}

const columns = (position: Position) => ({
  principal: toDigits(position.principal),
  refunds: toDigits(position.refunds),
  fees: toDigits(position.fees),
  commissionGiven: toDigits(position.commissionGiven),
  commissionEarned: toDigits(position.commissionEarned),
  adjustments: toDigits(position.adjustments),
  paid: toDigits(position.paid),
  net: toDigits(netOf(position)),
});

const printed = ({ position, ...line }: Line): StatementRow => ({ ...line, ...columns(position) });

/** The same figures have the same digest: a statement made again from them is no new version. */
export const digestOf = (party: string, period: string, body: StatementBody): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        party,
        period,
        Object.entries(body.totals).sort(),
        body.rows.map((row) => Object.entries(row).sort()),
      ]),
    )
    .digest('hex');

/** Silence confirms: once the window is over an issued statement counts as confirmed. */
export const stateOn = (state: StatementState, windowEnds: string, today: string): StatementState =>
  state === 'issued' && today > windowEnds ? 'confirmed' : state;
