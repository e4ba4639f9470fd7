import type { NdjsonLog } from '../journal/ndjson-log';
import type { FileDamage } from './file-damage';
import type { ProvinceBehaviourName, ProvinceRule } from './province-behaviour';

/** A subscriber as his own province knows him; amounts are strings of fen so that a line of JSON holds them exactly. */
export interface ProvinceAccount {
  number: string;
  name: string;
  status: 'active' | 'suspended' | 'pre_closed' | 'closed';
  balance: string;
}

export type ProvinceStatus = 'pending' | 'credited' | 'reversed' | 'cancelled' | 'refused' | 'not_found';

/** What was asked under one reference, and what became of it. */
export interface ProvinceOrder {
  reference: string;
  kind: 'credit' | 'reversal';
  /** Of a reversal: the credit it takes back. */
  credit: string;
  number: string;
  amount: string;
  status: ProvinceStatus;
  reason?: string;
  behaviour: ProvinceBehaviourName;
  /** Each effect on the balance with its own number, date and time: a reversal that was cancelled has two. */
  effects: { kind: 'CREDIT' | 'REVERSAL' | 'CANCEL'; id: string; date: string; at: string }[];
  /** When a pending order reaches its effect, epoch ms. */
  settlesAt?: number;
}

type ProvinceEvent =
  | { t: 'account'; account: ProvinceAccount }
  | { t: 'order'; order: ProvinceOrder }
  | { t: 'rules'; rules: ProvinceRule[] }
  | { t: 'damage'; date: string; damages: FileDamage[] }
  | { t: 'closed'; date: string }
  | { t: 'withheld'; date: string; withheld: boolean };

/** All that a province knows: a replayable log. Each event carries the whole new state of one thing. */
export class ProvinceBook {
  readonly accounts = new Map<string, ProvinceAccount>();
  readonly orders = new Map<string, ProvinceOrder>();
  readonly damages = new Map<string, FileDamage[]>();
  readonly withheld = new Set<string>();
  rules: ProvinceRule[] = [];
  /** Dates up to this one are over by somebody's wish, though the calendar says otherwise. */
  closedThrough = '';
  private effects = 0;

  constructor(private readonly log: NdjsonLog<ProvinceEvent>) {
    log.replay((event) => this.apply(event));
  }

  put(event: ProvinceEvent): void {
    this.log.append(event);
    this.apply(event);
  }

  /** Dense and never used twice, across restarts too: it counts what the log holds. */
  nextId(date: string): string {
    this.effects += 1;
    return `HN${date.replaceAll('-', '')}${String(this.effects).padStart(8, '0')}`;
  }

  private apply(event: ProvinceEvent): void {
    switch (event.t) {
      case 'account':
        this.accounts.set(event.account.number, event.account);
        return;
      case 'order':
        this.orders.set(event.order.reference, event.order);
        for (const { id } of event.order.effects) this.effects = Math.max(this.effects, Number(id.slice(-8)));
        return;
      case 'rules':
        this.rules = event.rules;
        return;
      case 'damage':
        this.damages.set(event.date, event.damages);
        return;
      case 'closed':
        this.closedThrough = event.date;
        return;
      case 'withheld':
        if (event.withheld) this.withheld.add(event.date);
        else this.withheld.delete(event.date);
    }
  }
}
