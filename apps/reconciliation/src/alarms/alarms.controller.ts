import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { alarmsList, type ReplyOf } from '@yidian/contracts';
import { answer } from '../rpc/answer';
import { AlarmsStore } from './alarms.store';

@Controller()
export class AlarmsController {
  constructor(private readonly alarms: AlarmsStore) {}

  @MessagePattern('alarms.list')
  list(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'alarms.list'>> {
    return answer(alarmsList, request, async ({ from, to, limit }) => ({
      alarms: (await this.alarms.between(from, to, limit)).map(({ at, ...alarm }) => ({
        ...alarm,
        at: at.toISOString(),
      })),
    }));
  }
}
