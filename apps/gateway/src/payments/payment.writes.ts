import type { Statement } from '@yidian/journal';
import type { KeyRow } from './payment.rows';
import type { AttemptTold, AttemptWrite } from './rule-attempt';
import type { Created, CreateWrite, Guard } from './rule-create';
import type { CreditTold, CreditWrite } from './rule-credit';
import type { BlockWrite, RefundStart, RefundStarted } from './rule-refund';
import type { RefundTold, RefundWrite } from './rule-refund-news';
import type { RepairRefundWrite, Repaired, RepairWrite } from './rule-repair';
import type { ReturnNews, ReturnTold, ReturnWrite } from './rule-return';
import type { ObjectEvent } from './working-rows';

export type { ObjectEvent } from './working-rows';

/** What a key is answered from now on. Written once, beside or after the work; never changed. */
export interface AnswerWrite {
  do: 'answer';
  scope: string;
  k: string;
  status: number;
  body: string;
}

/** Something that is no money (an agreement, a linked number), kept under a key. */
export interface ObjectWrite {
  do: 'object';
  guard: Guard;
  statements: Statement[];
  /** News of it, in the same transaction. */
  events?: readonly ObjectEvent[];
}

/** A resolution of reconciliation, kept once under its own key before it is carried out. */
export interface ResolutionWrite {
  do: 'resolution';
  key: string;
  paymentNo: string;
  action: string;
  inputHash: string;
  actor: string;
  evidence: string;
}

/** An event about something that is no payment, numbered with all others so that pulling partners miss none. */
export interface EventWrite extends ObjectEvent {
  do: 'event';
}

export type PaymentWrite =
  | CreateWrite
  | AttemptWrite
  | CreditWrite
  | RefundStart
  | RefundWrite
  | ReturnWrite
  | ReturnNews
  | BlockWrite
  | AnswerWrite
  | ObjectWrite
  | ResolutionWrite
  | RepairWrite
  | RepairRefundWrite
  | EventWrite;

export type Kept = { result: 'kept' } | { result: 'seen'; key: KeyRow };
export type Resolved = { result: 'resolution'; conflict: boolean };

interface Results {
  create: Created;
  attempt: AttemptTold;
  credit: CreditTold;
  refund: RefundStarted;
  block: RefundStarted;
  refund_news: RefundTold;
  return: ReturnTold;
  return_news: ReturnTold;
  answer: { result: 'kept' };
  object: Kept;
  resolution: Resolved;
  repair: Repaired;
  repair_refund: Repaired;
  event: { result: 'kept' };
}
export type ResultOf<W extends PaymentWrite> = Results[W['do']];
export type AnyResult = Results[keyof Results];
