import type { DeclineReason, Echo, Outcome, Queried, Returned, Taken } from './answers';

/**
 * What a provider can do, as data: routing, consoles, the conformance suite and the table of providers read it; nothing
 * asks by trying.
 */
export interface Capabilities {
  /** Debit of a signed account without the payer being there; in files too where `batch` says so. */
  debit: { batch: boolean } | null;
  cashier: { presentations: readonly Presentation[] } | null;
  /** An order can be asked about, and closed so that it can never be paid. */
  query: boolean;
  close: boolean;
  refund: { partial: boolean; windowDays: number; query: boolean } | null;
  /** Same-day undoing of a whole order. */
  reverse: boolean;
  /** `check`: signed here, by an account that the bank checks and a code that it sends to the telephone it knows. */
  agreement: { query: boolean; unsign: boolean; file: boolean; check?: boolean } | null;
  /** Names of the formats it sends; each is a reader in the connector's folder. */
  statement: { formats: readonly string[] } | null;
  /** Payouts from our account there, as files. */
  payouts: boolean;
  callbacks: readonly ProviderEventType[];
}

/** How the payer meets the cashier: sent to a page (by link or by a form that posts itself), shown a code, or in an app. */
export type Presentation = 'redirect' | 'qr' | 'app';

/** One order in every call about it: some providers know an order only together with its time. */
export interface OrderRef extends Echo {
  /** When the order was made; the same instant in every call about it. */
  orderedAt: Date;
  /** The provider's own id of the order once it has said one, else ''. */
  providerTxnId: string;
}

export interface DebitRequest extends OrderRef {
  /** The provider's own name of the signed agreement. */
  agreementRef: string;
  /** Shown on the payer's account statement; never a whole number. */
  orderNote: string;
}
export interface CashierRequest extends OrderRef {
  presentation: Presentation;
  /** The payer inside the provider's own app, as that app names him: WeChat's openid of our account. */
  payerOpenid?: string;
  /** The payer's own address, which some pages must name. */
  payerIp?: string;
  /** Shown to the payer; never a whole number. */
  orderNote: string;
  expiresInSeconds: number;
  returnUrl: string;
}
export interface Cashier {
  /** Address to go to, or the text of the code; for `app` the address is empty. */
  payUrl: string;
  /** Set when the payer's browser must post these fields to `payUrl`. */
  form?: Readonly<Record<string, string>>;
  /** Set for `app`: what the provider's kit in the app is called with. */
  app?: Readonly<Record<string, string>>;
  expiresAt: Date;
}
/** `orderNo` is the refund's or reversal's own number: sent again it gives money back once. */
export interface RefundRequest extends OrderRef {
  kind: 'refund' | 'reversal';
  /** The order whose money goes back, with its whole sum. */
  original: OrderRef;
}
export interface AgreementRequest {
  agreementNo: string;
  numberMasked: string;
  /** Stable and meaningless outside: lets the provider recognise the same number without knowing it. */
  blind: string;
  returnUrl: string;
  limits: { payment: bigint; day: bigint; month: bigint; currency: string };
}
export interface AgreementRef {
  agreementNo: string;
  /** The provider's own name of it once signed, else ''. */
  agreementRef: string;
}
export type AgreementStart =
  { outcome: 'started'; signUrl: string; form?: Readonly<Record<string, string>>; expiresAt: Date } | Failed;
/** What the provider has compared: name, identity card and account; with four also the telephone it knows. */
export type Verified = 'bank' | 'three_elements' | 'four_elements';
export type AgreementAnswer =
  /** `verified` absent: the provider's word alone. */
  | { outcome: 'active'; agreementRef: string; accountTail: string; bankName: string; verified?: Verified }
  | { outcome: 'pending' }
  | { outcome: 'ended' }
  | Failed;
/** What the payer says of an account; passed on and kept nowhere. */
export interface AccountCheckRequest extends Omit<AgreementRequest, 'returnUrl'> {
  account: string;
  holder: string;
  idNumber: string;
  /** Known to the bank; '' when only three elements are compared. */
  phone: string;
}
export type AccountCheck =
  { outcome: 'code_sent'; expiresAt: Date } | { outcome: 'declined'; reason: DeclineReason } | Failed;
/** Signed at the provider itself, for a number of ours. */
export interface OfferedAgreement {
  number: string;
  /** Absent: the carrier's usual ones. */
  limits?: { payment: bigint; day: bigint; month: bigint };
}
export type CashierAnswer = ({ outcome: 'opened' } & Cashier) | Failed;
type Failed = { outcome: 'not_executed'; cause: string } | { outcome: 'unknown'; cause: string };

/** `closed`: the order can never be paid from now on; any other outcome is what had happened before. */
export type Closing = Queried<Taken> | { outcome: 'closed' };

type FileOf<C> = { state: 'ready'; fileName: string; content: C } | { state: 'not_ready' } | { state: 'none_today' };

/** A file of one business date. "Not there yet" is asked again; "nothing that day" ends the day. */
export type ProviderFile = FileOf<Buffer>;

/**
 * A statement on its way in, however long it is. The bytes are read once, to their end: reading fails there when they are
 * not whole or not what the provider vouched for, and until then nothing of them counts.
 */
export type StatementFile = FileOf<AsyncIterable<Uint8Array>>;

