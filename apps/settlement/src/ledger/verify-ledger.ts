import { Injectable } from '@nestjs/common';
import type { VerifyReply } from '@yidian/contracts';
import { Ledger } from '@yidian/ledger';

@Injectable()
export class VerifyLedger {
  constructor(private readonly ledger: Ledger) {}

  /** M1 zero sum, balances = sums of transfers, and the hash chains, all recomputed from the rows. */
  execute(): Promise<VerifyReply> {
    return this.ledger.verify();
  }
}
