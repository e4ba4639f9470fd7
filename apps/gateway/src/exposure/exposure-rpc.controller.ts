import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { exposureReceive, type ExposureReceived, type ItemsReply } from '@yidian/contracts';
import { ReceiveExposure } from './receive-exposure';

/** RPC: settlement tells of partners' money that it has booked. */
@Controller()
export class ExposureRpcController {
  constructor(private readonly receive: ReceiveExposure) {}

  @MessagePattern('exposure.receive')
  async receiveAll(request: unknown): Promise<ItemsReply<ExposureReceived>> {
    const { items } = exposureReceive.parse(request);
    const answers: ExposureReceived[] = [];
    for (const item of items) answers.push(await this.receive.execute(item));
    return { items: answers, queueAgeMs: 0 };
  }
}
