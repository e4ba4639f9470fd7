import { PlainError } from '../../platform/progress';

/** The words after `--`: flags that stand alone, and flags with a value. */
export class Arguments {
  private readonly flags = new Set<string>();
  private readonly values = new Map<string, string>();

  /** @throws PlainError naming a word that the benchmark does not know */
  constructor(words: readonly string[], known: { flags: readonly string[]; values: readonly string[] }) {
    for (let i = 0; i < words.length; i++) {
      const [name = '', inline] = (words[i] ?? '').replace(/^--/, '').split('=');
      if (known.flags.includes(name)) {
        this.flags.add(name);
      } else if (known.values.includes(name)) {
        const value = inline ?? words[++i];
        if (value === undefined) throw new PlainError(`--${name} wants a value.`);
        this.values.set(name, value);
      } else {
        const all = [...known.flags, ...known.values].map((one) => `--${one}`).join(' ');
        throw new PlainError(`This benchmark does not know ${words[i]}: it takes ${all}.`);
      }
    }
  }

  has(flag: string): boolean {
    return this.flags.has(flag);
  }

  /** @throws PlainError when it is none of the choices */
  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.values.get(name);
    if (value === undefined) return undefined;
    const chosen = choices.find((one) => one === value);
    if (!chosen) throw new PlainError(`--${name} is one of ${choices.join(', ')}.`);
    return chosen;
  }

  /** @throws PlainError when it is no whole number in the range */
  count(name: string, least: number, most: number): number | undefined {
    const value = this.values.get(name);
    if (value === undefined) return undefined;
    const number = Number(value);
    if (!Number.isInteger(number) || number < least || number > most)
      throw new PlainError(`--${name} is a whole number from ${least} to ${most}.`);
    return number;
  }
}
