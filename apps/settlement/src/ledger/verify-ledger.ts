import { Injectable } from '@nestjs/common';
import type { ledgerVerify, VerifyReply } from '@yidian/contracts';
import { Ledger, Verification } from '@yidian/ledger';
import type { z } from 'zod';

@Injectable()
export class VerifyLedger {
  private readonly verification: Verification;

  constructor(ledger: Ledger) {
    this.verification = new Verification(ledger);
  }

  /** M1 zero sum, balances = sums of transfers, and the hash chains, all recomputed from the rows. */
  execute({ since, waitMs }: z.output<typeof ledgerVerify>): Promise<VerifyReply> {
    return this.verification.run({ since, waitMs });
  }
}
