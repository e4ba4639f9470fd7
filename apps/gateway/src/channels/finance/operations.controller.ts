import { Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { Operation, ValidBody } from '@yidian/http';
import type { z } from 'zod';
import { ForOperator, LoadProfile, Operator, Partners, readProfile, type OperatorCaller } from '../../access';
import type { GatewayConfig } from '../../gateway.config';
import { BillingRpc, CONFIG } from '../../platform';
import { OperatorAudit } from './operator-audit';
import { publicView } from './public-view';
import { assertHeadquarters } from './scope';
import { branchStatus, branchStatusBody, keyEnding, keyEndingBody, profileReload } from './settlement.schema';

@Controller('v1/operations')
export class OperationsController {
  constructor(
    private readonly billing: BillingRpc,
    private readonly loadProfile: LoadProfile,
    private readonly partners: Partners,
    private readonly audit: OperatorAudit,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  @Post('branch_status')
  @HttpCode(200)
  @ForOperator('operations')
  @Operation({
    id: 'setBranchStatus',
    summary: 'Put a branch into maintenance, or end it',
    description: 'Credits of the branch wait meanwhile; none is refused.',
    door: 'operator',
    tag: 'Operations',
    body: branchStatusBody,
    answers: { 200: branchStatus },
    problems: ['not_found'],
  })
  async branchStatus(
    @Operator() operator: OperatorCaller,
    @ValidBody() body: z.output<typeof branchStatusBody>,
  ): Promise<z.output<typeof branchStatus>> {
    assertHeadquarters(operator);
    await this.audit.record(operator, 'branch.set_status', `branch/${body.branch}`, body);
    const reply = await this.billing.call('branches.setStatus', { ...body, actor: operator.username });
    return branchStatus.parse(publicView(reply));
  }

  @Post('profile_reloads')
  @HttpCode(200)
  @ForOperator('operations', 'partner_manager')
  @Operation({
    id: 'reloadProfile',
    summary: 'Read the carrier profile again',
    description: 'Brings in partners, keys and operators that are not there yet; what is there stays as it is.',
    door: 'operator',
    tag: 'Operations',
    answers: { 200: profileReload },
    problems: ['not_found'],
  })
  async reloadProfile(@Operator() operator: OperatorCaller): Promise<z.output<typeof profileReload>> {
    assertHeadquarters(operator);
    await this.audit.record(operator, 'profile.reload', 'profile');
    const profile = await readProfile(this.config.PROFILE, this.config.livemode);
    await this.loadProfile.execute(profile);
    return { object: 'profile_reload', partners: profile.partners.length, operators: profile.operators.length };
  }

  @Post('partner_key_endings')
  @HttpCode(200)
  @ForOperator('partner_manager', 'operations')
  @Operation({
    id: 'endPartnerKey',
    summary: "End one of a partner's keys",
    description: 'Its other keys go on: bring the new key in first, then end the old one.',
    door: 'operator',
    tag: 'Operations',
    body: keyEndingBody,
    answers: { 200: keyEnding },
    problems: ['not_found'],
  })
  async endKey(
    @Operator() operator: OperatorCaller,
    @ValidBody() body: z.output<typeof keyEndingBody>,
  ): Promise<z.output<typeof keyEnding>> {
    assertHeadquarters(operator);
    await this.audit.record(operator, 'partner_key.end', `partner_key/${body.key_id}`, body);
    const endedAt = new Date();
    if (!(await this.partners.endKey(body.key_id, endedAt))) throw new Problem('not_found');
    return { object: 'partner_key_ending', key_id: body.key_id, ended_at: endedAt.toISOString() };
  }
}
