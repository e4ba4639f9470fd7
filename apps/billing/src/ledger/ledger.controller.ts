import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { ledgerOpenItems, ledgerVerify, promotionsPull, settledItems, type ReplyOf } from '@yidian/contracts';
import { Frames } from '../rpc/frames';
import { ListOpenItems } from './list-open-items';
import { PullPromotions } from './pull-promotions';
import { SettleItems } from './settle-items';
import { SumBranches } from './sum-branches';
import { VerifyLedger } from './verify-ledger';

@Controller()
export class LedgerController {
  constructor(
    private readonly frames: Frames,
    private readonly verifyLedger: VerifyLedger,
    private readonly sumBranches: SumBranches,
    private readonly listOpenItems: ListOpenItems,
    private readonly settleItems: SettleItems,
    private readonly pullPromotions: PullPromotions,
  ) {}

  @MessagePattern('ledger.verify')
  verify(@Payload() request: unknown): Promise<ReplyOf<'billing', 'ledger.verify'>> {
    return this.frames.answer(ledgerVerify, request, (valid) => this.verifyLedger.execute(valid));
  }

  @MessagePattern('ledger.branches')
  branches(): Promise<ReplyOf<'billing', 'ledger.branches'>> {
    return this.frames.run(() => this.sumBranches.execute());
  }

  @MessagePattern('ledger.openItems')
  openItems(@Payload() request: unknown): Promise<ReplyOf<'billing', 'ledger.openItems'>> {
    return this.frames.answer(ledgerOpenItems, request, (valid) => this.listOpenItems.execute(valid));
  }

  @MessagePattern('settled.items')
  settled(@Payload() request: unknown): Promise<ReplyOf<'billing', 'settled.items'>> {
    return this.frames.answer(settledItems, request, (valid) => this.settleItems.execute(valid));
  }

  @MessagePattern('promotions.pull')
  promotions(@Payload() request: unknown): Promise<ReplyOf<'billing', 'promotions.pull'>> {
    return this.frames.answer(promotionsPull, request, (valid) => this.pullPromotions.execute(valid));
  }
}
