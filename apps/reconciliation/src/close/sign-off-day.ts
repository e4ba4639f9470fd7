import { Injectable } from '@nestjs/common';
import type { SignOffReply } from '@yidian/contracts';
import { WriteAudit } from '../audit/write-audit';
import { ResolutionsStore } from '../breaks/resolutions.store';
import { CheckCreditFiles } from '../comparisons/check-credit-files';
import { Peers } from '../peers';
import { KnownProviders } from '../providers/known-providers';
import { NightStatus } from './night-status';
import { SignOffsStore } from './sign-offs.store';

type Check = SignOffReply['checks'][number];

/**
 * Signs a platform day off: every provider's day settled, every bridge at 0, nothing half done, and the ledgers of settlement
 * and billing agree now. Open breaks do not hold it up: their money lies listed in suspense. The check list is kept.
 */
@Injectable()
export class SignOffDay {
  constructor(
    private readonly providers: KnownProviders,
    private readonly status: NightStatus,
    private readonly resolutions: ResolutionsStore,
    private readonly signOffs: SignOffsStore,
    private readonly creditFiles: CheckCreditFiles,
    private readonly peers: Peers,
    private readonly audit: WriteAudit,
  ) {}

  async execute(date: string, actor: string): Promise<SignOffReply> {
    const signed = await this.signOffs.get(date);
    if (signed) return { outcome: 'already', checks: signed.checks };
    const books = [...(await this.days(date)), await this.creditFiles.execute(date)];
    const checks = [...books, await this.underWay(date), ...(await this.ledgers())];
    if (!checks.every((check) => check.ok)) return { outcome: 'not_ready', checks };
    if (!(await this.signOffs.add(date, actor, checks))) return this.execute(date, actor);
    const after = { checks: checks.map((check) => check.name).join(' ') };
    await this.audit.execute({ actor, action: 'day_signed_off', object: date, before: {}, after });
    return { outcome: 'signed', checks };
  }

  private async days(date: string): Promise<Check[]> {
    const { providers } = await this.status.execute(date);
    const byCode = new Map(providers.map((day) => [day.provider, day]));
    const expected = (await this.providers.list()).map((provider) => provider.code);
    const codes = [...new Set([...expected, ...byCode.keys()])].sort();
    const missing = codes.filter((code) => byCode.get(code)?.state !== 'settled');
    const residual = providers.filter((day) => day.residual !== '0');
    return [
      {
        name: 'provider_days_settled',
        ok: codes.length > 0 && missing.length === 0,
        detail: missing.length === 0 ? `${codes.length} of ${codes.length}` : `not settled: ${missing.join(', ')}`,
      },
      {
        name: 'bridge_residual_zero',
        ok: residual.length === 0,
        detail: residual.map((day) => `${day.provider}: ${day.residual}`).join(', ') || '0',
      },
    ];
  }

  private async underWay(date: string): Promise<Check> {
    const count = await this.resolutions.underWay(date);
    return { name: 'resolutions_carried_out', ok: count === 0, detail: count === 0 ? 'all' : `${count} under way` };
  }

  private async ledgers(): Promise<Check[]> {
    const { checks, branches } = await this.peers.settlement.call('ledger.invariants', {});
    const billing = await this.peers.billing.call('ledger.verify', {});
    const agreeing = branches.filter((branch) => branch.ok).length;
    return [
      ...checks,
      { name: 'credits_equal_dues', ok: agreeing === branches.length, detail: `${agreeing} of ${branches.length}` },
      ...billing.checks.map((check) => ({ ...check, name: `billing_${check.name}` })),
    ];
  }
}
