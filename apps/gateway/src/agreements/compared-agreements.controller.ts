import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import {
  agreementBreaksDecide,
  agreementsCompare,
  type AgreementBreakDecided,
  type AgreementsCompared,
} from '@yidian/contracts';
import { Problem } from '@yidian/errors';
import { Providers } from '../providers/providers';
import { AgreementRunsStore, type AgreementBreakRow, type OpenAgreementBreak } from './agreement-runs.store';
import { AgreementsStore } from './agreements.store';
import { ReconcileAgreements } from './reconcile-agreements';
import { ResolveAgreementBreak, type AgreementResolution } from './resolve-agreement-break';

/** RPC: the night asks how agreements stand against a bank's list, and brings what two people decided. */
@Controller()
export class ComparedAgreementsController {
  constructor(
    private readonly providers: Providers,
    private readonly runs: AgreementRunsStore,
    private readonly agreements: AgreementsStore,
    private readonly reconcile: ReconcileAgreements,
    private readonly resolving: ResolveAgreementBreak,
  ) {}

  @MessagePattern('agreements.compare')
  async compare(request: unknown): Promise<AgreementsCompared> {
    const { provider, date, after, limit } = agreementsCompare.parse(request);
    if (!this.providers.get(provider).connector.capabilities.agreement?.file) return nothing('no_list');
    const last = await this.runs.lastRun(provider);
    const compared = (last !== undefined && last.file_date >= date) || (await this.reconcile.execute(provider, date));
    if (!compared) return nothing('not_ready');
    const rows = await this.runs.openOf(provider, after, limit);
    return { state: 'compared', breaks: rows.map(brief), next: rows.length < limit ? null : (rows.at(-1)?.id ?? null) };
  }

  @MessagePattern('agreement_breaks.decide')
  async decide(request: unknown): Promise<AgreementBreakDecided> {
    const { id, how, reason, actor } = agreementBreaksDecide.parse(request);
    const found = await this.runs.find(id);
    if (!found) return { outcome: 'refused', reason: 'not_found' };
    if (found.state === 'resolved') return { outcome: 'done' };
    try {
      const { state } = await this.resolving.execute(id, await this.meant(found, how), actor, reason);
      return { outcome: state === 'resolved' ? 'done' : 'open' };
    } catch (error) {
      if (error instanceof Problem && error.code !== 'provider_down') return { outcome: 'refused', reason: error.code };
      throw error;
    }
  }

  /** It is ended where it still stands. */
  private async meant(found: AgreementBreakRow, how: 'ask' | 'end' | 'dismiss'): Promise<AgreementResolution> {
    if (how !== 'end') return how;
    const ours = found.agreement_id === null ? undefined : await this.agreements.find(found.agreement_id);
    return ours === undefined || ours.state === 'ended' ? 'end_there' : 'end';
  }
}

const nothing = (state: 'not_ready' | 'no_list'): AgreementsCompared => ({ state, breaks: [], next: null });

const brief = (row: OpenAgreementBreak): AgreementsCompared['breaks'][number] => ({
  ...{ id: row.id, class: row.class, agreementNo: row.agreement_no, agreementId: row.agreement_id },
  ...{ branch: row.branch ?? '', detail: row.detail, frozen: row.agreement_state === 'frozen' },
});
