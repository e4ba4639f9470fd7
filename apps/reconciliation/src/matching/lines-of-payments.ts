import { Injectable } from '@nestjs/common';
import type { BreakClass, linesOfPayments, PaymentLine } from '@yidian/contracts';
import { toDigits } from '@yidian/money';
import type { z } from 'zod';
import { PaymentLinesStore, type PaymentRow } from './payment-lines.store';
import { ReadMatched } from './read-matched';

type Asked = z.output<typeof linesOfPayments>['payments'];

/** Statement lines and breaks of payments, for whoever looks at one number: by the runs that stand, oldest date first. */
@Injectable()
export class LinesOfPayments {
  constructor(
    private readonly store: PaymentLinesStore,
    private readonly matched: ReadMatched,
  ) {}

  async execute(asked: Asked): Promise<{ lines: PaymentLine[] }> {
    const numbers = asked.map(({ paymentNo }) => paymentNo);
    const [rows, breaks] = await Promise.all([this.store.lines(numbers), this.store.breaks(numbers)]);
    // What is a row is not sealed as well: only the others are looked for in the archive.
    const known = new Set(rows.filter(({ kind }) => kind === 'payment').map((row) => row.payment_no));
    const sealed = await this.sealed(asked.filter(({ paymentNo }) => !known.has(paymentNo)));
    const lines = [...rows.map((row) => view('line', row)), ...sealed, ...breaks.map((row) => view('break', row))];
    return { lines: lines.sort((a, b) => (order(a) < order(b) ? -1 : 1)) };
  }

  private async sealed(asked: Asked): Promise<PaymentLine[]> {
    const found: PaymentLine[] = [];
    const times = new Map<string, Date | null>();
    for (const provider of new Set(asked.map((one) => one.provider))) {
      const numbers = asked.filter((one) => one.provider === provider).map(({ paymentNo }) => paymentNo);
      for (const { date, kind, paymentNo, txnId, amount } of await this.matched.linesOf(provider, numbers)) {
        const day = `${provider} ${date}`;
        if (!times.has(day)) times.set(day, await this.store.madeAt(provider, date));
        const row = { payment_no: paymentNo, provider, date, kind, class: 'matched', state: 'matched', amount };
        const at = times.get(day) ?? new Date(`${date}T16:00:00Z`);
        found.push(view('line', { ...row, provider_txn_id: txnId, at }));
      }
    }
    return found;
  }
}

const order = (line: PaymentLine): string => `${line.date} ${line.what === 'line' ? 0 : 1} ${line.at} ${line.kind}`;

const view = (what: PaymentLine['what'], row: PaymentRow): PaymentLine => ({
  ...{ paymentNo: row.payment_no, provider: row.provider, date: row.date, what, kind: row.kind },
  ...{ class: row.class as BreakClass, state: row.state, providerTxnId: row.provider_txn_id },
  ...{ amount: toDigits(row.amount), at: row.at.toISOString() },
});
