import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { factText } from '@yidian/testing';
import type { Fact } from '../../books/fact';
import type { StatementLine } from '../../statements/statement';
import { contractFee, DAY, PROVIDER, type History } from '../histories';
import type { CaseOptions } from '../case';
import { paymentOf } from '../group';
import { hashOf } from '../identity';
import { matchDay, type DayMatch } from '../match-day';
import { EnginePool, type Workers } from './engine-pool';
import { MatchEngine, type EngineOrder, type EngineResult } from './match-engine';
import { withPlain } from './plain-groups';
import { sealBook, type SealedBook } from './seal-book';

export const HASH_KEY = '000102030405060708090a0b0c0d0e0f';

/** A history as the files that the engine reads: a statement in YD1 and two sealed books. For tests. */
export class EngineStage {
  readonly folder = mkdtempSync(join(tmpdir(), 'yd-engine-'));
  asked = 0;

  async run(day: History, lines: readonly StatementLine[], more: Partial<EngineOrder> = {}): Promise<EngineResult> {
    return new MatchEngine(await this.order(day, lines, more)).run();
  }

  async order(day: History, lines: readonly StatementLine[], more: Partial<EngineOrder> = {}): Promise<EngineOrder> {
    const text = statementText(lines);
    const path = join(this.folder, `${hashOf(text).slice(0, 8)}.txt`);
    writeFileSync(path, text);
    const known = day.prior.filter((line) => line.paymentNo !== '').map((line) => line.paymentNo);
    const orphans = day.prior.filter((line) => line.paymentNo === '').map((line) => line.txnId);
    return {
      provider: PROVIDER,
      date: DAY,
      folder: join(this.folder, 'run'),
      hashKey: HASH_KEY,
      statement: { path, sha256: hashOf(text) },
      books: [await this.book(day.facts, 'gateway'), await this.book(day.facts, 'billing')],
      touched: { numbers: known, refs: orphans },
      fees: (questions) => {
        this.asked += questions.length;
        return Promise.resolve(questions.map(({ amount }) => Number(contractFee(BigInt(amount)))));
      },
      workers: { count: 2, threads: false },
      ...more,
    };
  }

  async book(facts: readonly Fact[], service: Fact['service'], bits = 3): Promise<SealedBook> {
    const settings = { folder: this.folder, hashKey: HASH_KEY };
    const workers: Workers = { count: 2, threads: false };
    const pool = EnginePool.open(workers, settings, () => Promise.resolve([]));
    const own = facts.filter((fact) => fact.service === service);
    const horizon = Object.fromEntries([1, 2, 3].map((lane) => [lane, Number.MAX_SAFE_INTEGER]));
    const texts = own.map((fact) => Buffer.from(factText([{ ...fact, seq: `${fact.seq}`, amount: `${fact.amount}` }])));
    const book = { service, provider: PROVIDER, date: DAY, horizon };
    const inputs = hashOf(...texts.map(String));
    return sealBook(pool, { folder: this.folder, book, inputs, bits, texts });
  }

  close(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** As the night gathers it: everything that any side ever said of what is not plain. */
export function judged(day: History, { lines, numbers, plain }: EngineResult, options: CaseOptions): DayMatch {
  const refs = new Set(lines.flatMap((line) => [line.ourRef, line.txnId, line.origTxnId]).filter(Boolean));
  const named = [...numbers, ...lines.flatMap((line) => paymentOf(line.ourRef) ?? [])];
  const joined = day.facts.filter((fact) => refs.has(fact.refNo) || refs.has(fact.providerTxnId));
  const wanted = new Set([...named, ...joined.map((fact) => fact.paymentNo)]);
  const facts = day.facts.filter((fact) => wanted.has(fact.paymentNo));
  const prior = day.prior.filter((line) => wanted.has(line.paymentNo) || refs.has(line.txnId));
  return withPlain(matchDay({ provider: PROVIDER, date: DAY, lines, facts, prior, carried: [] }, options), plain);
}

export function statementText(lines: readonly StatementLine[]): string {
  const kinds = { payment: 'PAY', refund: 'REFUND', reversal: 'REVERSAL' };
  const details = lines.map((line, n) => {
    const { kind, ourRef, txnId, origTxnId, amount, fee, currency, at } = line;
    return ['D', n + 1, kinds[kind], ourRef, txnId, origTxnId, amount, fee, currency, at, 'SUCCESS'].join('|');
  });
  const sum = (what: 'amount' | 'fee') => lines.reduce((total, line) => total + line[what], 0n);
  const trailer = `T|${lines.length}|${sum('amount')}|${sum('fee')}`;
  return [`H|YD1|${PROVIDER}|${DAY}|CNY`, ...details, trailer, ''].join('\n');
}
