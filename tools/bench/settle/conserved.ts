import type { Archive } from '@yidian/archive';
import type { SettledDay } from '../../../apps/settlement/src/items/engine/settle-segments';
import { SettledSegment } from '../../../apps/settlement/src/items/engine/settled-lines';
import { netOf } from '../../../apps/settlement/src/positions/position';
import type { MatchedDay } from './matched-day';
import type { Settled } from './settle-day';

/**
 * Reads every sealed line again and compares: what came in, what is sealed, what the groups counted, what the positions and
 * statements say. @returns the names of what does not agree; none when every fen is where it belongs
 */
export async function notConserved(archive: Archive, day: MatchedDay, settled: Settled): Promise<string[]> {
  let [count, amount, fee, commission] = [0, 0n, 0n, 0n];
  for (const part of settled.day.parts) {
    const [n, a, f, c] = new SettledSegment(await archive.get(part)).sums();
    [count, amount, fee, commission] = [count + n, amount + a, fee + f, commission + c];
  }
  const counted = groupSums(settled.day);
  const gaps = settled.day.gaps.reduce((sum, { gap }) => sum + BigInt(gap), 0n);
  const checks: [string, boolean][] = [
    ['rows sealed', count === day.rows && counted.count === day.rows],
    ['principal', amount === day.amount && counted.principal === day.amount],
    ['fees', fee === counted.fee && fee + gaps === day.fees],
    ['commissions', commission === counted.commission],
    ['sums', sum(settled.sums.map((one) => one.amount)) === amount && sum(settled.sums.map((one) => one.fee)) === fee],
    ['statement fees', sum(settled.sums.map(({ statementFee }) => statementFee)) === day.fees],
    ['positions sum to zero', sum(settled.positions.map(({ position }) => netOf(position))) === 0n],
    ['statements are the positions', settled.statements.every(({ net, position }) => net === netOf(position))],
    ['legs', sum(settled.legs.filter(({ kind }) => kind === 'principal').map((leg) => leg.amount)) === day.amount],
  ];
  return checks.filter(([, ok]) => !ok).map(([name]) => name);
}

function groupSums({ pricing }: SettledDay) {
  const sums = { count: 0, principal: 0n, fee: 0n, commission: 0n };
  for (const group of pricing.settled()) {
    const totals = group.totals();
    const behind = 1 + group.schedule.bearers.length;
    sums.count += group.count;
    sums.principal += totals[0] ?? 0n;
    sums.fee += sum(totals.slice(1, behind));
    sums.commission += sum(totals.slice(behind));
  }
  return sums;
}

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => a + b, 0n);
