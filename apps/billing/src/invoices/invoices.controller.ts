import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { invoicesMark, type ReplyOf } from '@yidian/contracts';
import { Frames } from '../rpc/frames';
import { MarkInvoices } from './mark-invoices';

@Controller()
export class InvoicesController {
  constructor(
    private readonly frames: Frames,
    private readonly markInvoices: MarkInvoices,
  ) {}

  @MessagePattern('invoices.mark')
  mark(@Payload() request: unknown): Promise<ReplyOf<'billing', 'invoices.mark'>> {
    return this.frames.items(invoicesMark, request, (items) => this.markInvoices.execute(items));
  }
}
