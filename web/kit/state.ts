import tokens from './tokens.json';

/** The six looks a state can have. `unknown` is its own look, never a red "failed" and never an endless spinner. */
export type Look = keyof typeof tokens.state;

const PAYMENT: Record<string, Look> = {
  created: 'working',
  submitted: 'working',
  unknown: 'unknown',
  paid: 'waiting',
  completed: 'done',
  declined: 'failed',
  closed: 'ended',
  rejected: 'failed',
  reversing: 'working',
  reversed: 'ended',
  refunding: 'waiting',
  refunded: 'ended',
  partially_refunded: 'ended',
  returned: 'ended',
};

const BREAK: Record<string, Look> = {
  open: 'failed',
  proposed: 'waiting',
  resolving: 'working',
  resolved: 'done',
  suspense: 'waiting',
};

const DAY: Record<string, Look> = {
  open: 'working',
  cut: 'working',
  statement_in: 'working',
  none_today: 'ended',
  matched: 'waiting',
  settled: 'done',
};

const STEP: Record<string, Look> = {
  waiting: 'ended',
  ready: 'waiting',
  running: 'working',
  done: 'done',
  failed: 'failed',
  superseded: 'ended',
};

const CREDIT_RUN: Record<string, Look> = { wanted: 'waiting', ready: 'done', none_today: 'ended' };

const TABLES = { credit_run: CREDIT_RUN, payment: PAYMENT, break: BREAK, day: DAY, step: STEP };

/** A state nobody listed is not final and not known: it gets the unknown look, as API clients must treat it. */
export function look(kind: keyof typeof TABLES, state: string): Look {
  return TABLES[kind][state] ?? 'unknown';
}
