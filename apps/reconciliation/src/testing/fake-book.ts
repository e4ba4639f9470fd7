import type { FactKind, LanesReply, PullReply, TotalsReply, VectorEntry } from '@yidian/contracts';
import { factText, type FactRecord } from '@yidian/testing';

const DEFAULTS: Omit<FactRecord, 'laneId' | 'seq' | 'kind' | 'paymentNo' | 'bookDate' | 'amount'> = {
  provider: 'bank_a',
  businessDate: null,
  refNo: '',
  providerTxnId: '',
  currency: 'CNY',
  branch: '420000',
  acquiringBranch: '440000',
  channel: 'sms',
  partner: '',
  occurredAt: '2026-11-22T04:00:00.000Z',
};

/** The keeper of one book, as gateway and billing are: two lanes, numbered densely, dates that close. */
export class FakeBook {
  readonly facts: FactRecord[] = [];
  private readonly heads = new Map<number, number>();
  private readonly cuts = new Map<string, VectorEntry[]>();
  openDate: string;

  constructor(firstDate: string) {
    this.openDate = firstDate;
  }

  add(kind: FactKind, paymentNo: string, amount: bigint, more: Partial<FactRecord> = {}): void {
    const laneId = (this.facts.length % 2) + 1;
    const seq = (this.heads.get(laneId) ?? 0) + 1;
    this.heads.set(laneId, seq);
    const bookDate = this.openDate;
    this.facts.push({ ...DEFAULTS, laneId, seq: `${seq}`, kind, paymentNo, bookDate, amount: `${amount}`, ...more });
  }

  vector(): VectorEntry[] {
    return [...this.heads].map(([laneId, seq]) => ({ laneId, seq: `${seq}` }));
  }

  cut(provider: string, date: string): { state: 'frozen'; epoch: number; vector: VectorEntry[] } {
    const key = `${provider} ${date}`;
    if (!this.cuts.has(key)) {
      this.cuts.set(key, this.vector());
      this.openDate = new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10);
    }
    return { state: 'frozen', epoch: this.cuts.size, vector: this.cuts.get(key) ?? [] };
  }

  frozen(provider: string, date: string) {
    return this.cuts.has(`${provider} ${date}`) ? this.cut(provider, date) : null;
  }

  lanes(): LanesReply {
    return { lanes: this.vector().map((entry) => ({ ...entry, state: 'open' as const })) };
  }

  pull(laneId: number, after: string, limit: number): PullReply {
    const facts = this.facts.filter((fact) => fact.laneId === laneId && BigInt(fact.seq) > BigInt(after));
    const page = facts.slice(0, limit);
    const [fromSeq, toSeq] = [`${BigInt(after) + 1n}`, page.at(-1)?.seq ?? after];
    return { fromSeq, toSeq, n: page.length, text: factText(page) };
  }

  totals(provider: string, date: string): TotalsReply {
    const totals = new Map<FactKind, { count: number; amount: bigint }>();
    for (const fact of this.facts.filter((one) => one.provider === provider && one.bookDate === date)) {
      const before = totals.get(fact.kind) ?? { count: 0, amount: 0n };
      totals.set(fact.kind, { count: before.count + 1, amount: before.amount + BigInt(fact.amount) });
    }
    return { totals: [...totals].map(([kind, { count, amount }]) => ({ kind, count, amount: `${amount}` })) };
  }
}

export const bookAnswers = (book: FakeBook) => ({
  'books.cut': ({ provider, date }: { provider: string; date: string }) => book.cut(provider, date),
  'books.vector': ({ provider, date }: { provider: string; date: string }) => book.frozen(provider, date),
  'books.lanes': () => book.lanes(),
  'books.pull': ({ laneId, after, limit }: { laneId: number; after: string; limit: number }) =>
    book.pull(laneId, after, limit),
  'books.totals': ({ provider, date }: { provider: string; date: string }) => book.totals(provider, date),
  'books.openDate': ({ provider }: { provider: string }) => ({ provider, openDate: book.openDate }),
});
