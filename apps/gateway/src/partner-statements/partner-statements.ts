import { Inject, Injectable } from '@nestjs/common';
import type { FactKind } from '@yidian/contracts';
import { Problem } from '@yidian/errors';
import { bookFacts, type BookFact } from '@yidian/journal';
import { toDigits } from '@yidian/money';
import { createHash } from 'node:crypto';
import { DB, type Db } from '../platform';

/** What a line of the partner's statement is called; the other facts are steps on the way. */
const KINDS: Readonly<Partial<Record<FactKind, 'PAY' | 'REVERSAL' | 'REFUND'>>> = {
  paid: 'PAY',
  reversed: 'REVERSAL',
  refunded: 'REFUND',
};

export interface PartnerStatement {
  text: string;
  lines: number;
  amount: bigint;
  sha256: string;
}

/** Facts whose references are looked up together. */
const TOGETHER = 1_000;

/**
 * What we booked for a collecting partner on a date, in the format that we read from it (YD1). Made from the frozen book
 * alone, so it is the same file whenever it is asked for. Transactions are the partner's own references; fees are for the
 * contract to say, and stand as 0.
 */
@Injectable()
export class PartnerStatements {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** @throws Problem not_found while the book of the date is not frozen */
  async make(provider: string, date: string): Promise<PartnerStatement> {
    const kinds = Object.keys(KINDS) as FactKind[];
    const facts = await bookFacts(this.db, { provider, date, kinds });
    if (!facts) throw new Problem('not_found');
    const lines = [`H|YD1|${provider}|${date}|CNY`];
    let amount = 0n;
    for await (const some of chunks(facts)) {
      const references = await this.referencesOf(some);
      for (const fact of some) {
        const signed = fact.kind === 'paid' ? fact.amount : -fact.amount;
        amount += signed;
        lines.push(lineOf(fact, lines.length, { signed, reference: references.get(fact.paymentNo) ?? '' }));
      }
    }
    const count = lines.length - 1;
    lines.push(`T|${count}|${toDigits(amount)}|0`);
    const text = `${lines.join('\n')}\n`;
    return { text, lines: count, amount, sha256: createHash('sha256').update(text).digest('hex') };
  }

  private async referencesOf(facts: readonly BookFact[]): Promise<Map<string, string>> {
    const rows = await this.db.select<{ payment_no: string; reference: string }>(
      'SELECT payment_no, reference FROM payment FORCE INDEX (PRIMARY) WHERE payment_no IN (?)',
      [[...new Set(facts.map((fact) => fact.paymentNo))]],
    );
    return new Map(rows.map((row) => [row.payment_no, row.reference]));
  }
}

async function* chunks(facts: AsyncIterable<BookFact>): AsyncGenerator<BookFact[]> {
  let some: BookFact[] = [];
  for await (const fact of facts) {
    some.push(fact);
    if (some.length < TOGETHER) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}

/** A bar would end the field; references may hold one. */
const plain = (text: string): string => text.replaceAll('|', '/');

function lineOf(fact: BookFact, n: number, { signed, reference }: { signed: bigint; reference: string }): string {
  const theirs = plain(reference === '' ? fact.paymentNo : reference);
  const numbers = fact.kind === 'paid' ? [fact.paymentNo, theirs, ''] : [fact.refNo, fact.refNo, theirs];
  const at = fact.occurredAt.toISOString();
  return ['D', n, KINDS[fact.kind], ...numbers, toDigits(signed), 0, fact.currency, at, 'SUCCESS'].join('|');
}
