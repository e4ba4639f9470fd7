/** What the contract takes of an amount in a channel, of a home branch. */
export interface FeeQuestion {
  amount: number;
  channel: string;
  /** Six digits. */
  branch: string;
}

/** Null: settlement knows no fee for it. */
export type FeeAnswer = number | null;
export type AskFees = (questions: readonly FeeQuestion[]) => Promise<FeeAnswer[]>;

const NONE = Number.NaN;

/** Fees that were asked once, open-addressed in flat arrays: it is looked into once a line. */
export class FeeTable {
  private amounts = new Float64Array(1 << 8);
  private fees = new Float64Array(1 << 8);
  private size = 0;

  /** Undefined when it was never asked, NaN when there is none. */
  get(amount: number): number | undefined {
    const at = this.place(amount);
    return this.amounts[at] === 0 ? undefined : this.fees[at];
  }

  /** @param amount positive */
  set(amount: number, fee: FeeAnswer): void {
    if (this.size * 2 >= this.amounts.length) this.grow();
    const at = this.place(amount);
    if (this.amounts[at] === 0) this.size++;
    this.amounts[at] = amount;
    this.fees[at] = fee ?? NONE;
  }

  private place(amount: number): number {
    const mask = this.amounts.length - 1;
    let at = (Math.imul(amount | 0, 0x9e3779b1) >>> 8) & mask;
    while (this.amounts[at] !== 0 && this.amounts[at] !== amount) at = (at + 1) & mask;
    return at;
  }

  private grow(): void {
    const { amounts, fees } = this;
    this.amounts = new Float64Array(amounts.length * 2);
    this.fees = new Float64Array(amounts.length * 2);
    amounts.forEach((amount, n) => {
      if (amount === 0) return;
      const at = this.place(amount);
      this.amounts[at] = amount;
      this.fees[at] = fees[n] as number;
    });
  }
}
