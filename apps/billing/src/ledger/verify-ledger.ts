import { Injectable } from '@nestjs/common';
import type { ledgerVerify, VerifyReply } from '@yidian/contracts';
import { Ledger, Verification } from '@yidian/ledger';
import type { z } from 'zod';
import { ReceivablesStore } from './receivables.store';

type Check = VerifyReply['checks'][number];

@Injectable()
export class VerifyLedger {
  private readonly verification: Verification;

  constructor(
    ledger: Ledger,
    private readonly receivables: ReceivablesStore,
  ) {
    this.verification = new Verification({
      verify: async (options) => {
        const { checks } = await ledger.verify(options);
        const every = [...checks, await this.openItems()];
        return { ok: every.every((check) => check.ok), checks: every };
      },
    });
  }

  /** S1 zero sum, S2 balance = sum of transfers, the hash chains, and S4 the list of open items; all from the rows. */
  execute({ since, waitMs }: z.output<typeof ledgerVerify>): Promise<VerifyReply> {
    return this.verification.run({ since, waitMs });
  }

  private async openItems(): Promise<Check> {
    const off = await this.receivables.unlisted();
    const detail = off.map((one) => `${one.branch} is off by ${one.off}`).join(', ');
    return { name: 'open_items', ok: off.length === 0, detail: detail || 'every receivable is its open items' };
  }
}
