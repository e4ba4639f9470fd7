import type { Echo, Outcome, Queried, Returned, Taken } from './answers';

/** What a provider can do, as data: routing, consoles and the conformance suite read it; nothing asks by trying. */
export interface Capabilities {
  debit: boolean;
  cashier: { presentations: readonly ('redirect' | 'qr')[] } | null;
  refund: { partial: boolean; windowDays: number } | null;
  agreement: boolean;
  statement: { format: string } | null;
  callbacks: readonly ProviderEventType[];
}

export interface DebitRequest extends Echo {
  /** The provider's own name of the signed agreement. */
  agreementRef: string;
  /** Shown on the payer's account statement; never a whole number. */
  orderNote: string;
}
export interface CashierRequest extends Echo {
  expiresInSeconds: number;
  returnUrl: string;
}
export interface Cashier {
  payUrl: string;
  expiresAt: Date;
}
export interface RefundRequest extends Echo {
  attemptNo: string;
  kind: 'refund' | 'reversal';
}
export interface AgreementRequest {
  agreementNo: string;
  numberMasked: string;
  /** Stable and meaningless outside: lets the provider recognise the same number without knowing it. */
  blind: string;
  returnUrl: string;
  limits: { payment: bigint; day: bigint; month: bigint; currency: string };
}
export type AgreementStart = { outcome: 'started'; signUrl: string; expiresAt: Date } | Failed;
export type AgreementAnswer =
  | { outcome: 'active'; agreementRef: string; accountTail: string; bankName: string }
  | { outcome: 'pending' }
  | { outcome: 'ended' }
  | Failed;
export type CashierAnswer = ({ outcome: 'opened' } & Cashier) | Failed;
type Failed = { outcome: 'not_executed'; cause: string } | { outcome: 'unknown'; cause: string };

/** `closed`: the order can never be paid from now on; any other outcome is what had happened before. */
export type Closing = Queried<Taken> | { outcome: 'closed' };

export type StatementFile =
  { state: 'ready'; fileName: string; content: Buffer } | { state: 'not_ready' } | { state: 'none_today' };

export type ProviderEventType =
  'debit.succeeded' | 'debit.declined' | 'refund.succeeded' | 'refund.failed' | 'agreement.signed' | 'agreement.ended';

/** A verified callback in our words. Its meaning is applied later, by a job. */
export type ProviderEvent = { eventId: string; occurredAt: Date } & (
  | { type: 'debit'; orderNo: string; answer: Outcome<Taken> }
  | { type: 'refund'; orderNo: string; answer: Outcome<Returned> }
  | { type: 'agreement'; orderNo: string; answer: AgreementAnswer }
);

/** A callback as it arrived; signatures are over these very bytes. */
export interface RawCallback {
  method: string;
  /** The whole address the provider called, as the outside sees us. */
  targetUri: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
}

export interface Callbacks {
  /** True only when the signature over the raw bytes is this provider's. Throws nothing. */
  verify(callback: RawCallback): Promise<boolean>;
  /** The provider's id of the event; null when the body is none of its events. */
  eventId(body: Buffer): string | null;
  /** In our words; null for an event of a kind we do not use. */
  read(body: Buffer): ProviderEvent | null;
}

/**
 * One provider. Methods answer for every business outcome; they throw only when no answer was understood, and throw
 * `NotSent` only when it is certain that nothing left us. The wrapper turns both into outcomes.
 */
export interface Connector {
  readonly provider: string;
  readonly capabilities: Capabilities;
  debit(request: DebitRequest, signal: AbortSignal): Promise<Outcome<Taken>>;
  queryDebit(orderNo: string, signal: AbortSignal): Promise<Queried<Taken>>;
  openCashier(request: CashierRequest, signal: AbortSignal): Promise<CashierAnswer>;
  closeCashier(orderNo: string, signal: AbortSignal): Promise<Closing>;
  refund(request: RefundRequest, signal: AbortSignal): Promise<Outcome<Returned>>;
  queryRefund(orderNo: string, signal: AbortSignal): Promise<Queried<Returned>>;
  startAgreement(request: AgreementRequest, signal: AbortSignal): Promise<AgreementStart>;
  queryAgreement(agreementNo: string, signal: AbortSignal): Promise<AgreementAnswer>;
  fetchStatement(date: string, signal: AbortSignal): Promise<StatementFile>;
  readonly callbacks: Callbacks;
  close(): Promise<void>;
}

/** The request surely never reached the provider: refused connection, unknown host, handshake that never ended. */
export class NotSent extends Error {
  override readonly name = 'NotSent';
}
