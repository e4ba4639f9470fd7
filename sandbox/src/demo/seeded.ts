import { createHash } from 'node:crypto';

/**
 * A stream of choices that depends on nothing but its seed and its label, so that a run that was interrupted makes the
 * same choices again, and two labels never disturb each other.
 */
export class Seeded {
  private block = Buffer.alloc(0);
  private offset = 0;
  private counter = 0;

  constructor(
    private readonly seed: string,
    private readonly label: string,
  ) {}

  /** A whole number from 0 to `below` − 1. */
  below(below: number): number {
    if (this.offset + 6 > this.block.length) this.refill();
    const value = this.block.readUIntBE(this.offset, 6);
    this.offset += 6;
    return value % below;
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)];
    if (choice === undefined) throw new Error(`nothing to pick from: ${this.label}`);
    return choice;
  }

  /** A new array in seeded order. */
  shuffle<T>(items: readonly T[]): T[] {
    const out = [...items];
    for (let i = out.length - 1; i > 0; i -= 1) {
      const j = this.below(i + 1);
      [out[i], out[j]] = [out[j] as T, out[i] as T];
    }
    return out;
  }

  private refill(): void {
    this.block = createHash('sha512').update(`${this.seed}/${this.label}/${this.counter}`).digest();
    this.counter += 1;
    this.offset = 0;
  }
}
