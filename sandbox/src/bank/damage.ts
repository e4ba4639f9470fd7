import { z } from 'zod';
import type { StatementLine } from './statement-line';

const fen = z.string().regex(/^-?\d{1,15}$/);

/** A difference put into a statement on purpose; `txnId` names the line as the provider knows it. */
export const damageSchema = z.discriminatedUnion('how', [
  z.object({ how: z.literal('omit'), txnId: z.string() }),
  z.object({ how: z.literal('fee'), txnId: z.string(), by: fen }),
  z.object({ how: z.literal('amount'), txnId: z.string(), by: fen }),
  z.object({ how: z.literal('repeat'), txnId: z.string() }),
  z.object({ how: z.literal('extra'), ourNo: z.string(), txnId: z.string(), amount: fen, at: z.string() }),
]);
export type Damage = z.infer<typeof damageSchema>;

export function damaged(lines: readonly StatementLine[], damages: readonly Damage[]): StatementLine[] {
  return damages.reduce<StatementLine[]>((file, damage) => apply(file, damage), [...lines]);
}

function apply(file: StatementLine[], damage: Damage): StatementLine[] {
  const hit = (line: StatementLine) => line.txnId === damage.txnId;
  switch (damage.how) {
    case 'omit':
      return file.filter((line) => !hit(line));
    case 'fee':
      return file.map((line) => (hit(line) ? { ...line, fee: line.fee + BigInt(damage.by) } : line));
    case 'amount':
      return file.map((line) => (hit(line) ? { ...line, amount: line.amount + BigInt(damage.by) } : line));
    case 'repeat':
      return file.flatMap((line) => (hit(line) ? [line, line] : [line]));
    case 'extra':
      return [...file, extraLine(damage)];
  }
}

function extraLine(damage: Extract<Damage, { how: 'extra' }>): StatementLine {
  const { ourNo, txnId, at } = damage;
  return { kind: 'PAY', ourNo, txnId, origTxnId: '', amount: BigInt(damage.amount), fee: 0n, at };
}
