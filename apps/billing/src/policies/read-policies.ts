import { Injectable } from '@nestjs/common';
import type { policiesInForce, policiesList, PolicyInForce, PolicyView } from '@yidian/contracts';
import type { z } from 'zod';
import { PoliciesStore, policyView } from './policies.store';
import { PolicyBook } from './policy-book';
import { inBillingRun, inWindow } from './terms';

@Injectable()
export class ReadPolicies {
  constructor(
    private readonly policies: PoliciesStore,
    private readonly book: PolicyBook,
  ) {}

  /** Latest proposals first. */
  async list({ limit, ...filter }: z.output<typeof policiesList>): Promise<{ policies: PolicyView[] }> {
    return { policies: (await this.policies.list(filter, limit)).map(policyView) };
  }

  /** Null: no such branch. */
  inForce({ branch, at: instant }: z.output<typeof policiesInForce>): PolicyInForce | null {
    const at = instant === undefined ? new Date() : new Date(instant);
    const terms = this.book.inForce(branch, at);
    if (!terms) return null;
    const { version, policy } = terms;
    return {
      ...{ branch, at: at.toISOString(), version, policy },
      maintenance: inWindow(terms, at),
      billingRun: inBillingRun(terms, at),
    };
  }
}
