import type { Archived } from '@yidian/archive';
import { settleSegments, type SettledDay } from '../../../apps/settlement/src/items/engine/settle-segments';
import { netOf, positionsOf, type Party, type Position } from '../../../apps/settlement/src/positions/position';
import type { SummedLeg } from '../../../apps/settlement/src/positions/positions.store';
import { Plan } from '../../../apps/settlement/src/provider-days/plan';
import { singleGaps, sumGroups } from '../../../apps/settlement/src/provider-days/sum-groups';
import { linesOf, type PartyLine } from '../../../apps/settlement/src/statements/party-lines';
import { DAY, NAMES, PROVIDER, TERMS } from './matched-day';

export interface Settled {
  day: SettledDay;
  legs: SummedLeg[];
  positions: { party: Party; position: Position }[];
  statements: { party: Party; lines: PartyLine[]; net: bigint; position: Position }[];
}

/** From sealed matched lines to every party's statement: the engine, the plan, positions and lines that the night uses. */
export async function settleDay(root: string, segments: readonly Archived[], threads: number): Promise<Settled> {
  const settings = { archive: root, place: ['settled', PROVIDER, DAY], terms: TERMS, names: NAMES };
  const day = await settleSegments(segments, settings, threads);
  const plan = new Plan();
  sumGroups(plan, day.pricing);
  singleGaps(plan, PROVIDER, day.gaps);
  const legs = plan.postings().flatMap((posting) => posting.map((leg) => ({ ...leg, provider: PROVIDER })));
  const positions = [...positionsOf(legs).values()];
  const statements = positions
    .filter(({ party }) => party.kind !== 'hq')
    .map(({ party, position }) => {
      const lines = linesOf(party.code, legs);
      return { party, position, lines, net: lines.reduce((sum, line) => sum + netOf(line.position), 0n) };
    });
  return { day, legs, positions, statements };
}
