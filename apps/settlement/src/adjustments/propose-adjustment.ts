import { Inject, Injectable } from '@nestjs/common';
import type { adjustmentsPropose } from '@yidian/contracts';
import type { Db } from '@yidian/database';
import { Problem } from '@yidian/errors';
import type { z } from 'zod';
import { Directory } from '../parties/directory';
import { DB } from '../resources/tokens';
import { differing, providerOf, type Adjustment, type Proposal } from './adjustment';
import { accountOf, transfersOf } from './adjustment-legs';
import { AdjustmentsStore } from './adjustments.store';
import { ClosedPeriods } from './closed-periods';

/**
 * Promise: a proposal moves nothing. It is taken only of what is signed off, only with legs that can be posted as they stand,
 * and once: the same id again is the proposal as it stands now.
 */
@Injectable()
export class ProposeAdjustment {
  constructor(
    @Inject(DB) private readonly db: Db,
    private readonly store: AdjustmentsStore,
    private readonly periods: ClosedPeriods,
    private readonly directory: Directory,
  ) {}

  /** @throws Problem field_invalid, not_signed_off, state_conflict (the id is another proposal's), busy */
  async execute({ actor, ...given }: z.output<typeof adjustmentsPropose>, now = new Date()): Promise<Adjustment> {
    const proposal: Proposal = { ...given, proposedBy: actor };
    const known = await this.store.find(proposal.id);
    if (known) return same(known, proposal);
    transfersOf(proposal.original, proposal.legs);
    await this.assertKnown(proposal);
    await this.periods.assertClosed(proposal.original);
    return this.db.transaction(async (tx) => {
      const meanwhile = await this.store.find(proposal.id, tx);
      if (meanwhile) return same(meanwhile, proposal);
      const adjustment: Adjustment = {
        ...proposal,
        ...{ state: 'proposed', proposedAt: now, decidedBy: '', decidedAt: null, note: '' },
        ...{ accountingDate: '', batchId: '', posted: false },
      };
      await this.store.add(tx, adjustment);
      return adjustment;
    });
  }

  /** A misspelt party would get an account of its own: only accounts that were moved before, branches and providers count. */
  private async assertKnown({ original, legs }: Proposal): Promise<void> {
    const provider = providerOf(original);
    const wanted = legs.filter(({ account }) => account !== 'hq').map(accountOf);
    const named = provider === '' ? wanted : [...wanted, `clearing/${provider}`];
    if (named.length === 0) return;
    const [accounts, { branches, providers }] = [await this.store.knownAccounts(named), await this.directory.names()];
    const stranger = named.find((account) => {
      const party = account.slice(account.indexOf('/') + 1);
      return !accounts.has(account) && !(account.startsWith('due/') ? branches.has(party) : providers.has(party));
    });
    if (stranger !== undefined) throw new Problem('field_invalid', { detail: `legs: nobody knows ${stranger}` });
  }
}

function same(known: Adjustment, asked: Proposal): Adjustment {
  const members = differing(known, asked);
  if (members.length > 0)
    throw new Problem('state_conflict', { detail: `${asked.id} is there with another ${members.join(', ')}` });
  return known;
}
