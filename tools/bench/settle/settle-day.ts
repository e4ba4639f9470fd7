import { DirectoryArchive, type Archived } from '@yidian/archive';
import type { MatchedItem } from '@yidian/contracts';
import { settleSegments, type SettledDay } from '../../../apps/settlement/src/items/engine/settle-segments';
import { SettledSegment, type SettledLine } from '../../../apps/settlement/src/items/engine/settled-lines';
import { openedItem } from '../../../apps/settlement/src/items/sealed/opened-item';
import { sumsOf, type SettledSum } from '../../../apps/settlement/src/items/sealed/sums';
import { netOf, positionsOf, type Party, type Position } from '../../../apps/settlement/src/positions/position';
import type { SummedLeg } from '../../../apps/settlement/src/positions/positions.store';
import { DayPlanner } from '../../../apps/settlement/src/provider-days/day-planner';
import { linesOf, type PartyLine } from '../../../apps/settlement/src/statements/party-lines';
import { DAY, NAMES, PROVIDER, TERMS } from './matched-day';

export interface Settled {
  day: SettledDay;
  sums: SettledSum[];
  /** Lines whose fee is not the contract's, as reconciliation tells them. */
  differing: MatchedItem[];
  legs: SummedLeg[];
  positions: { party: Party; position: Position }[];
  statements: { party: Party; lines: PartyLine[]; net: bigint; position: Position }[];
}

const BATCH = `${PROVIDER}-${DAY}-1`;

/**
 * From sealed matched lines to every party's statement by what the night calls in the same order: the engine, the sums of its groups,
 * the planner, opened lines where a fee is not the contract's, positions and lines.
 */
export async function settleDay(root: string, segments: readonly Archived[], threads: number): Promise<Settled> {
  const settings = { archive: root, place: ['settled', PROVIDER, DAY], terms: TERMS, names: NAMES };
  const day = await settleSegments(segments, settings, threads);
  const planner = new DayPlanner(BATCH, TERMS);
  planner.sealed(day.pricing);
  const sums = sumsOf(day);
  const differing = await openDiffering(root, day, planner);
  const legs = planner.postings().flatMap((posting) => posting.map((leg) => ({ ...leg, provider: PROVIDER })));
  const positions = [...positionsOf(legs).values()];
  const statements = positions
    .filter(({ party }) => party.kind !== 'hq')
    .map(({ party, position }) => {
      const lines = linesOf(party.code, legs);
      return { party, position, lines, net: lines.reduce((sum, line) => sum + netOf(line.position), 0n) };
    });
  return { day, sums, differing, legs, positions, statements };
}

/** What the night asks reconciliation and the database for, from the segments themselves. */
async function openDiffering(root: string, day: SettledDay, planner: DayPlanner): Promise<MatchedItem[]> {
  const archive = new DirectoryArchive(root);
  const gaps = new Map(day.gaps.map(({ paymentNo, gap }) => [paymentNo, gap]));
  const numbers = new Set(gaps.keys());
  const items: MatchedItem[] = [];
  for (const part of numbers.size === 0 ? [] : day.parts)
    for (const line of new SettledSegment(await archive.get(part)).among(numbers)) {
      const item = told(line, gaps.get(line.paymentNo) ?? 0);
      planner.opened(openedItem(BATCH, line, item, TERMS), undefined);
      items.push(item);
    }
  return items;
}

/** @param gap what the statement's fee is above the contract's */
function told({ paymentNo, amount, fee, group }: SettledLine, gap: number): MatchedItem {
  const { branch, acquiringBranch, channel, partner } = group;
  return {
    ...{ id: `line/${paymentNo}`, kind: 'payment', class: 'matched', matched: true, currency: 'CNY' },
    ...{ paymentNo, refNo: '', providerTxnId: paymentNo, branch, acquiringBranch, channel, partner },
    ...{ amount: String(amount), fee: String(fee + BigInt(gap)) },
  };
}
