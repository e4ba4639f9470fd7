import { randomBytes } from 'node:crypto';

/** What an account holds, and what its transfers say it holds. */
export interface Sums {
  holds(account: string, currency: string, amount: bigint): void;
  says(account: string, currency: string, amount: bigint): void;
}

const DRAWERS = 4_096;

/**
 * Compares the two for any number of accounts in the same small memory: accounts fall into drawers, and a drawer keeps one
 * number, the sum of (holds − says) times a factor of the account's own, modulo 2^64. Drawers and factors are drawn anew for
 * every run, so that no set of wrong balances can be made to cancel; a drawer at zero has nothing wrong in it but for a chance
 * of about one in 2^53.
 */
export class Drawers implements Sums {
  private readonly sums = new BigInt64Array(DRAWERS);
  private readonly seeds = randomBytes(8);

  holds(account: string, currency: string, amount: bigint): void {
    this.add(account, currency, amount);
  }

  says(account: string, currency: string, amount: bigint): void {
    this.add(account, currency, -amount);
  }

  wrong(): number[] {
    return [...this.sums.keys()].filter((drawer) => this.sums[drawer] !== 0n);
  }

  drawerOf(account: string, currency: string): number {
    return this.spread(account, currency)[0] % DRAWERS;
  }

  private add(account: string, currency: string, amount: bigint): void {
    const [low, high] = this.spread(account, currency);
    const factor = (BigInt(high) << 21n) | BigInt((low >>> 12) | 1);
    const drawer = low % DRAWERS;
    this.sums[drawer] = (this.sums[drawer] ?? 0n) + factor * amount; // wraps at 64 bits by itself
  }

  /** Two numbers of 32 bits from the account's name; quick rather than strong, what protects is that the seeds are unknown. */
  private spread(account: string, currency: string): [number, number] {
    let a = this.seeds.readUInt32LE(0);
    let b = this.seeds.readUInt32LE(4);
    for (const text of [account, currency])
      for (let i = 0; i < text.length; i++) {
        const unit = text.charCodeAt(i);
        a = Math.imul(a ^ unit, 2654435761);
        b = Math.imul(b ^ unit, 1597334677);
      }
    a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
    b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
    return [a >>> 0, b >>> 0];
  }
}

export interface WrongBalance {
  account: string;
  currency: string;
  holds: bigint;
  says: bigint;
}

/** Drawers that were found wrong, opened: their accounts one by one. */
export class OpenedDrawers implements Sums {
  private readonly accounts = new Map<string, WrongBalance>();
  private readonly chosen: ReadonlySet<number>;

  constructor(
    private readonly drawers: Drawers,
    chosen: readonly number[],
  ) {
    this.chosen = new Set(chosen);
  }

  holds(account: string, currency: string, amount: bigint): void {
    const entry = this.entry(account, currency);
    if (entry) entry.holds += amount;
  }

  says(account: string, currency: string, amount: bigint): void {
    const entry = this.entry(account, currency);
    if (entry) entry.says += amount;
  }

  wrong(): WrongBalance[] {
    const wrong = [...this.accounts.values()].filter((one) => one.holds !== one.says);
    return wrong.sort((a, b) => (a.account < b.account ? -1 : 1));
  }

  private entry(account: string, currency: string): WrongBalance | undefined {
    if (!this.chosen.has(this.drawers.drawerOf(account, currency))) return undefined;
    const name = `${currency} ${account}`;
    const entry = this.accounts.get(name) ?? { account, currency, holds: 0n, says: 0n };
    this.accounts.set(name, entry);
    return entry;
  }
}
