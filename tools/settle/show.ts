import type { MonthReply, PartyStatementVersion, PositionsReply } from '@yidian/contracts';
import { formatMajor, fromDigits } from '@yidian/money';
import type { Screen } from '../platform/progress';
import { clean, type SettledDay } from './settle-date';

const mark = (ok: boolean): string => (ok ? '✔' : '✘');
const yuan = (digits: string): string => formatMajor(fromDigits(digits)).padStart(16);

export function showDays(screen: Screen, days: readonly SettledDay[]): void {
  if (days.length === 0) screen.say('   no provider has this date');
  for (const day of days) {
    const { provider, state, settled } = day;
    const figures = settled
      ? `principal ${formatMajor(fromDigits(settled.principal))}, fees ${formatMajor(fromDigits(settled.fees))}, ` +
        `commissions ${formatMajor(fromDigits(settled.commissions))}${settled.replay ? ' (as before)' : ''}`
      : state;
    screen.say(`   ${mark(clean(day))} ${provider.padEnd(20)}${figures}`);
  }
}

export function showPositions(
  screen: Screen,
  { rows, final, openBreaks }: PositionsReply,
  days: readonly { provider: string; state: string; openBreaks: number }[],
): void {
  for (const { provider, state, openBreaks: open } of days)
    screen.say(
      `   ${mark(state === 'settled' || state === 'none_today')} ${provider.padEnd(20)}${state}, ${open} open`,
    );
  for (const { party, partyKind, nameZh, net } of rows.filter((row) => row.net !== '0'))
    screen.say(`     ${partyKind.padEnd(10)}${party.padEnd(14)}${yuan(net)}  ${nameZh}`);
  screen.say(`   ${mark(final)} ${final ? 'signed off' : `not signed off, ${openBreaks} open breaks`}`);
}

export function showMonth(screen: Screen, { month, state, steps, trialBalance }: MonthReply): void {
  screen.say(`   ${month}  ${state}`);
  for (const step of steps) {
    const sign = step.state === 'done' ? '✔' : step.state === 'blocked' ? '✘' : '·';
    screen.say(`   ${sign} ${String(step.no).padStart(2)} ${step.name.padEnd(20)}${step.detail}`);
  }
  for (const { account, balance } of trialBalance) screen.say(`     ${account.padEnd(40)}${yuan(balance)}`);
}

export function showStatement(screen: Screen, told: PartyStatementVersion): void {
  screen.say(`   ${told.party} ${told.nameZh}  ${told.period}  version ${told.version}  ${told.state}`);
  for (const [name, amount] of Object.entries(told.totals))
    screen.say(`     ${name.padEnd(20)}${yuan(String(amount))}`);
  screen.say(`     ${told.rows.length} lines; it may be disputed until ${told.windowEnds}`);
}

export function showChecks(screen: Screen, checks: readonly { name: string; ok: boolean; detail: string }[]): void {
  for (const { name, ok, detail } of checks) screen.say(`   ${mark(ok)} ${name.padEnd(52)}${detail}`);
}
