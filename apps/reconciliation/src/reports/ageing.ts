import { AGE_BUCKETS, type AgeBucket, type AgeingRow } from '@yidian/contracts';
import { toDigits } from '@yidian/money';
import type { Break } from '../breaks/break';
import { daysFrom } from '../dates';

type Aged = Pick<Break, 'provider' | 'class' | 'date' | 'at_stake' | 'owner' | 'due_on'>;

/** First day of each bucket, oldest first. */
const FROM: readonly (readonly [days: number, bucket: AgeBucket])[] = [
  [31, '30+'],
  [8, '8-30'],
  [4, '4-7'],
  [2, '2-3'],
  [0, '0-1'],
];

export function bucketOf(days: number): AgeBucket {
  return FROM.find(([from]) => days >= from)?.[1] ?? '0-1';
}

/** Open breaks by provider, class and age; amounts absolute, so that long and short do not hide each other. */
export function ageing(rows: readonly Aged[], asOf: string): AgeingRow[] {
  const cells = new Map<string, AgeingRow & { sum: bigint }>();
  for (const row of rows) {
    const bucket = bucketOf(daysFrom(row.date, asOf));
    const name = `${row.provider} ${row.class} ${bucket}`;
    const cell = cells.get(name) ?? {
      ...{ provider: row.provider, class: row.class, bucket, count: 0, amount: '0', unowned: 0, overdue: 0, sum: 0n },
    };
    cell.count++;
    cell.sum += row.at_stake < 0n ? -row.at_stake : row.at_stake;
    if (row.owner === '') cell.unowned++;
    if (row.due_on !== null && row.due_on < asOf) cell.overdue++;
    cells.set(name, cell);
  }
  return [...cells.values()]
    .map(({ sum, ...cell }) => ({ ...cell, amount: toDigits(sum) }))
    .sort((a, b) => compare(a.provider, b.provider) || compare(a.class, b.class) || place(a) - place(b));
}

const place = ({ bucket }: AgeingRow): number => AGE_BUCKETS.indexOf(bucket);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
