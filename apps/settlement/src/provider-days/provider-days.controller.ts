import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { settleProviderDay, type ReplyOf } from '@yidian/contracts';
import { RelaySettledJob } from '../outbox/relay-settled.job';
import { PullPromotions } from '../promotions/pull-promotions';
import { Door } from '../rpc/door';
import { SettleProviderDay } from './settle-provider-day';

@Controller()
export class ProviderDaysController {
  constructor(
    private readonly door: Door,
    private readonly settleDay: SettleProviderDay,
    private readonly relay: RelaySettledJob,
    private readonly promotions: PullPromotions,
  ) {}

  @MessagePattern('provider_days.settle')
  settle(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'provider_days.settle'>> {
    return this.door.answer(settleProviderDay, request, async ({ provider, date, runId, digest }) => {
      const reply = await this.settleDay.execute({ provider, day: date, runId, digest });
      this.relay.ring();
      await this.promotions.execute();
      return reply;
    });
  }
}
