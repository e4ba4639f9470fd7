import { sum } from '@yidian/money';
import type { FileDamage } from './file-damage';
import type { ProvinceOrder } from './province-book';

interface Line {
  kind: string;
  reference: string;
  id: string;
  amount: bigint;
  at: string;
}

/** The file of one date, or null when it has no line; the same however often it is asked for. The totals fit the lines. */
export function creditFile(
  branch: string,
  date: string,
  orders: readonly ProvinceOrder[],
  damages: readonly FileDamage[] = [],
): string | null {
  const lines = damages.reduce(damaged, sorted(orders.flatMap((order) => linesOf(order, date))));
  const bad = damages.flatMap((damage) => (damage.how === 'bad_line' ? [damage.text] : []));
  if (lines.length + bad.length === 0) return null;
  const details = lines.map(({ kind, reference: ours, id, amount, at }, index) =>
    ['D', index + 1, kind, ours, id, amount, at, 'DONE'].join('|'),
  );
  const trailer = `T|${lines.length}|${sum(lines.map(({ amount }) => amount))}`;
  return `${[`H|YC1|${branch}|${date}|CNY`, ...details, ...bad, trailer].join('\n')}\n`;
}

function linesOf({ reference: ours, amount, effects }: ProvinceOrder, date: string): Line[] {
  return effects
    .filter((effect) => effect.date === date)
    .map(({ kind, id, at }) => ({
      ...{ kind, reference: ours, id, at },
      amount: kind === 'REVERSAL' ? -BigInt(amount) : BigInt(amount),
    }));
}

function damaged(lines: Line[], damage: FileDamage): Line[] {
  if (damage.how === 'bad_line') return lines;
  const hit = (line: Line) => line.reference === damage.reference;
  switch (damage.how) {
    case 'omit':
      return lines.filter((line) => !hit(line));
    case 'amount':
      return lines.map((line) => (hit(line) ? { ...line, amount: line.amount + BigInt(damage.by) } : line));
    case 'repeat':
      return lines.flatMap((line) => (hit(line) ? [line, line] : [line]));
    case 'extra': {
      const at = lines[0]?.at ?? new Date(0).toISOString();
      const amount = BigInt(damage.amount);
      return [
        ...lines,
        { kind: amount < 0n ? 'REVERSAL' : 'CREDIT', reference: damage.reference, id: 'HN0', amount, at },
      ];
    }
  }
}

function sorted(lines: Line[]): Line[] {
  return lines.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}
