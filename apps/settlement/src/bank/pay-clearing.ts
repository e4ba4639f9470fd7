import { Inject, Injectable } from '@nestjs/common';
import type { MovementPosted, PrefundApplied, SetOffPosted } from '@yidian/contracts';
import type { Db, Queryable } from '@yidian/database';
import { Problem } from '@yidian/errors';
import { toDigits } from '@yidian/money';
import type { Batch } from '../batches/batch';
import { HQ_GAIN, HQ_LOSS, clearing, leg, payable, prefund, type Leg } from '../batches/leg';
import { movementId, PostMovement } from '../batches/post-movement';
import { BalancesStore } from '../payouts/balances.store';
import { Treasury } from '../payouts/treasury';
import { setOffAmount } from '../positions/netting';
import { DB } from '../resources/tokens';
import { ClearingStore, type ClearingPayment } from './clearing.store';

interface Wanted {
  id: string;
  provider: string;
  day: string;
  amount: bigint;
  source: ClearingPayment['source'];
  legs: Leg[];
  actor: string;
}

/**
 * What pays a clearing account without our bank: a partner's prefund, its invoiced fees where the contract lets them be set
 * off, a payout difference that two people give up. Each is named in rows, so M2 can count it apart from the ledger.
 */
@Injectable()
export class PayClearing {
  constructor(
    @Inject(DB) private readonly db: Db,
    private readonly store: ClearingStore,
    private readonly balances: BalancesStore,
    private readonly treasury: Treasury,
    private readonly movement: PostMovement,
  ) {}

  /**
   * Row 8c: every settled date is paid out of what was paid in before, as far as that goes; a date that was settled anew is
   * corrected. @throws Problem state_conflict when its contract knows no prefund, busy
   */
  async prefund(provider: string): Promise<PrefundApplied> {
    if (this.treasury.terms(provider)?.arrives !== 'prefund')
      throw new Problem('state_conflict', { detail: 'its contract knows no prefund' });
    const applied: PrefundApplied['applied'] = [];
    const batches = await this.db.transaction(async (tx) => {
      await this.quiet(tx);
      let left = (await this.balances.of([prefund(provider)], tx)).get(prefund(provider)) ?? 0n;
      const planned: Batch[] = [];
      for (const { day, wanted, payments } of await this.unpaid(tx, provider)) {
        const amount = wanted > left ? left : wanted;
        if (amount === 0n) continue;
        left -= amount;
        applied.push({ date: day, amount: toDigits(amount) });
        const legs = leg(prefund(provider), clearing(provider), amount, 'prefund');
        const id = `prefund/${provider}/${day}/${payments + 1}`;
        planned.push(await this.plan(tx, { id, provider, day, amount, source: 'prefund', legs, actor: 'settlement' }));
      }
      return planned;
    });
    await this.movement.forward(batches);
    const left = (await this.balances.of([prefund(provider)])).get(prefund(provider)) ?? 0n;
    return { provider, applied, left: toDigits(left) };
  }

  /** @throws Problem state_conflict when the contract does not say so, busy */
  async setOff(key: string, provider: string, day: string, actor: string): Promise<SetOffPosted> {
    if (!this.treasury.terms(provider)?.setOff)
      throw new Problem('state_conflict', { detail: 'its contract does not let gross and fee be set off' });
    const id = `set_off/${key}`;
    const known = await this.store.known(id);
    if (known) return { provider: known.provider, amount: toDigits(known.amount), replay: true };
    let amount = 0n;
    const batches = await this.db.transaction(async (tx) => {
      await this.quiet(tx);
      const balances = await this.balances.of([payable(provider), clearing(provider)], tx);
      amount = setOffAmount(balances.get(payable(provider)) ?? 0n, balances.get(clearing(provider)) ?? 0n);
      if (amount === 0n) return [];
      const legs = leg(payable(provider), clearing(provider), amount, 'set_off');
      return [await this.plan(tx, { id, provider, day, amount, source: 'set_off', legs, actor })];
    });
    await this.movement.forward(batches);
    return { provider, amount: toDigits(amount), replay: false };
  }

  /**
   * Row 1e given up: headquarters bears what was paid short, keeps what was paid over.
   * @param difference paid less expected @throws Problem own_proposal
   */
  async giveUp(given: {
    key: string;
    provider: string;
    date: string;
    difference: bigint;
    proposedBy: string;
    actor: string;
  }): Promise<MovementPosted> {
    const { key, provider, date: day, difference, proposedBy, actor } = given;
    if (proposedBy === actor) throw new Problem('own_proposal');
    if (difference === 0n) throw new Problem('field_invalid', { detail: 'difference: nothing to give up' });
    const id = `difference/${key}`;
    const known = await this.store.known(id);
    const amount = -difference;
    const legs =
      amount > 0n
        ? leg(HQ_LOSS, clearing(provider), amount, 'difference')
        : leg(clearing(provider), HQ_GAIN, -amount, 'difference');
    const wanted: Wanted = { id, provider, day, amount, source: 'difference', legs, actor };
    const batch = await this.db.transaction((tx) => this.plan(tx, wanted));
    await this.movement.forward([batch]);
    return { key, batchId: batch.batchId, replay: known !== null };
  }

  /** Dates not paid as they stand now; first what has to be given back, which others may then use. */
  private async unpaid(tx: Queryable, provider: string): Promise<{ day: string; wanted: bigint; payments: number }[]> {
    const [settled, paid] = [await this.store.settledDays(provider, tx), await this.store.paidOtherwise(provider, tx)];
    return [...new Set([...settled.keys(), ...paid.keys()])]
      .map((day) => {
        const { total = 0n, payments = 0 } = paid.get(day) ?? {};
        return { day, wanted: (settled.get(day) ?? 0n) - total, payments };
      })
      .sort((a, b) => Number(a.wanted > 0n) - Number(b.wanted > 0n) || (a.day < b.day ? -1 : 1));
  }

  private async plan(tx: Queryable, { id, legs, actor, ...payment }: Wanted): Promise<Batch> {
    const { provider, day } = payment;
    const batch = await this.movement.plan(tx, { key: id, day, provider, actor, legs });
    await this.store.add(tx, { id, ...payment, batchId: movementId(id) });
    return batch;
  }

  private async quiet(tx: Queryable): Promise<void> {
    if ((await this.balances.underWay(tx)) > 0) throw new Problem('busy', { detail: 'balances are about to change' });
  }
}
