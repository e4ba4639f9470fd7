import { Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { PaymentDoor } from '../payments/payment-door';
import { Providers } from '../providers/providers';
import { AgreementNews } from './agreement-news';
import { AgreementRunsStore, type AgreementBreakRow } from './agreement-runs.store';
import { AgreementsStore, type AgreementRow } from './agreements.store';
import { ApplyAgreement } from './apply-agreement';
import { EndAgreement } from './end-agreement';
import { NumberNewsStore } from './number-news.store';

export const AGREEMENT_RESOLUTIONS = ['end', 'end_there', 'release', 'ask', 'dismiss'] as const;
export type AgreementResolution = (typeof AGREEMENT_RESOLUTIONS)[number];

/** People decide what a difference in agreements means; nothing but a rest was done before. */
@Injectable()
export class ResolveAgreementBreak {
  constructor(
    private readonly runs: AgreementRunsStore,
    private readonly store: AgreementsStore,
    private readonly moves: NumberNewsStore,
    private readonly providers: Providers,
    private readonly apply: ApplyAgreement,
    private readonly ending: EndAgreement,
    private readonly door: PaymentDoor,
    private readonly news: AgreementNews,
  ) {}

  /** @throws Problem not_found, state_conflict when it is resolved already or cannot be resolved so */
  async execute(id: string, how: AgreementResolution, by: string, reason: string): Promise<AgreementBreakRow> {
    const found = await this.runs.find(id);
    if (!found) throw new Problem('not_found');
    if (found.state !== 'open') throw new Problem('state_conflict');
    const row = found.agreement_id === null ? undefined : await this.store.find(found.agreement_id);
    await this.carryOut(found, row, how, by);
    if (how !== 'ask' && !(await this.runs.resolve(id, how, by, reason))) throw new Problem('state_conflict');
    return (await this.runs.find(id)) ?? found;
  }

  private async carryOut(
    found: AgreementBreakRow,
    row: AgreementRow | undefined,
    how: AgreementResolution,
    by: string,
  ): Promise<void> {
    switch (how) {
      case 'dismiss':
        return;
      case 'end':
        if (!row) throw new Problem('state_conflict');
        await this.ending.execute(row, `break ${found.id.slice(0, 8)} by ${by}`);
        return;
      case 'end_there':
        return this.endThere(found);
      case 'release':
        if (row?.state !== 'frozen' || row.frozen_by !== 'bank_file') throw new Problem('state_conflict');
        return this.release(row, by);
      case 'ask':
        if (!row) throw new Problem('state_conflict');
        return this.apply.ask(row);
    }
  }

  /** What only the provider has, nobody here has agreed to. */
  private async endThere(found: AgreementBreakRow): Promise<void> {
    const { connector } = this.providers.get(found.provider);
    const answer = await connector.endAgreement({ agreementNo: found.agreement_no, agreementRef: '' });
    if (answer.outcome !== 'ended') throw new Problem('provider_down', { retryAfter: 30 });
    if (found.agreement_id !== null) await this.store.unsigned(found.agreement_id, 'done');
  }

  private async release(row: AgreementRow, by: string): Promise<void> {
    const guard = {
      ...{ scope: '~agreement-file', k: `release-${row.id}-${row.version}`, request_hash: '0'.repeat(64) },
      ...{ members: '', object_kind: 'agreement', object_id: row.id },
    };
    const evidence = { text: `released by ${by}`, before: new Date() };
    const statements = this.moves.releaseOne(row, evidence, 'bank_file');
    await this.door.begin({ do: 'object', guard, statements });
    await this.news.agreement(row.id, 'frozen');
  }
}