export type ProviderEventType =
  | 'debit.succeeded'
  | 'debit.declined'
  | 'refund.succeeded'
  | 'refund.failed'
  | 'agreement.signed'
  | 'agreement.ended'
  /** The provider took the money back by itself: a charge-back, a debit return. */
  | 'debit.returned';

/** A verified callback in our words. Its meaning is applied later, by a job. */
export type ProviderEvent = { eventId: string; occurredAt: Date } & (
  | { type: 'debit'; orderNo: string; answer: Outcome<Taken> }
  | { type: 'refund'; orderNo: string; answer: Outcome<Returned> }
  /** `origTxnId`: the payment in the provider's words, for a provider that does not repeat our number (which is '' then). */
  | { type: 'return'; orderNo: string; origTxnId?: string; answer: Returned; reason: string }
  /** `offered`: the provider's customer signed it there; `orderNo` is the provider's own number then. */
  | { type: 'agreement'; orderNo: string; answer: AgreementAnswer; offered?: OfferedAgreement }
);

/** A callback as it arrived; signatures are over these very bytes. */
export interface RawCallback {
  method: string;
  /** The whole address the provider called, as the outside sees us. */
  targetUri: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
}

export const CALLBACK_FAULTS = [
  'signature_missing',
  'signature_invalid',
  /** Outside the provider's window. */
  'stale',
  'key_unknown',
  'certificate_untrusted',
  /** Another algorithm than agreed. */
  'algorithm_refused',
  'parameter_twice',
  'charset_refused',
  'malformed',
] as const;
export type CallbackFault = (typeof CALLBACK_FAULTS)[number];
export type Verdict = { verified: true } | { verified: false; fault: CallbackFault; detail: string };

export interface Callbacks {
  /** Verified only when the signature over the raw bytes is this provider's, in time. Throws nothing. */
  verify(callback: RawCallback): Promise<Verdict>;
  /** The provider's id of the event (1 to 64 visible ASCII); null when the body is none of its events. */
  eventId(body: Buffer): string | null;
  /** In our words; null for an event of a kind we do not use. */
  read(body: Buffer): ProviderEvent | null;
  /** What this provider takes for "stored"; anything else and it tells again. */
  readonly acknowledgement: { status: number; contentType: string; body: string };
}

/** One debit of a batch; `first`: the first under its agreement. */
export interface BatchedDebit {
  /** Attempt number: our reference at the bank, never used twice. */
  number: string;
  amount: bigint;
  agreementRef: string;
  /** YYYY-MM-DD. */
  signedOn: string;
  first: boolean;
  /** Shown on the payer's statement; never a whole number. */
  note: string;
}

/**
 * Debits as files. What is thrown says nothing of what arrived: the same batch is sent again, and the same batch is the same
 * file.
 */
export interface DebitBatches {
  send(
    batch: { collectionDate: string; currency: string; createdAt: Date; debits: readonly BatchedDebit[] },
    signal: AbortSignal,
  ): Promise<{ fileName: string; messageId: string }>;
  /** Names of the return files that are there; whoever reads them remembers which he has read. */
  reports(signal: AbortSignal): Promise<string[]>;
  /** null: not there any more. */
  report(name: string, signal: AbortSignal): Promise<Buffer | null>;
}

/**
 * One provider. Methods answer for every business outcome; they throw only when no answer was understood, and throw
 * `NotSent` only when it is certain that nothing left us. The wrapper turns both into outcomes.
 */
export interface Connector {
  readonly provider: string;
  readonly capabilities: Capabilities;
  debit(request: DebitRequest, signal: AbortSignal): Promise<Outcome<Taken>>;
  queryDebit(order: OrderRef, signal: AbortSignal): Promise<Queried<Taken>>;
  openCashier(request: CashierRequest, signal: AbortSignal): Promise<CashierAnswer>;
  closeCashier(order: OrderRef, signal: AbortSignal): Promise<Closing>;
  refund(request: RefundRequest, signal: AbortSignal): Promise<Outcome<Returned>>;
  queryRefund(request: RefundRequest, signal: AbortSignal): Promise<Queried<Returned>>;
  startAgreement(request: AgreementRequest, signal: AbortSignal): Promise<AgreementStart>;
  /** Sends a code to the account's holder; asked again it is another code for the same agreement. */
  checkAccount(request: AccountCheckRequest, signal: AbortSignal): Promise<AccountCheck>;
  /** `pending`: it was not the code. */
  confirmAccount(agreement: AgreementRef, code: string, signal: AbortSignal): Promise<AgreementAnswer>;
  queryAgreement(agreement: AgreementRef, signal: AbortSignal): Promise<AgreementAnswer>;
  /** `ended` when no debit under it can succeed any more. */
  endAgreement(agreement: AgreementRef, signal: AbortSignal): Promise<AgreementAnswer>;
  fetchStatement(date: string, signal: AbortSignal): Promise<StatementFile>;
  /** Every agreement the provider has with us, as a file. */
  fetchAgreementFile(date: string, signal: AbortSignal): Promise<ProviderFile>;
  /** Resolves when the provider answers at all; throws otherwise. Moves nothing. */
  health(signal: AbortSignal): Promise<void>;
  /** Absent: this provider takes no batches. */
  readonly batches?: DebitBatches | undefined;
  readonly callbacks: Callbacks;
  close(): Promise<void>;
}

/** The request surely never reached the provider: refused connection, unknown host, handshake that never ended. */
export class NotSent extends Error {
  override readonly name = 'NotSent';
}
