import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { monthsSignOff } from '@yidian/contracts';
import type { Db } from '@yidian/database';
import { Problem } from '@yidian/errors';
import type { z } from 'zod';
import { CheckInvariants } from '../ledger/check-invariants';
import { InvariantsStore } from '../ledger/invariants.store';
import { DB } from '../resources/tokens';
import { MONTH_STEPS } from './month.states';
import { figure, MonthsStore } from './months.store';

const LAST = MONTH_STEPS.length;

/**
 * Promise: a month is signed off once, by another person than the one who closed it, while M1-M4, S3 and S4 hold. The trial
 * balance it was signed on is kept, and its digest covers every figure of the close.
 */
@Injectable()
export class SignOffMonth {
  constructor(
    @Inject(DB) private readonly db: Db,
    private readonly months: MonthsStore,
    private readonly invariants: CheckInvariants,
    private readonly balances: InvariantsStore,
  ) {}

  async execute({ month, actor }: z.output<typeof monthsSignOff>): Promise<void> {
    const row = await this.months.find(month);
    if (row?.state === 'signed_off' && row.signed_by === actor) return;
    if (row?.state !== 'closed')
      throw new Problem('state_conflict', { detail: `${month} is ${row?.state ?? 'open'}, not closed` });
    if (row.proposed_by === actor) throw new Problem('own_proposal');
    const { checks } = await this.invariants.execute();
    const broken = checks.filter(({ ok }) => !ok).map(({ name }) => name);
    if (broken.length > 0) throw new Problem('state_conflict', { detail: `does not hold: ${broken.join(', ')}` });
    const trial = [...(await this.balances.balances())].sort(([a], [b]) => (a < b ? -1 : 1));
    const off = trial.reduce((sum, [, balance]) => sum + balance, 0n);
    if (off !== 0n) throw new Problem('state_conflict', { detail: 'the trial balance does not add up to zero' });
    const figures = trial.map(([account, balance]) => figure(LAST, account, 'balance', balance));
    const digest = digestOf([...(await this.months.figures(month)).filter(({ step }) => step !== LAST), ...figures]);
    await this.db.transaction(async (tx) => {
      await this.months.lock(tx, month);
      await this.months.addFigures(tx, month, figures);
      await this.months.step(tx, month, LAST, 'done', `signed off by ${actor}`);
      if (!(await this.months.move(tx, month, 'closed', 'signed_off', { signed_by: actor, digest })))
        throw new Problem('state_conflict', { detail: `${month} was signed off meanwhile` });
    });
  }
}

const digestOf = (figures: readonly ReturnType<typeof figure>[]): string =>
  createHash('sha256')
    .update(
      JSON.stringify(
        figures.map(({ step, terms_id, party, name, amount }) => [step, terms_id, party, name, String(amount)]),
      ),
    )
    .digest('hex');
