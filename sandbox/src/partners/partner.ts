import { setTimeout as sleep } from 'node:timers/promises';
import { toJson } from '@yidian/money';
import { contractFee, statementFile } from '../bank/statement';
import type { StatementLine } from '../bank/statement-line';
import { dayAfter, type StatementSource } from '../bank/statement-source';
import type { PartnerId } from '../demo/demo-file';
import { NoAnswer, type SignedAnswer, type SignedClient } from '../wire/signed-client';
import type { PartnerBook, Sale } from './partner-book';

const TRIES = 60;
/** Half seconds that a teller waits for a reversal that is under way. */
const LOOKS = 120;

/** What the partner reads of a payment; unknown members are ignored, as the API asks. */
export interface PaymentSeen {
  id: string;
  number: string;
  state: string;
  final: boolean;
  next_action?: { url: string } | null;
}

/**
 * A partner that takes cash or cards itself and then tells the platform. After a lost answer it sends the same key and
 * body again; it never makes a second reference for one sale.
 */
export class Partner implements StatementSource {
  constructor(
    readonly id: PartnerId,
    readonly book: PartnerBook,
    readonly api: SignedClient,
  ) {}

  get date(): string {
    return this.book.date;
  }

  cut(date: string): void {
    if (date === this.book.date) this.book.moveTo(dayAfter(date));
  }

  /** Takes the money and tells the platform until it has answered. Safe to call again with the same reference. */
  async collect(reference: string, number: string, amount: bigint, teller: string): Promise<Sale> {
    const sale = this.book.sales.get(reference) ?? this.newSale(reference, number, amount, teller);
    if (sale.state !== 'taken') return sale;
    const answer = await this.persist('/v1/payments', `${this.id}-${reference}`, {
      reference,
      number: sale.number,
      amount: toJson(BigInt(sale.amount)),
      currency: 'CNY',
      funding: { type: 'collected', taken_at: sale.takenAt, teller: sale.teller },
    });
    return this.keep(sale, answer);
  }

  /** Undoes a sale of today by its reference, also when the platform never answered for it. */
  async reverse(reference: string, reason: string): Promise<SignedAnswer> {
    const answer = await this.untilFinal(
      await this.persist('/v1/reversals', `${this.id}-rev-${reference}`, { reference, reason }),
    );
    const seen = answer.body as { state?: string; number?: string; note?: string | null };
    const sale = this.book.sales.get(reference);
    if (sale && sale.state !== 'reversed' && seen.state === 'reversed') {
      const at = new Date().toISOString();
      const reversal = { number: seen.number ?? '', at, date: this.book.date, txnId: this.book.nextTxnId() };
      const seenBefore = seen.note !== 'not_seen_blocked';
      this.book.save({ ...sale, state: 'reversed', ...(seenBefore ? { reversal } : {}) });
    }
    return answer;
  }

  /** A key keeps its first answer: what became of a reversal that was under way is asked by its id. */
  private async untilFinal(first: SignedAnswer): Promise<SignedAnswer> {
    const { id, final } = first.body as { id?: string; final?: boolean };
    if (first.status !== 202 || final !== false || id === undefined) return first;
    let latest = first;
    for (let looks = 0; looks < LOOKS && !(latest.body as { final?: boolean }).final; looks += 1) {
      await sleep(500);
      latest = await this.api.get(`/v1/reversals/${id}`).catch(() => latest);
    }
    return latest;
  }

  /** Looks at a payment again by its reference; keeps what it says. */
  async look(reference: string): Promise<Sale | undefined> {
    const sale = this.book.sales.get(reference);
    const answer = await this.api.get(`/v1/payments?reference=${encodeURIComponent(reference)}`);
    const found = (answer.body as { data?: PaymentSeen[] }).data?.[0];
    if (sale && found && sale.state !== 'reversed') this.book.save(withPayment(sale, found));
    return this.book.sales.get(reference);
  }

  /** POSTs until there is an answer to rely on: same key, same body, signed anew, waits that grow to two seconds. */
  async persist(path: string, key: string, body: object): Promise<SignedAnswer> {
    for (let tries = 1; ; tries += 1) {
      const answer = await this.api.post(path, body, key).catch((error: unknown) => {
        if (error instanceof NoAnswer && tries < TRIES) return null;
        throw error;
      });
      if (answer && !isPassing(answer)) return answer;
      if (answer && tries >= TRIES) return answer;
      await sleep(Math.min(100 * 2 ** tries, 2_000));
    }
  }

  statement(date: string): string | null {
    return statementFile(this.id, date, [...this.saleLines(date), ...this.returnLines(date)]);
  }

  private newSale(reference: string, number: string, amount: bigint, teller: string): Sale {
    const sale: Sale = {
      reference,
      number,
      amount: amount.toString(),
      teller,
      takenAt: new Date().toISOString(),
      date: this.book.date,
      txnId: this.book.nextTxnId(),
      state: 'taken',
    };
    this.book.save(sale);
    return sale;
  }

  private keep(sale: Sale, answer: SignedAnswer): Sale {
    const next =
      answer.status === 200 || answer.status === 201 || answer.status === 202
        ? withPayment(sale, answer.body as PaymentSeen)
        : { ...sale, state: 'refused' as const };
    this.book.save(next);
    return next;
  }

  /** What was undone the same day costs no fee. Money in the till that the platform has not refused; what it never heard of has no number of ours. */
  private saleLines(date: string): StatementLine[] {
    const line = (sale: Sale): StatementLine[] => {
      const amount = BigInt(sale.amount);
      const paid: StatementLine = {
        kind: 'PAY',
        ourNo: sale.payment?.number ?? sale.reference,
        txnId: sale.txnId,
        origTxnId: '',
        amount,
        fee: sale.reversal ? 0n : contractFee(this.id, amount),
        at: sale.takenAt,
      };
      return sale.date === date ? [paid] : [];
    };
    const undone = (sale: Sale): StatementLine[] =>
      sale.reversal?.date === date ? [returnLine('REVERSAL', sale.reversal.number, sale.reversal, sale)] : [];
    return [...this.book.sales.values()].flatMap((sale) => {
      if (sale.state === 'refused' || (sale.state === 'reversed' && !sale.reversal)) return [];
      return [...line(sale), ...undone(sale)];
    });
  }

  private returnLines(date: string): StatementLine[] {
    return [...this.book.returns.values()].flatMap((given) => {
      const sale = this.book.saleOf(given.paymentNo);
      if (given.date !== date || !sale) return [];
      const kind = given.kind === 'refund' ? 'REFUND' : 'REVERSAL';
      return [returnLine(kind, given.refundNo, given, sale, BigInt(given.amount))];
    });
  }
}

/**
 * Nothing was done and the same request may be made again: busy, broken, or signed before the platform forgot which
 * nonces it had seen, and then only a fresh signature is wanted.
 */
function isPassing({ status, body }: SignedAnswer): boolean {
  const { code } = body as { code?: string };
  return status >= 500 || status === 429 || (status === 401 && code === 'signature_expired');
}

function withPayment(sale: Sale, seen: PaymentSeen): Sale {
  const { id, number, state, final } = seen;
  return { ...sale, state: state === 'rejected' ? 'refused' : 'acknowledged', payment: { id, number, state, final } };
}

function returnLine(
  kind: 'REFUND' | 'REVERSAL',
  ourNo: string,
  given: { txnId: string; at: string },
  sale: Sale,
  amount = BigInt(sale.amount),
): StatementLine {
  return { kind, ourNo, txnId: given.txnId, origTxnId: sale.txnId, amount: -amount, fee: 0n, at: given.at };
}
