import type { Row } from '@yidian/database';
import type { LaneTx, Statement } from '@yidian/journal';

export interface InvoiceEvent {
  kind: 'mark' | 'red_flush';
  /** Of the invoice, or of the red one that cancels it. */
  invoiceNo: string;
  actor: string;
}

type EventRow = InvoiceEvent & { paymentNo: string } & Row;

/** What happened to the invoices of one payment; the last event says whether one stands. */
export class InvoiceFile {
  readonly added: InvoiceEvent[] = [];

  constructor(readonly events: InvoiceEvent[]) {}

  stands(): boolean {
    return this.events.at(-1)?.kind === 'mark';
  }

  add(event: InvoiceEvent): void {
    this.events.push(event);
    this.added.push(event);
  }
}

/** Inside a batch of the write door, under the lock of each payment's guard. */
export const invoiceReads = (paymentNos: readonly string[]): Statement[] =>
  paymentNos.length === 0
    ? []
    : [
        {
          sql: `SELECT payment_no AS paymentNo, kind, invoice_no AS invoiceNo, actor FROM invoice_event
            FORCE INDEX (PRIMARY) WHERE payment_no IN (?) ORDER BY payment_no, n`,
          params: [paymentNos],
        },
      ];

export function invoiceFilesFrom(paymentNos: readonly string[], rows: readonly Row[]): Map<string, InvoiceFile> {
  const files = new Map(paymentNos.map((paymentNo) => [paymentNo, new InvoiceFile([])]));
  for (const { paymentNo, kind, invoiceNo, actor } of rows as readonly EventRow[])
    files.get(paymentNo)?.events.push({ kind, invoiceNo, actor });
  return files;
}

export function writeInvoiceFiles(tx: LaneTx, files: ReadonlyMap<string, InvoiceFile>): void {
  const rows = [...files].flatMap(([paymentNo, { events, added }]) =>
    added.map(({ kind, invoiceNo, actor }, index) => {
      const n = events.length - added.length + index + 1;
      return [paymentNo, n, kind, invoiceNo, actor, tx.now];
    }),
  );
  if (rows.length === 0) return;
  const sql = 'INSERT INTO invoice_event (payment_no, n, kind, invoice_no, actor, at) VALUES ?';
  tx.write({ sql, params: [rows] }, rows.length);
}
