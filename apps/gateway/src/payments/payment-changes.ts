import type { PaymentRow } from './payment.rows';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Columns that rules may change: all that the row does not call readonly. */
export type ChangingColumn = {
  [C in keyof PaymentRow]-?: Same<Pick<PaymentRow, C>, Readonly<Pick<PaymentRow, C>>> extends true ? never : C;
}[keyof PaymentRow];

/** A bit each. */
export const CHANGES: Readonly<Record<ChangingColumn, number>> = {
  state: 1 << 0,
  credit_state: 1 << 1,
  version: 1 << 2,
  provider: 1 << 3,
  refunded: 1 << 4,
  payer_key: 1 << 5,
  agreement_id: 1 << 6,
  linked_id: 1 << 7,
  nickname: 1 << 8,
  account: 1 << 9,
  provider_txn_id: 1 << 10,
  business_date: 1 << 11,
  book_date: 1 << 12,
  decline_code: 1 << 13,
  late: 1 << 14,
  credit_code: 1 << 15,
  credit_at: 1 << 16,
  balance_after: 1 << 17,
  next_action: 1 << 18,
  expires_at: 1 << 19,
  root_no: 1 << 20,
  tries: 1 << 21,
  due_at: 1 << 22,
  last_query_at: 1 << 23,
  created_at: 1 << 24,
  updated_at: 1 << 25,
};

/** Which columns differ. Each by its name: reading 47 of two rows by a variable took a microsecond. */
export function changesOf(old: PaymentRow, now: PaymentRow): number {
  return (
    (old.state === now.state ? 0 : CHANGES.state) |
    (old.credit_state === now.credit_state ? 0 : CHANGES.credit_state) |
    (old.version === now.version ? 0 : CHANGES.version) |
    (old.provider === now.provider ? 0 : CHANGES.provider) |
    (old.refunded === now.refunded ? 0 : CHANGES.refunded) |
    (old.payer_key === now.payer_key ? 0 : CHANGES.payer_key) |
    (old.agreement_id === now.agreement_id ? 0 : CHANGES.agreement_id) |
    (old.linked_id === now.linked_id ? 0 : CHANGES.linked_id) |
    (old.nickname === now.nickname ? 0 : CHANGES.nickname) |
    (old.account === now.account ? 0 : CHANGES.account) |
    (old.provider_txn_id === now.provider_txn_id ? 0 : CHANGES.provider_txn_id) |
    (old.business_date === now.business_date ? 0 : CHANGES.business_date) |
    (old.book_date === now.book_date ? 0 : CHANGES.book_date) |
    (old.decline_code === now.decline_code ? 0 : CHANGES.decline_code) |
    (old.late === now.late ? 0 : CHANGES.late) |
    (old.credit_code === now.credit_code ? 0 : CHANGES.credit_code) |
    (sameTime(old.credit_at, now.credit_at) ? 0 : CHANGES.credit_at) |
    (old.balance_after === now.balance_after ? 0 : CHANGES.balance_after) |
    (old.next_action === now.next_action ? 0 : CHANGES.next_action) |
    (sameTime(old.expires_at, now.expires_at) ? 0 : CHANGES.expires_at) |
    (old.root_no === now.root_no ? 0 : CHANGES.root_no) |
    (old.tries === now.tries ? 0 : CHANGES.tries) |
    (sameTime(old.due_at, now.due_at) ? 0 : CHANGES.due_at) |
    (sameTime(old.last_query_at, now.last_query_at) ? 0 : CHANGES.last_query_at) |
    (sameTime(old.created_at, now.created_at) ? 0 : CHANGES.created_at) |
    (sameTime(old.updated_at, now.updated_at) ? 0 : CHANGES.updated_at)
  );
}

const COLUMNS = Object.keys(CHANGES) as ChangingColumn[];

export const columnsOf = (changes: number): ChangingColumn[] =>
  COLUMNS.filter((column) => (changes & CHANGES[column]) !== 0);

/** Times of one batch are the same moment in different objects. */
export const sameTime = (a: Date | null, b: Date | null): boolean =>
  a === b || (a !== null && b !== null && a.getTime() === b.getTime());
