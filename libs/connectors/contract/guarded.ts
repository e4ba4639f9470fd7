import {
  BulkheadRejectedError,
  BrokenCircuitError,
  bulkhead,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleAll,
  wrap,
  type CircuitBreakerPolicy,
  type IPolicy,
} from 'cockatiel';
import type { Echo, Outcome, Queried, Returned, Taken } from './answers';
import {
  NotSent,
  type AccountCheck,
  type AccountCheckRequest,
  type AgreementAnswer,
  type AgreementRef,
  type AgreementRequest,
  type AgreementStart,
  type CashierAnswer,
  type CashierRequest,
  type Closing,
  type Connector,
  type DebitRequest,
  type OrderRef,
  type ProviderFile,
  type RefundRequest,
  type StatementFile,
} from './connector';
import { checkEcho } from './echo';
import { Patience } from './patience';

/** One exchange, fit for logs: no account, no number of a person, no body. */
export interface Exchange {
  provider: string;
  call: string;
  orderNo: string;
  outcome: string;
  cause: string;
  ms: number;
}

export interface GuardOptions {
  /** ms a money call may take before its outcome is `unknown`. */
  deadlineMs: number;
  /** Calls inside at once, and calls that may wait for a place. */
  concurrency: number;
  queue: number;
  /** Consecutive unanswered calls after which the provider is left alone, and for how long (ms). */
  breakAfter: number;
  breakForMs: number;
  record: (exchange: Exchange) => void;
}

export const GUARD_DEFAULTS: Omit<GuardOptions, 'record'> = {
  deadlineMs: 6_000,
  concurrency: 64,
  queue: 256,
  breakAfter: 10,
  breakForMs: 5_000,
};

type Failure = { outcome: 'not_executed'; cause: string } | { outcome: 'unknown'; cause: string };

/**
 * Stands around every connector: deadline, breaker, bulkhead, echo, record. What it refuses itself (breaker open, no
 * place) surely never left us; what it loses is unknown. Questions have no breaker: the ladder spaces them out already,
 * and a breaker opened by orders the bank is silent about made every other order's question fall into the same hole.
 */
export class GuardedConnector {
  private readonly money: IPolicy;
  private readonly breaker: CircuitBreakerPolicy;
  private readonly asking: IPolicy;
  private readonly options: GuardOptions;

  constructor(
    private readonly inner: Connector,
    options: Pick<GuardOptions, 'record'> & Partial<GuardOptions>,
  ) {
    this.options = { ...GUARD_DEFAULTS, ...options };
    const { concurrency, queue, breakAfter, breakForMs } = this.options;
    // Only thrown errors (no answer understood) count against the provider; a refusal is an answer.
    this.breaker = circuitBreaker(handleAll, {
      halfOpenAfter: breakForMs,
      breaker: new ConsecutiveBreaker(breakAfter),
    });
    this.money = wrap(bulkhead(concurrency, queue), this.breaker);
    this.asking = bulkhead(concurrency, queue);
  }

  get provider() {
    return this.inner.provider;
  }
  get capabilities() {
    return this.inner.capabilities;
  }
  /** undefined: it takes none. No money moves by a file alone: its return file is the answer. */
  get batches() {
    return this.inner.batches;
  }
  get callbacks() {
    return this.inner.callbacks;
  }

  /** False while the breaker keeps new money calls away: refuse before anything is written. */
  available(): boolean {
    return this.breaker.state !== CircuitState.Open && this.breaker.state !== CircuitState.Isolated;
  }

  debit(request: DebitRequest): Promise<Outcome<Taken>> {
    return this.money1('debit', request, (signal) => this.inner.debit(request, signal));
  }
  refund(request: RefundRequest): Promise<Outcome<Returned>> {
    return this.money1('refund', request, (signal) => this.inner.refund(request, signal));
  }
  queryDebit(order: OrderRef): Promise<Queried<Taken>> {
    return this.ask('query_debit', order, (signal) => this.inner.queryDebit(order, signal));
  }
  queryRefund(request: RefundRequest): Promise<Queried<Returned>> {
    return this.ask('query_refund', request, (signal) => this.inner.queryRefund(request, signal));
  }
  closeCashier(order: OrderRef): Promise<Closing> {
    return this.ask('close_cashier', order, (signal) => this.inner.closeCashier(order, signal));
  }
  openCashier(request: CashierRequest): Promise<CashierAnswer> {
    return this.exchange(this.money, 'open_cashier', request.orderNo, (s) => this.inner.openCashier(request, s));
  }
  startAgreement(request: AgreementRequest): Promise<AgreementStart> {
    return this.exchange(this.money, 'start_agreement', request.agreementNo, (s) =>
      this.inner.startAgreement(request, s),
    );
  }
  checkAccount(request: AccountCheckRequest): Promise<AccountCheck> {
    return this.exchange(this.money, 'check_account', request.agreementNo, (s) => this.inner.checkAccount(request, s));
  }
  /** No answer may still have signed it: the agreement is asked about. */
  confirmAccount(agreement: AgreementRef, code: string): Promise<AgreementAnswer> {
    return this.exchange(this.asking, 'confirm_account', agreement.agreementNo, (s) =>
      this.inner.confirmAccount(agreement, code, s),
    );
  }
  async queryAgreement(agreement: AgreementRef): Promise<AgreementAnswer> {
    return unanswered(
      await this.exchange(this.asking, 'query_agreement', agreement.agreementNo, (s) =>
        this.inner.queryAgreement(agreement, s),
      ),
    );
  }
  async endAgreement(agreement: AgreementRef): Promise<AgreementAnswer> {
    return unanswered(
      await this.exchange(this.asking, 'end_agreement', agreement.agreementNo, (s) =>
        this.inner.endAgreement(agreement, s),
      ),
    );
  }

