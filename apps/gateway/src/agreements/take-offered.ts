import { Injectable } from '@nestjs/common';
import type { OfferedAgreement } from '@yidian/connectors/contract';
import { Problem } from '@yidian/errors';
import { BillingClient } from '../payments/billing.client';
import { PaymentDoor } from '../payments/payment-door';
import { AgreementsStore, insertRow, type AgreementRow } from './agreements.store';
import { DEFAULT_LIMITS, NewAgreement } from './new-agreement';

/**
 * Promise: what a provider's customer has signed there stands here once, under the provider's own number, however often it
 * is told. For a number that nobody has, or that has left the carrier, it stands as ended and its provider is asked to end
 * it, too.
 */
@Injectable()
export class TakeOffered {
  constructor(
    private readonly store: AgreementsStore,
    private readonly door: PaymentDoor,
    private readonly billing: BillingClient,
    private readonly fresh: NewAgreement,
  ) {}

  /** @throws Problem busy while nobody can say whose number it is: the call is taken up again */
  async execute(provider: string, theirNo: string, offered: OfferedAgreement): Promise<AgreementRow> {
    const branch = await this.branchOf(offered.number);
    const row = this.fresh.row(offered.number, offered.limits ?? DEFAULT_LIMITS, {
      ...{ provider, branch: branch ?? '', provider_no: theirNo, signed_by: 'bank' },
    });
    const guard = {
      ...{ scope: `~offered:${provider}`, k: theirNo, request_hash: '0'.repeat(64), members: '' },
      ...{ object_kind: 'agreement', object_id: row.id },
    };
    await this.door.write({ do: 'object', guard, statements: [insertRow('agreement', row)] });
    // Whoever was first has written it.
    const kept = await this.store.theirs(provider, theirNo);
    if (!kept) throw new Error('an agreement that was kept is not there');
    if (branch === null && (await this.store.end(kept.id, 'nobody here has this number', 'due')))
      return { ...kept, state: 'ended', unsign: 'due' };
    return kept;
  }

  private async branchOf(number: string): Promise<string | null> {
    try {
      const found = await this.billing.lookUp(number);
      return found.status === 'closed' ? null : found.branch.code;
    } catch (error) {
      if (error instanceof Problem && ['number_unknown', 'number_ported_out'].includes(error.code)) return null;
      throw error;
    }
  }
}
