import { Inject, Injectable } from '@nestjs/common';
import { newId } from '@yidian/http';
import type { GatewayConfig } from '../gateway.config';
import { PersonNumbers } from '../notifications/person-number';
import { CONFIG } from '../platform';
import type { AgreementRow, Cooling } from './agreements.store';

export interface Limits {
  payment: bigint;
  day: bigint;
  month: bigint;
}

/** What an agreement may pay where nobody has said otherwise: 500 yuan a payment and a day, 2,000 a month. */
export const DEFAULT_LIMITS: Limits = { payment: 50_000n, day: 50_000n, month: 200_000n };
/** A page that nobody signed is asked about until then, and ended. */
const LIVES_MS = 60 * 60_000;
export const FIRST_QUESTION_MS = 10_000;

/** The row of an agreement that begins, and the low limit of its first hours. */
@Injectable()
export class NewAgreement {
  constructor(
    private readonly numbers: PersonNumbers,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** null: new ones have no low limit. */
  get cooling(): Cooling | null {
    const { COOLING_HOURS: hours, COOLING_FEN: fen } = this.config;
    return hours === 0 ? null : { hours, limit: BigInt(fen) };
  }

  row(
    msisdn: string,
    limits: Limits,
    over: Pick<AgreementRow, 'provider' | 'branch'> & Partial<AgreementRow>,
  ): AgreementRow {
    const number = this.numbers.keep(msisdn);
    const now = new Date();
    return {
      ...{ id: newId('agr'), partner: '', reference: '', state: 'pending' },
      ...{ msisdn_masked: number.masked, msisdn_blind: number.blind, msisdn_sealed: number.sealed },
      ...{ ref_sealed: null, account_tail: null, bank_name: '', currency: 'CNY' },
      ...{ limit_payment: limits.payment, limit_day: limits.day, limit_month: limits.month },
      ...{ most_payment: limits.payment, most_day: limits.day, most_month: limits.month },
      next_action: null,
      expires_at: new Date(now.getTime() + LIVES_MS),
      ...{
        tries: 0,
        due_at: new Date(now.getTime() + FIRST_QUESTION_MS),
        created_at: now,
        updated_at: now,
        version: 0,
      },
      ...{ frozen_until: null, frozen_by: null, preferred: 0, provider_no: null },
      ...{ signed_by: 'customer', verified: 'none', signed_at: null, cooling_until: null, cooling_limit: null },
      ...{ unsign: 'none', unsign_due: null, unsign_tries: 0 },
      ...over,
    };
  }
}
