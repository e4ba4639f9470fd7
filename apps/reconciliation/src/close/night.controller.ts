import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { daySignOff, daysList, nightRun, nightStatus, type ReplyOf } from '@yidian/contracts';
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
  ) {}

  @MessagePattern('night.run')
  run(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'night.run'>> {
    return answer(nightRun, request, ({ date, provider, actor }) => this.runNight.execute(date, actor, provider));
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
