import { Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { PersonNumbers } from '../notifications/person-number';
import { BlocksStore, type BlockRow } from '../risk/blocks.store';
import { AgreementNews } from './agreement-news';
import { AgreementsStore, type LinkedRow } from './agreements.store';

/** Either side ends what a linked number has agreed to; the linked side also says who may not ask it again. */
@Injectable()
export class EndLinked {
  constructor(
    private readonly store: AgreementsStore,
    private readonly numbers: PersonNumbers,
    private readonly blocks: BlocksStore,
    private readonly news: AgreementNews,
  ) {}

  /** By who pays. @throws Problem not_found */
  async byPayer(msisdn: string, id: string): Promise<LinkedRow> {
    const row = await this.store.findLinked(id);
    if (row?.payer_blind !== this.numbers.blind(msisdn)) throw new Problem('not_found');
    return this.end(row, 'ended', 'ended by who pays');
  }

  byPartner(row: LinkedRow): Promise<LinkedRow> {
    return this.end(row, 'ended', `ended by ${row.partner}`);
  }

  /** By who is paid for; `block`: that payer may not ask again. @throws Problem not_found */
  async byLinked(msisdn: string, id: string, block: boolean): Promise<LinkedRow> {
    const row = await this.store.findLinked(id);
    const blind = this.numbers.blind(msisdn);
    if (row?.msisdn_blind !== blind) throw new Problem('not_found');
    const payer = await this.store.find(row.agreement_id);
    if (block)
      await this.blocks.add({
        ...{ kind: 'consent', value: blind, against: row.payer_blind, masked: payer?.msisdn_masked ?? '' },
        ...{ reason: 'it does not want to be asked by this number', made_by: 'its owner' },
      });
    return this.end(row, block ? 'refused' : 'ended', 'ended by who is paid for');
  }

  /** Nobody may ask this number. */
  async blockAll(msisdn: string): Promise<BlockRow> {
    const { blind, masked } = this.numbers.keep(msisdn);
    return this.blocks.add({
      ...{ kind: 'consent', value: blind, against: '', masked },
      ...{ reason: 'it does not want to be asked', made_by: 'its owner' },
    });
  }

  /** What stands on the number's own list. */
  async blocksOf(msisdn: string): Promise<BlockRow[]> {
    return this.blocks.standing([['consent', this.numbers.blind(msisdn)]]);
  }

  /** @throws Problem not_found for another's */
  async unblock(msisdn: string, id: string): Promise<void> {
    const row = await this.blocks.find(id);
    const mine = row?.kind === 'consent' && row.value === this.numbers.blind(msisdn) && row.ended_at === null;
    if (!mine || !(await this.blocks.lift(id, 'its owner'))) throw new Problem('not_found');
  }

  private async end(row: LinkedRow, to: 'ended' | 'refused', evidence: string): Promise<LinkedRow> {
    const { state } = row;
    if (state !== 'active' && state !== 'pending_consent') return row;
    if (await this.store.moveLinked(row.id, [state, to], evidence)) await this.news.linked(row, to);
    return (await this.store.findLinked(row.id)) ?? row;
  }
}
