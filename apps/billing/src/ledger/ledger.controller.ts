import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import type { ReplyOf } from '@yidian/contracts';
import { Frames } from '../rpc/frames';
import { SumBranches } from './sum-branches';
import { VerifyLedger } from './verify-ledger';

@Controller()
export class LedgerController {
  constructor(
    private readonly frames: Frames,
    private readonly verifyLedger: VerifyLedger,
    private readonly sumBranches: SumBranches,
  ) {}

  @MessagePattern('ledger.verify')
  verify(): Promise<ReplyOf<'billing', 'ledger.verify'>> {
    return this.frames.run(() => this.verifyLedger.execute());
  }

  @MessagePattern('ledger.branches')
  branches(): Promise<ReplyOf<'billing', 'ledger.branches'>> {
    return this.frames.run(() => this.sumBranches.execute());
  }
}
