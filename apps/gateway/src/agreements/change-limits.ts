import { Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { fromJson } from '@yidian/money';
import { PersonNumbers } from '../notifications/person-number';
import type { CreateAgreementRequest } from './agreement.schema';
import { AgreementsStore, type AgreementRow, type LinkedRow } from './agreements.store';
import { limitsOf } from './create-agreement';

/** Limits are the payer's to lower, and to raise again up to what was signed with the account's bank. */
@Injectable()
export class ChangeLimits {
  constructor(
    private readonly store: AgreementsStore,
    private readonly numbers: PersonNumbers,
  ) {}

  /** @throws Problem not_found, agreement_not_active, limit_above_signed, state_conflict */
  async ofAgreement(
    msisdn: string,
    id: string,
    asked: NonNullable<CreateAgreementRequest['limits']>,
  ): Promise<AgreementRow> {
    const row = await this.store.find(id);
    if (row?.msisdn_blind !== this.numbers.blind(msisdn)) throw new Problem('not_found');
    if (row.state !== 'active' && row.state !== 'frozen') throw new Problem('agreement_not_active');
    const limits = limitsOf(asked);
    const above = limits.payment > row.most_payment || limits.day > row.most_day || limits.month > row.most_month;
    if (above) {
      const detail = `Signed were ${row.most_payment} a payment, ${row.most_day} a day, ${row.most_month} a month.`;
      throw new Problem('limit_above_signed', { detail });
    }
    if (!(await this.store.setLimits(row, limits))) throw new Problem('state_conflict');
    return (await this.store.find(id)) ?? row;
  }

  /** Of one linked number, by who pays for it. @throws Problem not_found, limit_above_signed */
  async ofLinked(msisdn: string, id: string, month: number): Promise<LinkedRow> {
    const row = await this.store.findLinked(id);
    const open = row?.state === 'active' || row?.state === 'pending_consent';
    if (row?.payer_blind !== this.numbers.blind(msisdn) || !open) throw new Problem('not_found');
    const agreement = await this.store.find(row.agreement_id);
    const limit = fromJson(month);
    if (agreement && limit > agreement.most_month)
      throw new Problem('limit_above_signed', { detail: `Signed were ${agreement.most_month} a month.` });
    await this.store.setLinkedLimit(id, limit);
    return { ...row, limit_month: limit };
  }
}
