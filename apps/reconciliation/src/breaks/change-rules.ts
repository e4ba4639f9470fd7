import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { RuleDecision, RulesReply, rulesDecide, rulesPropose } from '@yidian/contracts';
import type { z } from 'zod';
import { WriteAudit } from '../audit/write-audit';
import { defaultLimits, limitsView, ruleClasses } from './rule-limits';
import { RulesStore } from './rules.store';

/**
 * What rules may do alone is dated data, changed by two people: a proposal counts for nothing until somebody else approves
 * it, and a version that was in force is never changed.
 */
@Injectable()
export class ChangeRules {
  constructor(
    private readonly rules: RulesStore,
    private readonly audit: WriteAudit,
  ) {}

  async list(date: string): Promise<RulesReply> {
    const set = await this.rules.inForce(date);
    const inForce = [...ruleClasses()].map(([cls, steps]) => {
      const version = set.get(cls);
      return version
        ? { class: cls, version: version.id, limits: version.limits }
        : { class: cls, version: null, limits: limitsView(defaultLimits(steps)) };
    });
    return { inForce, versions: await this.rules.latest() };
  }

  async propose(wanted: z.output<typeof rulesPropose>): Promise<RuleDecision> {
    if (!ruleClasses().has(wanted.class)) return { outcome: 'state_conflict', rule: null };
    const id = `rule_${randomUUID().replaceAll('-', '')}`;
    const { class: cls, validFrom, limits, reason, actor } = wanted;
    await this.rules.propose({ id, class: cls, validFrom, limits, reason, proposedBy: actor });
    const after = { class: cls, validFrom, limits: JSON.stringify(limits), reason };
    await this.audit.execute({ actor, action: 'rule_proposed', object: id, before: {}, after });
    return { outcome: 'ok', rule: await this.rules.get(id) };
  }

  async decide({ id, decision, actor }: z.output<typeof rulesDecide>): Promise<RuleDecision> {
    const rule = await this.rules.get(id);
    if (!rule) return { outcome: 'not_found', rule: null };
    if (rule.state !== 'proposed') return { outcome: 'state_conflict', rule };
    if (rule.proposedBy === actor) return { outcome: 'own_proposal', rule };
    const state = decision === 'approve' ? 'approved' : 'rejected';
    const decided = await this.rules.decide(id, state, actor);
    if (!decided) return { outcome: 'state_conflict', rule: await this.rules.get(id) };
    const action = decision === 'approve' ? 'rule_approved' : 'rule_rejected';
    await this.audit.execute({ actor, action, object: id, before: { state: 'proposed' }, after: { state } });
    return { outcome: 'ok', rule: await this.rules.get(id) };
  }
}
