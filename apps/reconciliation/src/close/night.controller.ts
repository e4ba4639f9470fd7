import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { daySignOff, daysList, nightRun, nightStatus, type ReplyOf } from '@yidian/contracts';
import { WriteAudit } from '../audit/write-audit';
import { answer } from '../rpc/answer';
import { ListDays } from './list-days';
import { NightStatus } from './night-status';
import { RunNight } from './run-night';
import { SignOffDay } from './sign-off-day';

@Controller()
export class NightController {
  constructor(
    private readonly runNight: RunNight,
    private readonly status: NightStatus,
    private readonly days: ListDays,
    private readonly signOff: SignOffDay,
    private readonly audit: WriteAudit,
  ) {}

  @MessagePattern('night.run')
  run(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'night.run'>> {
    return answer(nightRun, request, async ({ date, provider, actor }) => {
      const reply = await this.runNight.execute(date, provider);
      const after = { providers: reply.providers.map((day) => `${day.provider} ${day.state}`).join(', ') };
      await this.audit.execute({
        actor,
        action: 'night_run',
        object: `${date} ${provider ?? 'all'}`,
        before: {},
        after,
      });
      return reply;
    });
  }

  @MessagePattern('night.status')
  nightStatus(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'night.status'>> {
    return answer(nightStatus, request, ({ date }) => this.status.execute(date));
  }

  @MessagePattern('days.list')
  listDays(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'days.list'>> {
    return answer(daysList, request, ({ limit }) => this.days.execute(limit));
  }

  @MessagePattern('day.signOff')
  signOffDay(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'day.signOff'>> {
    return answer(daySignOff, request, ({ date, actor }) => this.signOff.execute(date, actor));
  }
}
