import type {} from 'fastify';

/** What a partner's key may do. */
export const SCOPES = [
  'numbers:query',
  'payments:create',
  'payments:collect',
  'payments:read',
  'reversals:create',
  'refunds:create',
  'agreements:create',
  'events:read',
  'webhooks:manage',
] as const;
export type Scope = (typeof SCOPES)[number];

export const ROLES = [
  'finance_maker',
  'finance_checker',
  'operations',
  'partner_manager',
  'customer_care',
  'auditor',
  'branch_finance',
] as const;
export type Role = (typeof ROLES)[number];

/** Verified: the request carried this partner's valid signature. */
export interface PartnerCaller {
  kind: 'partner';
  id: string;
  keyId: string;
  /** Provider whose books hold what this partner collects; null when it collects nothing. */
  provider: string | null;
  scopes: readonly Scope[];
  acquiringBranch: string;
  /** Most it may have collected and not remitted, in fen; null: no limit. */
  exposureLimit: bigint | null;
  /** Counted until it is remitted, not by business date. */
  exposureHeld: boolean;
}

/** Signed in by a one-time code sent to this number. */
export interface CustomerCaller {
  kind: 'customer';
  sessionId: string;
  /** Whole number; never in logs or addresses. */
  msisdn: string;
}

export interface OperatorCaller {
  kind: 'operator';
  sessionId: string;
  username: string;
  name: string;
  roles: readonly Role[];
  /** Six digits: sees this branch only. null: headquarters. */
  branch: string | null;
}

/** The number an SMS came from, as the SMSC says. */
export interface SmsCaller {
  kind: 'sms';
  msisdn: string;
}

export type Caller = PartnerCaller | CustomerCaller | OperatorCaller | SmsCaller;

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard of the door; absent on open routes. */
    caller?: Caller;
  }
}
