import { Inject, Injectable } from '@nestjs/common';
import type { Promotion, PromotionsReply } from '@yidian/contracts';
import type { Db } from '@yidian/database';
import type { RpcClient } from '@yidian/messaging';
import { fromDigits, toDigits } from '@yidian/money';
import type { Logger } from '@yidian/telemetry';
import type { Batch } from '../batches/batch';
import { due, HQ_PROMOTION, leg, type Leg } from '../batches/leg';
import { PostMovement } from '../batches/post-movement';
import { RelaySettledJob } from '../outbox/relay-settled.job';
import { BILLING, DB, LOGGER } from '../resources/tokens';
import { OpenDates } from './open-dates';
import { PromotionCursorsStore } from './promotion-cursors.store';

const CALL_MS = 10_000;
/** A long backlog is taken over several nights' steps rather than held against one of them. */
const LIMIT_MS = 20_000;

type Stretch = PromotionsReply['stretches'][number];

/**
 * Rows 9a, 9b, 9e: what headquarters bears of gifts and discounts moves from its promotions to the branch, as billing has
 * posted it. How far a lane was read and the movements of that stretch are one transaction: nothing is told twice or left out.
 */
@Injectable()
export class PullPromotions {
  private running: Promise<boolean> = Promise.resolve(true);

  constructor(
    @Inject(DB) private readonly db: Db,
    @Inject(BILLING) private readonly billing: RpcClient<'billing'>,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly cursors: PromotionCursorsStore,
    private readonly dates: OpenDates,
    private readonly movements: PostMovement,
    private readonly relay: RelaySettledJob,
  ) {}

  /** One pass at a time. @returns whether everything that billing has posted is in; false: the next pass goes on */
  execute(): Promise<boolean> {
    this.running = this.running.then(() => this.pass());
    return this.running;
  }

  private async pass(): Promise<boolean> {
    const until = performance.now() + LIMIT_MS;
    try {
      for (let more = true; more;) {
        if (performance.now() > until) return false;
        const after = (await this.cursors.all()).map(({ lane, batchNo }) => ({ lane, batch: toDigits(batchNo) }));
        const reply = await this.billing.call('promotions.pull', { after }, CALL_MS);
        for (const stretch of reply.stretches) await this.take(stretch);
        more = reply.more;
      }
      this.relay.ring();
      return true;
    } catch (err) {
      this.logger.warn({ err }, 'promotions are told with the next provider-day');
      return false;
    }
  }

  private async take({ lane, after, to, promotions }: Stretch): Promise<void> {
    const byDay = new Map<string, Leg[]>();
    for (const one of promotions) {
      const day = await this.dates.of(one.date);
      byDay.set(day, [...(byDay.get(day) ?? []), ...legsOf(one)]);
    }
    const planned: Batch[] = [];
    await this.db.transaction(async (tx) => {
      planned.length = 0;
      if (!(await this.cursors.move(tx, lane, fromDigits(after), fromDigits(to)))) return;
      for (const [day, legs] of byDay) {
        const movement = { key: `promotions/${lane}/${to}/${day}`, day, provider: '', actor: 'billing', legs };
        planned.push(await this.movements.plan(tx, movement));
      }
    });
    await this.movements.forward(planned);
  }
}

/** A discount is part of the face, so billing is told of it as its payment's principal; a gift is beside it. */
function legsOf({ kind, branch, paymentNo, amount }: Promotion): Leg[] {
  if (kind === 'gift') return leg(HQ_PROMOTION, due(branch), fromDigits(amount), 'promotion');
  return leg(HQ_PROMOTION, due(branch), fromDigits(amount), 'principal', paymentNo);
}
