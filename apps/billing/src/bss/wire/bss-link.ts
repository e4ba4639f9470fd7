import { Link, type LinkOptions } from '@yidian/connectors/bank-direct/link';
import { toJson } from '@yidian/money';
import { readNumber, readOrder, type NumberWord, type OrderKind, type Word } from './words';

/** One order as it goes out. */
export interface Asked {
  kind: OrderKind;
  reference: string;
  /** Of the credit: the payment number. */
  paymentNo: string;
  number: string;
  /** The masked name that the payer saw. */
  owner: string;
  /** Minor units. */
  amount: bigint;
  currency: string;
  /** Of a reversal: `refund`, `reversal`, or `correction`, which the balance cannot refuse. */
  purpose: string;
}

export type CreditFile = { state: 'ready'; content: Buffer } | { state: 'not_ready' } | { state: 'none_today' };

const ORDER_PATHS: Readonly<Record<OrderKind, { order: string; query: string }>> = {
  credit: { order: '/v1/credits', query: '/v1/credits/query' },
  reversal: { order: '/v1/reversals', query: '/v1/reversals/query' },
  cancel: { order: '/v1/reversals/cancel', query: '/v1/reversals/query' },
};

/** One province's billing system in its own words (docs/PROVINCES.md). Throws when no answer was understood. */
export class BssLink {
  private readonly link: Link;

  constructor(options: LinkOptions) {
    this.link = new Link(options);
  }

  async order(asked: Asked, signal: AbortSignal): Promise<Word> {
    const { status, body } = await this.link.post(ORDER_PATHS[asked.kind].order, bodyOf(asked), signal);
    if (status !== 200) return { word: 'unknown', cause: `HTTP ${status}` };
    const word = readOrder(asked.kind, asked.reference, body);
    // To an order "not found" is no answer: it would be about another one.
    return word.word === 'not_found' ? { word: 'unknown', cause: 'answered not_found' } : word;
  }

  async query({ kind, reference }: Asked, signal: AbortSignal): Promise<Word> {
    const { status, body } = await this.link.post(ORDER_PATHS[kind].query, { reference }, signal);
    return status === 200 ? readOrder(kind, reference, body) : { word: 'unknown', cause: `HTTP ${status}` };
  }

  async number(msisdn: string, signal: AbortSignal): Promise<NumberWord> {
    const { status, body } = await this.link.post('/v1/numbers/query', { number: msisdn }, signal);
    if (status !== 200) throw new Error(`HTTP ${status}`);
    return readNumber(msisdn, body);
  }

  /** "Not there yet" and "nothing happened that day" are different answers: the first is asked again. */
  async creditFile(date: string, signal: AbortSignal): Promise<CreditFile> {
    const { status, body } = await this.link.get(`/v1/credits/${date}`, signal);
    if (status === 200) return { state: 'ready', content: body };
    if (status === 404) {
      const { code } = JSON.parse(body.toString('utf8')) as { code?: unknown };
      if (code === 'not_ready' || code === 'none_today') return { state: code };
    }
    throw new Error(`credit file of ${date}: HTTP ${status}`);
  }

  close(): Promise<void> {
    return this.link.close();
  }
}

function bodyOf(asked: Asked): object {
  const { kind, reference, paymentNo, currency } = asked;
  if (kind === 'cancel') return { reference };
  const sum = { reference, amount: toJson(asked.amount), currency };
  return kind === 'credit'
    ? { ...sum, number: asked.number, owner: asked.owner }
    : { ...sum, credit: paymentNo, purpose: asked.purpose };
}
