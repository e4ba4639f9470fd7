import type { FactKind, PullReply } from '@yidian/contracts';

/** A fact as a test writes or reads it; numbers as digits. */
export interface FactRecord {
  laneId: number;
  seq: string;
  provider: string;
  bookDate: string;
  businessDate: string | null;
  kind: FactKind;
  paymentNo: string;
  refNo: string;
  providerTxnId: string;
  amount: string;
  currency: string;
  branch: string;
  acquiringBranch: string;
  channel: string;
  partner: string;
  /** ISO 8601, UTC, milliseconds. */
  occurredAt: string;
}

const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n' };
const RAW: Readonly<Record<string, string>> = { '\\\\': '\\', '\\t': '\t', '\\n': '\n' };

/** The lines of `books.pull` written and read apart from the services, so that a test compares two understandings of them. */
export function factText(facts: readonly FactRecord[]): string {
  return facts.map((fact) => `${columnsOf(fact).map(written).join('\t')}\n`).join('');
}

export function readFacts({ text }: Pick<PullReply, 'text'>): FactRecord[] {
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line has no end');
  return text.split('\n').slice(0, -1).map(factOf);
}

function columnsOf(fact: FactRecord): (string | null)[] {
  const { laneId, seq, provider, bookDate, businessDate, kind, paymentNo, refNo, providerTxnId, amount } = fact;
  const origin = [fact.currency, fact.branch, fact.acquiringBranch, fact.channel, fact.partner];
  const at = fact.occurredAt.replace('T', ' ').replace('Z', '');
  const numbers = [paymentNo, refNo, providerTxnId, amount];
  return [String(laneId), seq, provider, bookDate, businessDate, kind, ...numbers, ...origin, at];
}

const written = (value: string | null): string =>
  value === null ? '\\N' : value.replace(/[\\\t\n]/g, (char) => ESCAPED[char] ?? char);

function factOf(line: string): FactRecord {
  const columns = line.split('\t').map((column) => {
    if (column === '\\N') return null;
    return column.replace(/\\./g, (pair) => {
      const raw = RAW[pair];
      if (raw === undefined) throw new Error(`${pair} is no escape`);
      return raw;
    });
  });
  if (columns.length !== 16) throw new Error(`a line of ${columns.length} columns: ${line}`);
  const text = (place: number): string => {
    const value = columns[place];
    if (typeof value !== 'string') throw new Error(`column ${place} is null`);
    return value;
  };
  return {
    ...{
      laneId: Number(text(0)),
      seq: text(1),
      provider: text(2),
      bookDate: text(3),
      businessDate: columns[4] ?? null,
    },
    ...{ kind: text(5) as FactKind, paymentNo: text(6), refNo: text(7), providerTxnId: text(8), amount: text(9) },
    ...{ currency: text(10), branch: text(11), acquiringBranch: text(12), channel: text(13), partner: text(14) },
    occurredAt: `${text(15).replace(' ', 'T')}Z`,
  };
}
