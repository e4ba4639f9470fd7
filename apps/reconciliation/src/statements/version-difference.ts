/** Lines of one side only, with their sums in signed minor units. */
export interface DifferenceSide {
  lines: number;
  amount: bigint;
  fee: bigint;
}

/** What a replacement changed. Amounts of other currencies and notices are counted in as they are: it is about the file. */
export interface VersionDifference {
  /** Version it is compared with. */
  against: number;
  same: number;
  added: DifferenceSide;
  removed: DifferenceSide;
  changed: { lines: number; amountBefore: bigint; amountAfter: bigint; feeBefore: bigint; feeAfter: bigint };
  /** False: more lines differ than are kept one by one; the sums are of all of them. */
  complete: boolean;
}

/** One line that differs. `changed`: the same transaction with another content. */
export interface LineChange {
  what: 'added' | 'removed' | 'changed';
  kind: string;
  ourRef: string;
  txnId: string;
  before: ChangedLine | null;
  after: ChangedLine | null;
}
export interface ChangedLine {
  line: number;
  amount: bigint;
  fee: bigint;
}

export const noDifference = (against: number): VersionDifference => ({
  against,
  same: 0,
  added: { lines: 0, amount: 0n, fee: 0n },
  removed: { lines: 0, amount: 0n, fee: 0n },
  changed: { lines: 0, amountBefore: 0n, amountAfter: 0n, feeBefore: 0n, feeAfter: 0n },
  complete: true,
});

export function count(difference: VersionDifference, { before, after }: LineChange): void {
  const { changed } = difference;
  if (before && after) {
    changed.lines++;
    changed.amountBefore += before.amount;
    changed.amountAfter += after.amount;
    changed.feeBefore += before.fee;
    changed.feeAfter += after.fee;
    return;
  }
  const line = before ?? after;
  const side = before ? difference.removed : difference.added;
  side.lines++;
  side.amount += line?.amount ?? 0n;
  side.fee += line?.fee ?? 0n;
}

/** Amounts as digit strings. */
export type WrittenDifference = {
  [K in keyof VersionDifference]: VersionDifference[K] extends object
    ? Written<VersionDifference[K]>
    : VersionDifference[K];
};
type Written<T> = { [K in keyof T]: T[K] extends bigint ? string : T[K] };

export function writtenDifference({ added, removed, changed, ...rest }: VersionDifference): WrittenDifference {
  const side = ({ lines, amount, fee }: DifferenceSide) => ({ lines, amount: `${amount}`, fee: `${fee}` });
  const { lines, amountBefore, amountAfter, feeBefore, feeAfter } = changed;
  return {
    ...rest,
    added: side(added),
    removed: side(removed),
    changed: {
      lines,
      amountBefore: `${amountBefore}`,
      amountAfter: `${amountAfter}`,
      feeBefore: `${feeBefore}`,
      feeAfter: `${feeAfter}`,
    },
  };
}

export const writeDifference = (difference: VersionDifference): string => JSON.stringify(writtenDifference(difference));

export function readDifference(text: string): VersionDifference {
  const { added, removed, changed, ...rest } = JSON.parse(text) as WrittenDifference;
  const side = ({ lines, amount, fee }: Written<DifferenceSide>) => ({
    lines,
    amount: BigInt(amount),
    fee: BigInt(fee),
  });
  const { lines, amountBefore, amountAfter, feeBefore, feeAfter } = changed;
  return {
    ...rest,
    added: side(added),
    removed: side(removed),
    changed: {
      lines,
      amountBefore: BigInt(amountBefore),
      amountAfter: BigInt(amountAfter),
      feeBefore: BigInt(feeBefore),
      feeAfter: BigInt(feeAfter),
    },
  };
}
