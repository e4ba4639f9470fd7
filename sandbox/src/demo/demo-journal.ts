import type { NdjsonLog } from '../journal/ndjson-log';
import type { DayResult } from './progress';

/** What is known of a payment that the demo made; kept so that a run that was interrupted goes on where it was. */
export interface Made {
  key: string;
  /** Id at the platform; '' when only a text message told of it. */
  id: string;
  /** 20 digits; '' when only a text message told of it. */
  number: string;
  state: string;
  final: boolean;
}

type DemoEvent =
  | { t: 'payer'; number: string; agreement: string; agreementRef: string; linked: string }
  | { t: 'sms'; key: string; inbox: number }
  | { t: 'made'; made: Made }
  | { t: 'step'; name: string }
  | { t: 'begin'; run: UnfinishedRun }
  | { t: 'result'; result: DayResult };

/** A day or night that was started; `payments` 0: only the night. */
export interface UnfinishedRun {
  date: string;
  payments: number;
}

export interface ReadyPayer {
  agreement: string;
  agreementRef: string;
  linked: string;
}

/** The demo's own memory. Each step of it is also safe to do twice: keys follow from the plan. */
export class DemoJournal {
  private readonly payers = new Map<string, ReadyPayer>();
  private readonly made = new Map<string, Made>();
  private readonly inboxes = new Map<string, number>();
  private readonly steps = new Set<string>();
  /** What the latest day came to. */
  lastResult: DayResult | null = null;
  /** What was started and has no result yet: the process was killed on the way, or it failed. */
  unfinished: UnfinishedRun | null = null;

  constructor(private readonly log: NdjsonLog<DemoEvent>) {
    log.replay((event) => this.apply(event));
  }

  payer(number: string): ReadyPayer | undefined {
    return this.payers.get(number);
  }

  payerReady(number: string, ready: ReadyPayer): void {
    this.put({ t: 'payer', number, ...ready });
  }

  paid(key: string): Made | undefined {
    return this.made.get(key);
  }

  pay(made: Made): Made {
    this.put({ t: 'made', made });
    return made;
  }

  /** Length of the payer's inbox when this payment's text was first sent: its answers come after that. */
  inboxBefore(key: string, now: number): number {
    const before = this.inboxes.get(key);
    if (before !== undefined) return before;
    this.put({ t: 'sms', key, inbox: now });
    return now;
  }

  begin(run: UnfinishedRun): void {
    this.put({ t: 'begin', run });
  }

  ended(result: DayResult): void {
    this.put({ t: 'result', result });
  }

  /** Does something once over all runs. It must be safe to do again: the process may die right after it. */
  async once(step: string, act: () => Promise<void>): Promise<void> {
    if (this.steps.has(step)) return;
    await act();
    this.put({ t: 'step', name: step });
  }

  private put(event: DemoEvent): void {
    this.log.append(event);
    this.apply(event);
  }

  private apply(event: DemoEvent): void {
    if (event.t === 'begin') this.unfinished = event.run;
    if (event.t === 'result') {
      this.lastResult = event.result;
      this.unfinished = null;
    }
    if (event.t === 'step') this.steps.add(event.name);
    if (event.t === 'sms') this.inboxes.set(event.key, event.inbox);
    if (event.t === 'made') this.made.set(event.made.key, event.made);
    if (event.t === 'payer') {
      const { agreement, agreementRef, linked } = event;
      this.payers.set(event.number, { agreement, agreementRef, linked });
    }
  }
}
