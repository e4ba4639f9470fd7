/**
 * A province's own file beside our orders of the date. What it did and we were in doubt about is settled by it; everything
 * else that is not the same on both sides is a difference for people and the credit run. Nothing else is moved here.
 */
import { Injectable } from '@nestjs/common';
import type { CreditFileKind } from '@yidian/contracts';
import { AdvanceOrder } from '../orders/advance-order';
import type { OrderKind, OrderRow } from '../orders/order';
import { OrdersStore } from '../orders/orders.store';
import { readCreditFile, type CreditFinding, type CreditLine, type CreditTotals } from './credit-file-format';
import type { Difference } from './credit-files.store';

export interface Comparison extends CreditTotals {
  findings: CreditFinding[];
  differences: Difference[];
  /** Orders in doubt that the file has ended. */
  settled: number;
}

const KINDS: Readonly<Record<CreditFileKind, OrderKind>> = { CREDIT: 'credit', REVERSAL: 'reversal', CANCEL: 'cancel' };
const FILE_KINDS: Readonly<Record<OrderKind, CreditFileKind>> = {
  credit: 'CREDIT',
  reversal: 'REVERSAL',
  cancel: 'CANCEL',
};
const AT_ONCE = 500;

@Injectable()
export class CompareFile {
  constructor(
    private readonly orders: OrdersStore,
    private readonly advance: AdvanceOrder,
  ) {}

  /** @param bytes of the file; none: "nothing happened that day" */
  async execute(branch: string, date: string, bytes: Buffer | null): Promise<Comparison> {
    const findings: CreditFinding[] = [];
    const differences: Difference[] = [];
    const seen = new Set<string>();
    let settled = 0;
    let waiting: CreditLine[] = [];
    const flush = async () => {
      const lines = waiting;
      waiting = [];
      const known = await this.ordersOf(branch, lines);
      for (const line of lines) {
        const name = `${line.kind} ${line.reference}`;
        const order = known.get(name);
        const found = seen.has(name) ? 'repeated' : judge(line, order, date);
        seen.add(name);
        if (found === 'settle' && order) settled += (await this.settle(order, line, date)) ? 1 : 0;
        else if (found !== null && found !== 'settle') differences.push(difference(found, line, order));
      }
    };
    const totals = bytes
      ? await readCreditFile(
          bytes,
          { branch, date },
          {
            finding: (finding) => void findings.push(finding),
            line: async (line) => {
              waiting.push(line);
              if (waiting.length >= AT_ONCE) await flush();
            },
          },
        )
      : { lines: 0, amount: 0n, agrees: true };
    await flush();
    differences.push(...(await this.notThere(branch, date, seen)));
    return { ...totals, findings, differences, settled };
  }

  private async ordersOf(branch: string, lines: readonly CreditLine[]): Promise<Map<string, OrderRow>> {
    const orders = new Map<string, OrderRow>();
    for (const kind of ['CREDIT', 'REVERSAL', 'CANCEL'] as const) {
      const references = lines.filter((line) => line.kind === kind).map((line) => line.reference);
      for (const [reference, row] of await this.orders.find(KINDS[kind], references))
        if (row.branch === branch) orders.set(`${kind} ${reference}`, row);
    }
    return orders;
  }

  private async settle(order: OrderRow, line: CreditLine, date: string): Promise<boolean> {
    const { amount, currency } = order;
    const word = { word: 'done' as const, amount, currency, theirId: line.theirId, date, balance: null };
    return this.advance.prove(order, word, `credit file of ${date}`);
  }

  /** Done by their own word, and their file of the date does not know of it. */
  private async notThere(branch: string, date: string, seen: ReadonlySet<string>): Promise<Difference[]> {
    const missing: Difference[] = [];
    for (let after = { refNo: '', kind: '' }; ;) {
      const rows = await this.orders.doneOn(branch, date, after, AT_ONCE);
      for (const row of rows) {
        const kind = FILE_KINDS[row.kind];
        if (seen.has(`${kind} ${row.refNo}`)) continue;
        const ours = { ourState: row.state, ourAmount: signed(row), theirAmount: null };
        missing.push({ class: 'not_there', kind, reference: row.refNo, ...ours });
      }
      const last = rows.at(-1);
      if (!last || rows.length < AT_ONCE) return missing;
      after = { refNo: last.refNo, kind: last.kind };
    }
  }
}

const signed = (order: OrderRow): bigint => (order.kind === 'reversal' ? -order.amount : order.amount);

/** null: the same on both sides. */
function judge(line: CreditLine, order: OrderRow | undefined, date: string): Difference['class'] | 'settle' | null {
  if (!order || order.state === 'requested') return 'not_asked_for';
  if (signed(order) !== line.amount) return 'amount_differs';
  if (order.state === 'refused' || order.state === 'given_up') return 'done_after_refusal';
  if (order.state !== 'done') return 'settle';
  return order.theirDate === date ? null : 'date_differs';
}

function difference(what: Difference['class'], line: CreditLine, order: OrderRow | undefined): Difference {
  return {
    class: what,
    kind: line.kind,
    reference: line.reference,
    ourState: order?.state ?? null,
    ourAmount: order ? signed(order) : null,
    theirAmount: line.amount,
  };
}
