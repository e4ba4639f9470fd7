import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
import { Problem } from '@yidian/errors';
import { randomUUID } from 'node:crypto';
import { DB } from '../resources/tokens';
import type { PayeeKind } from './payout';
import { PayeesStore, type Payee } from './payees.store';
import { Treasury } from './treasury';

const HOUR_MS = 3_600_000;

export interface PayeeProposal {
  partyKind: PayeeKind;
  party: string;
  action: 'add' | 'retire';
  name: string;
  account: string;
  bic: string;
  reason: string;
  actor: string;
}

/**
 * Promise: nobody is paid who is not on the list, the list changes only by two people, and a new payee waits before its first
 * payout, so that a change somebody did not mean is seen in time. A payee is taken off at once.
 */
@Injectable()
export class ChangePayee {
  constructor(
    @Inject(DB) private readonly db: Db,
    private readonly payees: PayeesStore,
    private readonly treasury: Treasury,
  ) {}

  async propose({ actor, ...change }: PayeeProposal): Promise<Payee> {
    const payee: Payee = {
      id: `pe_${randomUUID().replaceAll('-', '').slice(0, 24)}`,
      ...change,
      state: 'proposed',
      proposedBy: actor,
      decidedBy: '',
      effectiveAt: null,
    };
    if (payee.action === 'add' && (payee.name === '' || payee.account === ''))
      throw new Problem('field_invalid', { detail: 'a payee has a name and an account' });
    await this.db.transaction((tx) => this.payees.add(tx, payee));
    return payee;
  }

  /** @throws Problem not_found, own_proposal, state_conflict when it is decided already */
  async decide(id: string, decision: 'approve' | 'reject', actor: string, now = new Date()): Promise<Payee> {
    const before = await this.payees.find(id);
    if (!before) throw new Problem('not_found');
    if (before.proposedBy === actor) throw new Problem('own_proposal');
    const waitMs = before.action === 'add' ? this.treasury.profile.payeeWaitHours * HOUR_MS : 0;
    const done =
      decision === 'approve'
        ? await this.payees.decide(id, 'approved', actor, new Date(now.getTime() + waitMs))
        : await this.payees.decide(id, 'rejected', actor, null);
    if (!done) throw new Problem('state_conflict');
    const after = await this.payees.find(id);
    if (!after) throw new Error(`payee ${id} is gone`);
    return after;
  }
}
