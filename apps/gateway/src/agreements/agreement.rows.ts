import type { Statement } from '@yidian/journal';
import type { AgreementState, LinkedNumberState, VerifiedLevel } from './agreement.schema';
import type { FreezeCause } from './number-effect';

export interface AgreementRow {
  id: string;
  partner: string;
  reference: string;
  provider: string;
  state: AgreementState;
  msisdn_masked: string;
  msisdn_blind: string;
  msisdn_sealed: string;
  branch: string;
  /** The provider's own name of it: who knows it could ask for money, so it is sealed. */
  ref_sealed: string | null;
  account_tail: string | null;
  bank_name: string;
  limit_payment: bigint;
  limit_day: bigint;
  limit_month: bigint;
  currency: string;
  next_action: string | null;
  expires_at: Date;
  tries: number;
  due_at: Date | null;
  created_at: Date;
  updated_at: Date;
  /** Counts its moves; each is told to its partner under this number. */
  version: number;
  frozen_until: Date | null;
  frozen_by: FreezeCause | null;
  /** 1: its holder's usual one, where he has several. */
  preferred: number;
  /** Under which the provider knows it, where it was signed on the provider's side; null: under our id. */
  provider_no: string | null;
  signed_by: 'customer' | 'bank' | 'import';
  verified: VerifiedLevel;
  signed_at: Date | null;
  /** The ceilings that were signed: limits are changed below them. */
  most_payment: bigint;
  most_day: bigint;
  most_month: bigint;
  cooling_until: Date | null;
  cooling_limit: bigint | null;
  /** Whether the provider still has to be told of an end here; `stuck`: no ladder has brought its word, people look. */
  unsign: 'none' | 'due' | 'unknown' | 'stuck' | 'done';
  unsign_due: Date | null;
  unsign_tries: number;
}

export interface LinkedRow {
  id: string;
  agreement_id: string;
  partner: string;
  state: LinkedNumberState;
  msisdn_masked: string;
  msisdn_blind: string;
  msisdn_sealed: string;
  payer_blind: string;
  subscriber_id: string;
  branch: string;
  branch_name: string;
  nickname: string;
  limit_month: bigint;
  currency: string;
  code_hash: string;
  sent_at: Date;
  expires_at: Date;
  created_at: Date;
  updated_at: Date;
  /** Counts its moves. */
  version: number;
  cooling_until: Date | null;
  cooling_limit: bigint | null;
}

/** One INSERT, for writing in a lane beside the key that guards it. */
export function insertRow(table: 'agreement' | 'linked_number', row: AgreementRow | LinkedRow): Statement {
  const columns = Object.keys(row);
  return { sql: `INSERT INTO ${table} (${columns.join(', ')}) VALUES (?)`, params: [Object.values(row)] };
}

export interface Signed {
  refSealed: string;
  accountTail: string;
  bankName: string;
  verified: VerifiedLevel;
  cooling: Cooling | null;
}

/** The low limit of what is new. */
export interface Cooling {
  hours: number;
  limit: bigint;
}
