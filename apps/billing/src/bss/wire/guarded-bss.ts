import {
  BrokenCircuitError,
  bulkhead,
  circuitBreaker,
  ConsecutiveBreaker,
  handleAll,
  type CircuitBreakerPolicy,
  type IPolicy,
} from 'cockatiel';
import { NotSent } from '@yidian/connectors/contract';
import type { Asked, BssLink, CreditFile } from './bss-link';
import type { NumberWord, Word } from './words';

/** One exchange, fit for logs: no number of a person, no body. */
export interface Exchange {
  branch: string;
  call: string;
  reference: string;
  word: string;
  cause: string;
  ms: number;
}

export interface GuardOptions {
  branch: string;
  deadlineMs: number;
  lookupMs: number;
  /** Questions about numbers at once; who finds no place is answered without a balance. */
  concurrency: number;
  breakAfter: number;
  breakForMs: number;
  record: (exchange: Exchange) => void;
}

/**
 * Stands around every province: deadline, breaker, echo, record. Whatever happens, an order gets a word. Queries of orders
 * have no breaker, the ladder spaces them out; questions about numbers have their own, so that a silent province costs
 * its payers one look and not one wait each.
 */
export class GuardedBss {
  private readonly orders: CircuitBreakerPolicy;
  private readonly looks: CircuitBreakerPolicy;
  private readonly places: IPolicy;
  private restsUntil = 0;

  constructor(
    private readonly link: BssLink,
    private readonly options: GuardOptions,
  ) {
    const { concurrency, breakAfter, breakForMs } = options;
    this.orders = circuitBreaker(handleAll, {
      halfOpenAfter: breakForMs,
      breaker: new ConsecutiveBreaker(breakAfter),
    });
    this.orders.onBreak(() => (this.restsUntil = performance.now() + breakForMs));
    this.looks = circuitBreaker(handleAll, { halfOpenAfter: breakForMs, breaker: new ConsecutiveBreaker(breakAfter) });
    this.places = bulkhead(concurrency, 0);
  }

  /** ms for which no new order should be taken up; 0: now. */
  restMs(): number {
    return Math.max(0, Math.ceil(this.restsUntil - performance.now()));
  }

  order(asked: Asked): Promise<Word> {
    return this.exchange(asked.kind, asked, () =>
      this.orders.execute(() => withDeadline(this.options.deadlineMs, (signal) => this.link.order(asked, signal))),
    );
  }

  /** A question that never left us says nothing about the order. */
  async query(asked: Asked): Promise<Word> {
    const word = await this.exchange(`query_${asked.kind}`, asked, () =>
      withDeadline(this.options.deadlineMs, (signal) => this.link.query(asked, signal)),
    );
    return word.word === 'not_sent' ? { word: 'unknown', cause: `could not ask: ${word.cause}` } : word;
  }

  /** Null: it did not say, in time or at all. */
  async number(msisdn: string): Promise<NumberWord | null> {
    const started = performance.now();
    try {
      const look = () => withDeadline(this.options.lookupMs, (signal) => this.link.number(msisdn, signal));
      return await this.places.execute(() => this.looks.execute(look));
    } catch (error) {
      this.note('number', '', started, { word: 'unknown', cause: messageOf(error) });
      return null;
    }
  }

  /** A file is no money: a failure is thrown, it is asked for again. */
  creditFile(date: string): Promise<CreditFile> {
    return withDeadline(this.options.deadlineMs * 10, (signal) => this.link.creditFile(date, signal));
  }

  close(): Promise<void> {
    return this.link.close();
  }

  private async exchange(call: string, asked: Asked, work: () => Promise<Word>): Promise<Word> {
    const started = performance.now();
    const word = await work().then(
      (said) => echoed(asked, said),
      (error: unknown) => failure(error),
    );
    this.note(call, asked.reference, started, word);
    return word;
  }

  private note(call: string, reference: string, started: number, word: { word: string; cause?: string }): void {
    const ms = Math.round(performance.now() - started);
    this.options.record({ branch: this.options.branch, call, reference, word: word.word, cause: word.cause ?? '', ms });
  }
}

/** A success about another sum proves nothing about ours: queries and the province's file decide. */
function echoed(asked: Asked, said: Word): Word {
  if (said.word !== 'done' || (said.amount === asked.amount && said.currency === asked.currency)) return said;
  return { word: 'unknown', cause: 'echo differs: amount or currency' };
}

/** The call is abandoned at its deadline even when nothing heeds the signal. */
async function withDeadline<A>(ms: number, work: (signal: AbortSignal) => Promise<A>): Promise<A> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      controller.abort();
      reject(new Error(`no answer in ${ms} ms`));
    }, ms);
  });
  try {
    return await Promise.race([work(controller.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}

function failure(error: unknown): Word {
  if (error instanceof BrokenCircuitError) return { word: 'not_sent', cause: 'left alone for a while' };
  if (error instanceof NotSent) return { word: 'not_sent', cause: error.message };
  return { word: 'unknown', cause: messageOf(error) };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : 'not an error');
