import { Inject, Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { newId } from '@yidian/http';
import type { GatewayConfig } from '../gateway.config';
import type { KeptNumber } from '../notifications/person-number';
import { beijingDay } from '../payments/beijing';
import { CONFIG } from '../platform';
import { BlockList } from './block-list';
import type { BlockRow } from './blocks.store';
import { DecisionsStore } from './decisions.store';
import { PartnerPace } from './partner-pace';
import { ReviewsStore, type ReviewRow } from './reviews.store';

export interface Judged {
  channel: string;
  partner: string;
  payer: KeptNumber | null;
  target: KeptNumber;
  agreementId: string | null;
  /** The phone or browser it was ordered from, where somebody says; else null. */
  device: string | null;
  branch: string;
  amount: bigint;
  /** The partner has taken the money already: it is refused where it is blocked, and nothing is counted. */
  collected: boolean;
}

/** Beyond this many times a bound nobody is asked to look. */
const HOPELESS = 3;

/**
 * Whether a payment may be made at all, before anything is written: block lists and orders of authorities, how many
 * different numbers and payers meet in a day, and how many numbers one partner reaches in an hour. What is refused or held
 * says so in both numbers' time lines.
 */
@Injectable()
export class JudgePayment {
  constructor(
    private readonly blocks: BlockList,
    private readonly reviews: ReviewsStore,
    private readonly decisions: DecisionsStore,
    private readonly pace: PartnerPace,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** Collected money that nothing stands against is judged at once: nothing to wait for. @throws Problem number_blocked, velocity_exceeded, held_for_review */
  execute(judged: Judged): Promise<void> | void {
    const block = this.blocks.some() ? this.blockOf(judged) : undefined;
    if (block) return this.blocked(judged, block);
    if (!judged.collected) return this.counted(judged);
  }

  private async counted(judged: Judged): Promise<void> {
    await this.partner(judged);
    if (!judged.payer || judged.payer.blind === judged.target.blind) return;
    await this.velocity({ ...judged, payer: judged.payer });
  }

  private blockOf({ payer, target, partner, agreementId, device }: Judged): BlockRow | undefined {
    return this.blocks.find([
      ['legal', payer?.blind],
      ['number', payer?.blind],
      ['legal', target.blind],
      ['number', target.blind],
      ['partner', partner],
      ['account', agreementId],
      ['device', device],
    ]);
  }

  private async blocked(judged: Judged, found: BlockRow): Promise<void> {
    const what = `${found.kind} on the block list ${found.id}`;
    await this.refused(judged, 'blocked', what);
    throw new Problem('number_blocked');
  }

  /** A partner whose key was taken, or that lets itself be used: all its orders wait until somebody has looked. */
  private async partner(judged: Judged): Promise<void> {
    const { RISK_NUMBERS_PER_PARTNER: most } = this.config;
    const { partner, payer, target, amount } = judged;
    if (most === 0 || partner === '') return;
    const numbers = await this.pace.numbers(partner, most);
    if (numbers < most) return;
    const rule = 'numbers_per_partner';
    const row = this.asked(judged, {
      ...{ k: `${beijingDay(new Date())} ${rule} ${partner}`, rule, why: `${numbers} numbers within an hour` },
      ...{ payer_blind: (payer ?? target).blind, payer_masked: partner.slice(0, 16) },
    });
    const review = await this.reviews.ask(row);
    if (approved(review)) return;
    const state = review.state === 'rejected' ? 'velocity_exceeded' : 'held_for_review';
    const about = payer ? [payer.blind, target.blind] : [target.blind];
    if (review.id !== row.id)
      await this.decisions.add({
        ...{ about, kind: 'risk', state, what: `${rule}: ${review.why}`, objectId: review.id, amount },
      });
    throw new Problem(state);
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
    const k = `${day} ${rule} ${payer.blind.slice(0, 16)}${target.blind.slice(0, 16)}`;
    const review = await this.reviews.ask(
      this.asked(judged, { k, rule, why, payer_blind: payer.blind, payer_masked: payer.masked }),
    );
    if (approved(review)) return;
    throw new Problem(review.state === 'rejected' ? 'velocity_exceeded' : 'held_for_review');
  }

  private asked(
    { target, branch, channel, amount }: Judged,
    by: Pick<ReviewRow, 'k' | 'rule' | 'why' | 'payer_blind' | 'payer_masked'>,
  ): ReviewRow {
    return {
      ...{ id: newId('rvw'), ...by, state: 'waiting', msisdn_blind: target.blind, msisdn_masked: target.masked },
      ...{ branch, channel, amount, asked: 1, created_at: new Date() },
      ...{ decided_by: null, decided_at: null, reason: null, valid_until: null },
    };
  }

  private async refused(judged: Judged, state: string, what: string): Promise<void> {
    const { payer, target, amount } = judged;
    const about = payer ? [payer.blind, target.blind] : [target.blind];
    await this.decisions.add({ about, kind: 'risk', state, what, objectId: '', amount });
  }
}

const approved = ({ state, valid_until: until }: ReviewRow): boolean =>
  state === 'approved' && until !== null && until > new Date();
