import type { Door, OrderBook } from './door';

/** What the generator is told, one at a time, and what it answers. */
export type Command =
  | { do: 'begin'; book: OrderBook; journal: string }
  | { do: 'sign'; door: Door; first: number; requests: number }
  | { do: 'run'; run: RunOrder }
  | { do: 'settle'; door: Door; seconds: number }
  | { do: 'end' };

export interface RunOrder {
  connections: number;
  /** Measured; the warm-up comes before. */
  seconds: number;
  warmSeconds: number;
  /** Orders a second, whatever the answers do; absent: each connection asks as soon as it is answered. */
  perSecond?: number;
}

export interface RunResult {
  /** Of the measured window. */
  seconds: number;
  acknowledged: number;
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
  /** Of the whole run, warm-up included. */
  pending: number;
  again: number;
  lost: number;
  refused: number;
  /** The first refusals, for people. */
  samples: string[];
  /** The signed requests ran out before the time did. */
  ranOut: boolean;
}

export interface SettleResult {
  asked: number;
  completed: number;
  refused: number;
  /** Without a final word in the given time. */
  open: number;
  samples: string[];
}

export interface Results {
  begin: null;
  sign: { ms: number };
  run: RunResult;
  settle: SettleResult;
  end: null;
}

export type Message =
  | { say: 'done'; result: Results[keyof Results] }
  | { say: 'failed'; reason: string }
  /** The measured window of a run begins or ends now. */
  | { say: 'window'; edge: 'begin' | 'end' }
  | { say: 'progress'; acknowledged: number };
