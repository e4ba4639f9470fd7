import { Injectable } from '@nestjs/common';
import { AgreementsStore, type LinkedRow } from '../../agreements/agreements.store';
import { PersonNumbers } from '../../notifications/person-number';
import type { Target } from './read-command';

const capitals = (name: string): string => name.replace(/[a-z]/g, (letter) => letter.toUpperCase());

/** Linked numbers that a word of their payer can mean. */
export interface Meant {
  rows: LinkedRow[];
  /** The word is the whole name, not a part of it. */
  exact: boolean;
}

@Injectable()
export class FindFamily {
  constructor(
    private readonly agreements: AgreementsStore,
    private readonly numbers: PersonNumbers,
  ) {}

  /** Those that have agreed, where any has; else those that were asked. */
  async execute(from: string, target: Exclude<Target, { type: 'self' }>): Promise<Meant> {
    const family = await this.agreements.familyOf(this.numbers.blind(from));
    if (target.type === 'number') {
      const blind = this.numbers.blind(target.number);
      return { rows: agreedOf(family.filter((row) => row.msisdn_blind === blind)), exact: true };
    }
    const word = target.nickname;
    const exact = family.filter((row) => capitals(row.nickname) === word);
    const near = exact.length > 0 ? exact : family.filter((row) => capitals(row.nickname).includes(word));
    return { rows: agreedOf(near), exact: exact.length > 0 };
  }
}

function agreedOf(rows: LinkedRow[]): LinkedRow[] {
  const agreed = rows.filter((row) => row.state === 'active');
  return agreed.length > 0 ? agreed : rows;
}
