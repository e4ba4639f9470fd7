import { Inject, Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { newId } from '@yidian/http';
import type { GatewayConfig } from '../gateway.config';
import type { KeptNumber } from '../notifications/person-number';
import { beijingDay } from '../payments/beijing';
import { CONFIG } from '../platform';
import { BlockList } from './block-list';
import { DecisionsStore } from './decisions.store';
import { ReviewsStore, type ReviewRow } from './reviews.store';

export interface Judged {
  channel: string;
  partner: string;
  payer: KeptNumber | null;
  target: KeptNumber;
  agreementId: string | null;
  branch: string;
  amount: bigint;
  /** The partner has taken the money already: it is refused where it is blocked, and nothing is counted. */
  collected: boolean;
}

/** Beyond this many times a bound nobody is asked to look. */
const HOPELESS = 3;

/**
 * Whether a payment may be made at all, before anything is written: block lists and orders of authorities, and how many
 * different numbers and payers meet in a day. What is refused or held says so in both numbers' time lines.
 */
@Injectable()
export class JudgePayment {
  constructor(
    private readonly blocks: BlockList,
    private readonly reviews: ReviewsStore,
    private readonly decisions: DecisionsStore,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** @throws Problem number_blocked, velocity_exceeded, held_for_review */
  async execute(judged: Judged): Promise<void> {
    await this.blocked(judged);
    if (judged.collected || !judged.payer || judged.payer.blind === judged.target.blind) return;
    await this.velocity({ ...judged, payer: judged.payer });
  }

  private async blocked(judged: Judged): Promise<void> {
    const { payer, target, partner, agreementId } = judged;
    const found = this.blocks.find([
      ['legal', payer?.blind],
      ['number', payer?.blind],
      ['legal', target.blind],
      ['number', target.blind],
      ['partner', partner],
      ['account', agreementId],
    ]);
    if (!found) return;
    const what = `${found.kind} on the block list ${found.id}`;
    await this.refused(judged, 'blocked', what);
    throw new Problem('number_blocked');
  }

  private async velocity(judged: Judged & { payer: KeptNumber }): Promise<void> {
    const { payer, target } = judged;
    const { RISK_NUMBERS_PER_PAYER: numbers, RISK_PAYERS_PER_NUMBER: payers } = this.config;
    const day = beijingDay(new Date());
    const bounds = [
      [numbers, 'numbers_per_payer', () => this.reviews.numbersOf(payer.blind, target.blind, day)],
      [payers, 'payers_per_number', () => this.reviews.payersOf(target.blind, payer.blind, day)],
    ] as const;
    for (const [most, rule, count] of bounds) {
      if (most === 0) continue;
      const others = await count();
      if (others >= most) await this.over(judged, rule, { others, most, day });
    }
  }

  /** One more than the bound allows: somebody looks; an approval of today lets it through. */
  private async over(
    judged: Judged & { payer: KeptNumber },
    rule: ReviewRow['rule'],
    { others, most, day }: { others: number; most: number; day: string },
  ): Promise<void> {
    const { payer, target } = judged;
    const why = rule === 'numbers_per_payer' ? `${others} other numbers today` : `${others} other payers today`;
    if (others >= most * HOPELESS) {
      await this.refused(judged, 'velocity_exceeded', `${rule}: ${why}`);
      throw new Problem('velocity_exceeded');
    }
    const review = await this.reviews.ask({
      ...{ id: newId('rvw'), k: `${day} ${rule} ${payer.blind.slice(0, 16)}${target.blind.slice(0, 16)}`, rule },
      ...{ state: 'waiting', payer_blind: payer.blind, payer_masked: payer.masked },
      ...{ msisdn_blind: target.blind, msisdn_masked: target.masked, branch: judged.branch, channel: judged.channel },
      ...{ amount: judged.amount, why, asked: 1, created_at: new Date() },
      ...{ decided_by: null, decided_at: null, reason: null, valid_until: null },
    });
    if (review.state === 'approved' && review.valid_until && review.valid_until > new Date()) return;
    throw new Problem(review.state === 'rejected' ? 'velocity_exceeded' : 'held_for_review');
  }

  private async refused(judged: Judged, state: string, what: string): Promise<void> {
    const { payer, target, amount } = judged;
    const about = payer ? [payer.blind, target.blind] : [target.blind];
    await this.decisions.add({ about, kind: 'risk', state, what, objectId: '', amount });
  }
}
