import { Inject, Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import type { Statement } from '@yidian/journal';
import type { GatewayConfig } from '../gateway.config';
import { PaymentDoor } from '../payments/payment-door';
import type { ObjectEvent } from '../payments/payment.writes';
import { CONFIG } from '../platform';
import { agreementView } from './agreement.view';
import type { AgreementView } from './agreement.schema';
import { AgreementsStore, type AgreementRow } from './agreements.store';
import { NumberNewsStore } from './number-news.store';

/**
 * Debits of an agreement whose provider took money back rest: the account's holder may have contested them. No time ends
 * that, only somebody who has looked into it. Who has seen that the account of a number that changed hands is its new holder's
 * releases that as well.
 */
@Injectable()
export class RestAgreement {
  constructor(
    private readonly agreements: AgreementsStore,
    private readonly store: NumberNewsStore,
    private readonly door: PaymentDoor,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** What the write that returns a payment carries along. */
  async freezing(id: string | null, cause: string): Promise<{ statements: Statement[]; events: ObjectEvent[] }> {
    const row = id === null ? undefined : await this.agreements.find(id);
    if (!row || (row.state !== 'active' && row.state !== 'frozen')) return { statements: [], events: [] };
    const statements = this.store.freezeOne(row.id, { text: cause.slice(0, 80), before: new Date() });
    return { statements, events: row.state === 'active' ? this.events(row, 'frozen') : [] };
  }

  /** @throws Problem not_found, state_conflict when it does not rest for a return or a new holder */
  async release(id: string, actor: string, reason: string): Promise<AgreementView> {
    const row = await this.agreements.find(id);
    if (!row) throw new Problem('not_found');
    const { state, frozen_by: by } = row;
    if (state !== 'frozen' || (by !== 'returned' && by !== 'owner_changed')) throw new Problem('state_conflict');
    const evidence = { text: `released by ${actor}: ${reason}`.slice(0, 80), before: new Date() };
    const guard = {
      scope: '~returns',
      k: `release-${id}-${row.version}`,
      request_hash: '0'.repeat(64),
      members: '',
      object_kind: 'agreement',
      object_id: id,
    };
    const statements = this.store.releaseOne(row, evidence, by);
    await this.door.begin({ do: 'object', guard, statements, events: this.events(row, 'active') });
    const after = (await this.agreements.find(id)) ?? row;
    return agreementView(after, this.config.livemode);
  }

  private events(row: AgreementRow, state: 'frozen' | 'active'): ObjectEvent[] {
    if (row.partner === '') return [];
    const body = JSON.stringify(agreementView({ ...row, state, next_action: null }, this.config.livemode));
    const { partner, id: objectId, version, state: previousState } = row;
    return [{ partner, objectId, sequence: version + 1, type: `agreement.${state}`, previousState, body }];
  }
}
