import { Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { toJson } from '@yidian/money';
import { AgreementsStore } from '../../agreements/agreements.store';
import { SetAutoTopups } from '../../auto-topup/set-auto-topup';
import { SkipAutoTopups } from '../../auto-topup/skip-auto-topup';
import { PersonNumbers } from '../../notifications/person-number';
import { FindFamily } from './find-family';
import type { Target } from './read-command';
import { answerId, say, type Message, type Outcome } from './text-order';

type Meant = { linked: string | null } | { why: Outcome };

/** Standing orders by text, for the own number and for those that have agreed. */
@Injectable()
export class AutoByText {
  constructor(
    private readonly agreements: AgreementsStore,
    private readonly rules: SetAutoTopups,
    private readonly skipping: SkipAutoTopups,
    private readonly family: FindFamily,
    private readonly numbers: PersonNumbers,
  ) {}

  /** Its own room tells what was set. @throws Problem why it was not */
  async set({ id, from }: Message, target: Target, amount: bigint): Promise<Outcome> {
    const rows = await this.agreements.ofNumber(this.numbers.blind(from));
    if (!rows.some((row) => row.state === 'active')) return say('no_agreement');
    const meant = await this.meant(from, target);
    if ('why' in meant) return meant.why;
    const asked = {
      target:
        meant.linked === null ? { type: 'self' as const } : { type: 'linked' as const, linked_number: meant.linked },
      rule: { kind: 'threshold' as const, top_up_to: toJson(amount), times_a_day: 1 },
      currency: 'CNY' as const,
    };
    await this.rules.execute(from, asked, answerId(id));
    return { text: null, paymentNo: null };
  }

  async off({ from }: Message, target: Target): Promise<Outcome> {
    const meant = await this.meant(from, target);
    if ('why' in meant) return meant.why;
    try {
      await this.rules.off(from, meant.linked);
    } catch (error) {
      // It changed while we looked: what stands is read again.
      if (!(error instanceof Problem) || error.code !== 'state_conflict') throw error;
      await this.rules.off(from, meant.linked);
    }
    return say('auto_off');
  }

  async skip({ from }: Message): Promise<Outcome> {
    return say((await this.skipping.all(from)) > 0 ? 'auto_skipped' : 'nothing_to_skip');
  }

  /** Nobody is put on a standing order by half a name. */
  private async meant(from: string, target: Target): Promise<Meant> {
    if (target.type === 'self' || (target.type === 'number' && target.number === from)) return { linked: null };
    const { rows, exact } = await this.family.execute(from, target);
    const [row] = rows;
    const word = target.type === 'nickname' ? `“${target.nickname}”` : '这个号码';
    if (!row) return { why: say('refused', { why: `${word}不在亲友中,先发:TJ 号码 称呼` }) };
    if (row.state !== 'active')
      return { why: say('refused', { why: `${row.nickname}${row.msisdn_masked}还没有同意` }) };
    if (rows.length > 1 || !exact) return { why: say('refused', { why: `${word}不够清楚,请直接发号码` }) };
    return { linked: row.id };
  }
}
