import { Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { PersonNumbers } from '../notifications/person-number';
import { AutoStore } from './auto.store';

/** A payer says no to what he has been told of: nothing is taken this time, the rule goes on. */
@Injectable()
export class SkipAutoTopups {
  constructor(
    private readonly store: AutoStore,
    private readonly numbers: PersonNumbers,
  ) {}

  /** All that are noticed: who says no to one by text does not want to pay for another by mistake. @returns how many */
  async all(payer: string): Promise<number> {
    let skipped = 0;
    for (const { id } of await this.store.rulesOf(this.numbers.blind(payer))) if (await this.one(payer, id)) skipped++;
    return skipped;
  }

  /** @returns whether something was noticed and will not be made @throws Problem not_found */
  async one(payer: string, ruleId: string): Promise<boolean> {
    const rule = await this.store.rule(ruleId);
    if (rule?.payer_blind !== this.numbers.blind(payer)) throw new Problem('not_found');
    const noticed = (await this.store.occasionsOf(rule.id, 10)).find(({ state }) => state === 'noticed');
    if (!noticed) return false;
    const decision = { state: 'skipped', what: 'skipped by its payer', amount: noticed.amount };
    return this.store.move(noticed, rule, { to: 'skipped', code: 'skipped' }, { decision });
  }
}
