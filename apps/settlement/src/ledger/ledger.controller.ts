import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { ledgerVerify, type ReplyOf } from '@yidian/contracts';
import { Door } from '../rpc/door';
import { CheckInvariants } from './check-invariants';
import { VerifyLedger } from './verify-ledger';

@Controller()
export class LedgerController {
  constructor(
    private readonly door: Door,
    private readonly verifyLedger: VerifyLedger,
    private readonly checkInvariants: CheckInvariants,
  ) {}

  @MessagePattern('ledger.verify')
  verify(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'ledger.verify'>> {
    return this.door.answer(ledgerVerify, request, (valid) => this.verifyLedger.execute(valid));
  }

  @MessagePattern('ledger.invariants')
  invariants(): Promise<ReplyOf<'settlement', 'ledger.invariants'>> {
    return this.door.run(() => this.checkInvariants.execute());
  }
}
