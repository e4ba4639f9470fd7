import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { ledgerVerify, type ReplyOf } from '@yidian/contracts';
import { Door } from '../rpc/door';
import { CheckInvariants } from './check-invariants';
import { VerifyLedger } from './verify-ledger';
import { VerifySealed } from './verify-sealed';

@Controller()
export class LedgerController {
  constructor(
    private readonly door: Door,
    private readonly verifyLedger: VerifyLedger,
    private readonly verifySealed: VerifySealed,
    private readonly checkInvariants: CheckInvariants,
  ) {}

  @MessagePattern('ledger.verify')
  verify(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'ledger.verify'>> {
    return this.door.answer(ledgerVerify, request, async (valid) => {
      const books = await this.verifyLedger.execute(valid);
      const sealed = await this.verifySealed.execute(valid.since, valid.waitMs / 4);
      return { ...books, ok: books.ok && sealed.ok, checks: [...books.checks, sealed] };
    });
  }

  @MessagePattern('ledger.invariants')
  invariants(): Promise<ReplyOf<'settlement', 'ledger.invariants'>> {
    return this.door.run(() => this.checkInvariants.execute());
  }
}
