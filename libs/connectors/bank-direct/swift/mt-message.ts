import { MoneyError } from '@yidian/money';
import { MtUnreadable, parseMtBalance, parseMtSum, type MtBalance } from './mt-line';

/** One message (a statement, or a page of one) while it is read, and what it says of itself. */
export class MtMessage {
  currency = '';
  opening: MtBalance | null = null;
  closing: MtBalance | null = null;
  private booked = 0n;
  private readonly credits = { entries: 0, sum: 0n };
  private readonly debits = { entries: 0, sum: 0n };
  private readonly said: { tag: string; entries: number; sum: bigint }[] = [];
  /** A field said what its entries are about; before that there is no message. */
  begun = false;

  /** @returns what is wrong with the field, or null */
  field(tag: string, text: string): string | null {
    try {
      this.take(tag, text);
      return null;
    } catch (error) {
      if (error instanceof MtUnreadable || error instanceof MoneyError) return `field ${tag}: ${error.message}`;
      throw error;
    }
  }

  private take(tag: string, text: string): void {
    this.begun = true;
    // Some banks end the account with its currency; balances say it better and come later.
    if (tag.startsWith('25')) this.currency ||= /(?:\d|\/)([A-Z]{3})\s*$/.exec(text)?.[1] ?? '';
    if (tag === '34F') this.currency = /^([A-Z]{3})/.exec(text.trim())?.[1] ?? this.currency;
    if (tag === '60F' || tag === '60M') {
      this.opening ??= parseMtBalance(text);
      this.currency = this.opening.currency;
    }
    if (tag === '62F' || tag === '62M') this.closing = parseMtBalance(text);
    if (tag === '90C' || tag === '90D') this.said.push({ tag, ...parseMtSum(text) });
  }

  entry(amount: bigint, booked: boolean): void {
    if (booked) this.booked += amount;
    const side = amount < 0n ? this.debits : this.credits;
    side.entries++;
    side.sum += amount < 0n ? -amount : amount;
  }

  /** Booked entries by the balances; null when one is missing. */
  declaredAmount(): bigint | null {
    const { opening, closing } = this;
    return opening && closing && opening.currency === closing.currency ? closing.amount - opening.amount : null;
  }

  /** Of MT942 only, which has no balances: both sums, by their number. */
  declaredEntries(): { entries: number; amount: bigint } | null {
    if (this.said.length === 0) return null;
    const sign = (tag: string) => (tag === '90C' ? 1n : -1n);
    return {
      entries: this.said.reduce((sum, { entries }) => sum + entries, 0),
      amount: this.said.reduce((sum, one) => sum + sign(one.tag) * one.sum, 0n),
    };
  }

  /** Run at the end of the message. */
  check(): string[] {
    const { opening, closing } = this;
    const findings: string[] = [];
    if (opening && closing && opening.currency !== closing.currency)
      findings.push('opening and closing balance are in different currencies');
    else if (opening && closing && opening.amount + this.booked !== closing.amount)
      findings.push('opening balance and entries do not give the closing balance');
    else if (opening && !closing) findings.push('no closing balance: the message is not complete');
    for (const { tag, entries, sum } of this.said) {
      const side = tag === '90C' ? this.credits : this.debits;
      if (side.entries !== entries || side.sum !== sum) findings.push(`field ${tag} differs from the entries`);
    }
    return findings;
  }
}
