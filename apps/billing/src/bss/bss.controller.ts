import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { bssCreditFile, bssOrders, bssRequery, type ReplyOf } from '@yidian/contracts';
import { Frames } from '../rpc/frames';
import { ShowCreditFile } from './files/show-credit-file';
import { ListOrders } from './list-orders';

@Controller()
export class BssController {
  constructor(
    private readonly frames: Frames,
    private readonly files: ShowCreditFile,
    private readonly orders: ListOrders,
  ) {}

  @MessagePattern('bss.credit_file')
  creditFile(@Payload() request: unknown): Promise<ReplyOf<'billing', 'bss.credit_file'>> {
    return this.frames.answer(bssCreditFile, request, (valid) => this.files.execute(valid));
  }

  @MessagePattern('bss.orders')
  open(@Payload() request: unknown): Promise<ReplyOf<'billing', 'bss.orders'>> {
    return this.frames.answer(bssOrders, request, (valid) => this.orders.execute(valid));
  }

  @MessagePattern('bss.requery')
  requery(@Payload() request: unknown): Promise<ReplyOf<'billing', 'bss.requery'>> {
    return this.frames.answer(bssRequery, request, (valid) => this.orders.requery(valid));
  }
}
