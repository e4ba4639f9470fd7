import type { z } from 'zod';
import type {
  Answer,
  CreatePaymentRequest,
  CreateRefundRequest,
  CreateReversalRequest,
  EventView,
  Keyed,
  ListPaymentsQuery,
  Origin,
  Page,
  PaymentView,
  RefundView,
  ReversalView,
  numberQueryView,
} from './payment.schema';
import type {
  AgreementView,
  CreateAgreementRequest,
  CreateLinkedNumberRequest,
  LinkedNumberView,
} from '../agreements/agreement.schema';

export * from './payment.schema';
export * from '../agreements/agreement.schema';

export type NumberQueryView = z.infer<typeof numberQueryView>;

/** One line of everything that happened to a number, oldest first. */
export interface TimelineEntry {
  at: string;
  what: string;
  amount: number | null;
  where: string;
  state: string;
  source: 'payment' | 'credit' | 'statement' | 'adjustment' | 'message' | 'decision';
  payment: string | null;
}

export declare class QueryNumber {
  execute(origin: Origin, number: string): Promise<NumberQueryView>;
}
export declare class CreatePayment {
  execute(command: Keyed<CreatePaymentRequest>): Promise<Answer<PaymentView>>;
}
/** Both answer `not_found` for another partner's objects. */
export declare class FindPayments {
  byId(origin: Origin, id: string, expand: readonly string[]): Promise<PaymentView>;
  list(origin: Origin, query: ListPaymentsQuery): Promise<Page<PaymentView>>;
}
export declare class CreateReversal {
  execute(command: Keyed<CreateReversalRequest>): Promise<Answer<ReversalView>>;
}
export declare class FindReversal {
  byId(origin: Origin, id: string): Promise<ReversalView>;
}
export declare class CreateRefund {
  execute(command: Keyed<CreateRefundRequest>): Promise<Answer<RefundView>>;
}
export declare class FindRefund {
  byId(origin: Origin, id: string): Promise<RefundView>;
}
export declare class CreateAgreement {
  execute(command: Keyed<CreateAgreementRequest>): Promise<Answer<AgreementView>>;
}
export declare class FindAgreement {
  byId(origin: Origin, id: string): Promise<AgreementView>;
}
export declare class CreateLinkedNumber {
  execute(command: Keyed<CreateLinkedNumberRequest>): Promise<Answer<LinkedNumberView>>;
}
export declare class ListEvents {
  execute(origin: Origin, query: { limit: number; cursor?: string }): Promise<Page<EventView>>;
}
export declare class Timeline {
  /** @param number full; @param branch shows only what that branch may see, null = all */
  execute(number: string, branch: string | null): Promise<{ number: string; entries: TimelineEntry[] }>;
}
