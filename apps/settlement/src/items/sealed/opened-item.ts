import type { MatchedItem } from '@yidian/contracts';
import type { SettledLine } from '../engine/settled-lines';
import { pricePayment } from '../settle-payment';
import { fromMatched, type SettledItem } from '../settled-item';
import { planById, scheduleById, type Terms } from '../terms';

/**
 * A sealed line as a row: what reconciliation says of it, with the fee and commission that are sealed and each level's part of it.
 * The parts follow from the rates that stand in the segment; that they add up to the very numbers sealed is checked.
 * @throws Error rather than opening a line that would not give back what was given
 */
export function openedItem(batchId: string, line: SettledLine, item: MatchedItem, terms: Terms): SettledItem {
  const { scheduleId, planId, feePpm, accounts, rates } = line.group;
  const schedule = { ...scheduleById(terms, scheduleId), ppm: BigInt(feePpm) };
  const plans = planId === '' ? [] : [planById(terms, planId)];
  const unpriced = { ...fromMatched(batchId, item), sealed: true };
  const priced = pricePayment(unpriced, { ...terms, schedules: [schedule], plans });
  const same =
    priced.amount === line.amount &&
    priced.fee === line.fee &&
    priced.commission === line.commission &&
    priced.planId === planId &&
    priced.branch === line.group.branch &&
    priced.earned.map(({ account, ppm }) => `${account} ${ppm}`).join() ===
      accounts.map((account, level) => `${account} ${rates[level] ?? ''}`).join();
  if (!same) throw new Error(`the sealed line of ${line.paymentNo} in ${batchId} would be priced otherwise now`);
  return priced;
}
