import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import type { PolicyDecision } from '@yidian/contracts';
import { Problem } from '@yidian/errors';
import { listOf, listSchema, Operation, ValidBody, ValidParams, ValidQuery, type ListOf } from '@yidian/http';
import type { z } from 'zod';
import { ForOperator, Operator, type OperatorCaller } from '../../access';
import { BillingRpc } from '../../platform';
import { OperatorAudit } from './operator-audit';
import {
  policyDecision,
  policyInForce,
  policyInForceQuery,
  policyOf,
  policyParams,
  policyProposal,
  policyQuery,
  policyView,
  policyViewOf,
  publicPolicyOf,
} from './policies.schema';
import { ask, assertHeadquarters, branchOf, FINANCE_READERS } from './scope';

type View = z.output<typeof policyView>;

@Controller('v1/finance')
export class PoliciesController {
  constructor(
    private readonly billing: BillingRpc,
    private readonly audit: OperatorAudit,
  ) {}

  @Post('policies')
  @HttpCode(201)
  @ForOperator('finance_maker')
  @Operation({
    id: 'proposePolicy',
    summary: "Propose a new version of a branch's policy",
    description: 'Counts for nothing until somebody else approves it; a version is never changed.',
    door: 'operator',
    tag: 'Policies',
    body: policyProposal,
    answers: { 201: policyView },
    problems: ['not_found'],
  })
  async propose(
    @Operator() operator: OperatorCaller,
    @ValidBody() body: z.output<typeof policyProposal>,
  ): Promise<View> {
    assertHeadquarters(operator);
    await this.audit.record(operator, 'policy.propose', `branch/${body.branch}/policy`, body);
    const { branch, valid_from: validFrom, reason } = body;
    const wanted = { branch, validFrom, reason, policy: policyOf(body.policy), actor: operator.username };
    return decided(await this.billing.call('policies.propose', wanted));
  }

  @Post('policies/:policy/decisions')
  @HttpCode(200)
  @ForOperator('finance_checker')
  @Operation({
    id: 'decidePolicy',
    summary: "Approve or reject somebody else's proposal",
    description: 'In force from its date, or from the approval if that comes later.',
    door: 'operator',
    tag: 'Policies',
    params: policyParams,
    body: policyDecision,
    answers: { 200: policyView },
    problems: ['not_found', 'state_conflict'],
  })
  async decide(
    @Operator() operator: OperatorCaller,
    @ValidParams() { policy }: z.output<typeof policyParams>,
    @ValidBody() body: z.output<typeof policyDecision>,
  ): Promise<View> {
    assertHeadquarters(operator);
    const [, branch = '', version = ''] = policy.split('_');
    await this.audit.record(operator, `policy.${body.decision}`, `branch/${branch}/policy/${version}`, body);
    const decision = { branch, version: parseInt(version, 10), ...body, actor: operator.username };
    return decided(await this.billing.call('policies.decide', decision));
  }

  @Get('policies')
  @ForOperator(...FINANCE_READERS, 'branch_finance')
  @Operation({
    id: 'listPolicies',
    summary: 'Versions of policies, latest proposals first',
    door: 'operator',
    tag: 'Policies',
    query: policyQuery,
    answers: { 200: listSchema(policyView) },
    problems: ['not_found', 'busy'],
  })
  async list(
    @Operator() operator: OperatorCaller,
    @ValidQuery() query: z.output<typeof policyQuery>,
  ): Promise<ListOf<View>> {
    const branch = own(operator, query.branch);
    const wanted = { limit: query.limit, branch, state: query.state };
    const { policies } = await ask(this.billing.call('policies.list', wanted));
    return listOf('/v1/finance/policies', policies.map(policyViewOf), null);
  }

  @Get('policies/in_force')
  @ForOperator(...FINANCE_READERS, 'branch_finance')
  @Operation({
    id: 'getPolicyInForce',
    summary: 'What counts for a branch now, or at an instant',
    door: 'operator',
    tag: 'Policies',
    query: policyInForceQuery,
    answers: { 200: policyInForce },
    problems: ['not_found', 'busy'],
  })
  async inForce(
    @Operator() operator: OperatorCaller,
    @ValidQuery() query: z.output<typeof policyInForceQuery>,
  ): Promise<z.output<typeof policyInForce>> {
    own(operator, query.branch);
    const found = await ask(this.billing.call('policies.in_force', query));
    if (!found) throw new Problem('not_found');
    const { branch, at, version, policy, maintenance, billingRun } = found;
    return {
      object: 'branch_policy_in_force',
      ...{ branch, at, version, policy: publicPolicyOf(policy), maintenance },
      billing_run: billingRun,
    };
  }
}

/** A foreign branch is not there for an operator of one branch. */
function own(operator: OperatorCaller, wanted: string | undefined): string | undefined {
  const branch = branchOf(operator);
  if (branch !== undefined && wanted !== undefined && wanted !== branch) throw new Problem('not_found');
  return branch ?? wanted;
}

function decided({ outcome, policy }: PolicyDecision): View {
  if (outcome === 'own_proposal')
    throw new Problem('state_conflict', {
      detail: 'Whoever proposes a policy cannot decide it: two people are needed.',
    });
  if (outcome !== 'ok') throw new Problem(outcome);
  if (!policy) throw new Error('a decision without its policy');
  return policyViewOf(policy);
}
