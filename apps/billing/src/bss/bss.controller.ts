import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { bssCompareNumbers, bssCreditFile, bssOrders, bssRequery, type ReplyOf } from '@yidian/contracts';
import { Frames } from '../rpc/frames';
import { Adapters } from './adapters';
import { CompareNumbers } from './compare-numbers';
import { ShowCreditFile } from './files/show-credit-file';
import { ListOrders } from './list-orders';

@Controller()
export class BssController {
  constructor(
    private readonly frames: Frames,
    private readonly files: ShowCreditFile,
    private readonly orders: ListOrders,
    private readonly numbers: CompareNumbers,
    private readonly adapters: Adapters,
  ) {}

  @MessagePattern('bss.credit_file')
  creditFile(@Payload() request: unknown): Promise<ReplyOf<'billing', 'bss.credit_file'>> {
    return this.frames.answer(bssCreditFile, request, (valid) => this.files.execute(valid));
  }

  @MessagePattern('bss.branches')
  branches(): Promise<ReplyOf<'billing', 'bss.branches'>> {
    const own = this.adapters.all().map(({ adapter }) => adapter.branch);
    return Promise.resolve({ branches: own.filter((branch) => this.adapters.isRemote(branch)) });
  }

  @MessagePattern('bss.compare_numbers')
  compare(@Payload() request: unknown): Promise<ReplyOf<'billing', 'bss.compare_numbers'>> {
    return this.frames.answer(bssCompareNumbers, request, (valid) => this.numbers.execute(valid));
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
