import { Inject, Injectable } from '@nestjs/common';
import type { GatewayConfig } from '../gateway.config';
import { Tell } from '../payments/tell';
import { CONFIG } from '../platform';
import { agreementView, linkedNumberView } from './agreement.view';
import type { AgreementState, LinkedNumberState } from './agreement.schema';
import { AgreementsStore, type LinkedRow } from './agreements.store';

/** News of agreements and linked numbers to the partner whose they are; others are told by text. */
@Injectable()
export class AgreementNews {
  constructor(
    private readonly store: AgreementsStore,
    private readonly teller: Tell,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** As it stands now. */
  async agreement(id: string, previousState: AgreementState): Promise<void> {
    const row = await this.store.find(id);
    if (!row || row.partner === '') return;
    const body = JSON.stringify(agreementView(row, this.config.livemode));
    const { partner, version: sequence, state } = row;
    await this.teller.tell({
      do: 'event',
      ...{ partner, objectId: id, sequence, type: `agreement.${state}`, previousState, body },
    });
  }

  /** @param row as it stood before */
  async linked(row: LinkedRow, state: LinkedNumberState): Promise<void> {
    if (row.partner === '') return;
    await this.teller.tell({
      do: 'event',
      partner: row.partner,
      objectId: row.id,
      sequence: row.version + 1,
      type: `linked_number.${state}`,
      previousState: row.state,
      body: JSON.stringify(linkedNumberView({ ...row, state }, this.config.livemode)),
    });
  }
}