  /** A file is no money: a failure is thrown, the night asks again. */
  async fetchStatement(date: string): Promise<StatementFile> {
    const patience = new Patience(this.options.deadlineMs * 10);
    return patience.watch(() => this.file('fetch_statement', date, this.inner.fetchStatement(date, patience.signal)));
  }
  fetchAgreementFile(date: string): Promise<ProviderFile> {
    const signal = AbortSignal.timeout(this.options.deadlineMs * 10);
    return this.file('fetch_agreement_file', date, this.inner.fetchAgreementFile(date, signal));
  }

  /** Whether the provider answers at all; moves nothing. */
  async health(): Promise<boolean> {
    const asked = this.exchange(this.asking, 'health', '', async (signal) => {
      await this.inner.health(signal);
      return { outcome: 'answered' };
    });
    return (await asked).outcome === 'answered';
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  private async file<F extends ProviderFile | StatementFile>(
    call: string,
    date: string,
    answer: Promise<F>,
  ): Promise<F> {
    const started = performance.now();
    const file = await answer;
    this.note(call, date, started, { outcome: file.state });
    return file;
  }

  private async money1<T extends Taken>(
    call: string,
    asked: Echo,
    work: (signal: AbortSignal) => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> {
    return this.exchange(this.money, call, asked.orderNo, async (signal) =>
      checkEcho<T, Outcome<T>>(asked, await work(signal)),
    );
  }

  private async ask<A extends Queried<Taken> | Closing>(
    call: string,
    asked: Echo,
    work: (signal: AbortSignal) => Promise<A>,
  ): Promise<A | Failure> {
    const asking = async (signal: AbortSignal) => checkEcho<Taken, A>(asked, await work(signal));
    return unanswered(await this.exchange(this.asking, call, asked.orderNo, asking));
  }

  /** Runs one exchange; an outcome comes back whatever happens. */
  private async exchange<A extends { outcome: string }>(
    policy: IPolicy,
    call: string,
    orderNo: string,
    work: (signal: AbortSignal) => Promise<A>,
  ): Promise<A | Failure> {
    const started = performance.now();
    const answer = await policy
      .execute(() => withDeadline(this.options.deadlineMs, work))
      .catch((error: unknown) => failure(error));
    this.note(call, orderNo, started, answer);
    return answer;
  }

  private note(call: string, orderNo: string, started: number, answer: { outcome: string; cause?: string }): void {
    const ms = Math.round(performance.now() - started);
    const { outcome, cause = '' } = answer;
    this.options.record({ provider: this.inner.provider, call, orderNo, outcome, cause, ms });
  }
}

/** The call is abandoned at its deadline even when the connector does not heed the signal. */
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

/** Marks what never left us; an object of its own, so that a provider's own `not_executed` cannot be taken for it. */
const NEVER_LEFT = new WeakSet<object>();

function failure(error: unknown): Failure {
  if (error instanceof BrokenCircuitError) return neverLeft('breaker open');
  if (error instanceof BulkheadRejectedError) return neverLeft('no free place');
  if (error instanceof NotSent) return neverLeft(error.message);
  return { outcome: 'unknown', cause: error instanceof Error ? error.message : 'not an error' };
}

function neverLeft(cause: string): Failure {
  const answer: Failure = { outcome: 'not_executed', cause };
  NEVER_LEFT.add(answer);
  return answer;
}

/** A question that never left us says nothing about what was asked: not "not executed", only not known. */
function unanswered<A extends { outcome: string }>(answer: A | Failure): A | Failure {
  return NEVER_LEFT.has(answer) ? { outcome: 'unknown', cause: 'could not ask' } : answer;
}
