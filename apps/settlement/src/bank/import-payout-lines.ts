import { Inject, Injectable } from '@nestjs/common';
import { UnreadableFile, type StatementLine } from '@yidian/connectors/contract';
import { CONNECTORS } from '@yidian/connectors/registry.gen';
import type { PayoutsInImported } from '@yidian/contracts';
import type { Db } from '@yidian/database';
import { Problem } from '@yidian/errors';
import { createHash } from 'node:crypto';
import { shanghaiDate } from '../calendar/working-days';
import { DB } from '../resources/tokens';
import { PayoutLinesStore, type PayoutLine } from './payout-lines.store';

const HEAD_BYTES = 65_536;

/**
 * A provider's own list of what it paid out, in whatever format a connector reads. It moves no money: our bank's entries do.
 * It says which payout was meant for which dates, and which one never arrived.
 */
@Injectable()
export class ImportPayoutLines {
  constructor(
    @Inject(DB) private readonly db: Db,
    private readonly store: PayoutLinesStore,
  ) {}

  /** @throws Problem field_invalid when no connector reads it */
  async execute(provider: string, fileName: string, content: Buffer): Promise<PayoutsInImported> {
    const origin = { fileName, provider };
    const head = content.subarray(0, HEAD_BYTES);
    const format = CONNECTORS.flatMap(({ formats }) => formats).find((one) => one.recognises(head, origin));
    if (!format) throw new Problem('field_invalid', { detail: 'content: no connector reads this file' });
    const lines: StatementLine[] = [];
    const findings: string[] = [];
    const sink = {
      line: (line: StatementLine) => void (line.kind === 'PAYOUT' && lines.push(line)),
      finding: ({ reason }: { reason: string }) => void findings.push(reason),
    };
    try {
      const { agrees } = await format.read(once(content), sink, { fileName });
      const payouts = payoutsOf(provider, lines, createHash('sha256').update(content).digest('hex'));
      const taken = await this.db.transaction((tx) => this.store.add(tx, payouts));
      return { format: format.name, lines: payouts.length, ...taken, findings, agrees };
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      throw new Problem('field_invalid', { detail: 'content: the file cannot be read' });
    }
  }
}

/** What is final and in our currency, under the provider's own number. */
function payoutsOf(provider: string, lines: readonly StatementLine[], fileSha256: string): PayoutLine[] {
  return lines
    .filter((line) => line.state === 'SUCCESS' && line.currency === 'CNY' && line.amount !== 0n)
    .map((line) => ({
      lineId: `${provider}/${line.providerTxnId || createHash('sha256').update(line.raw).digest('hex').slice(0, 32)}`,
      provider,
      day: shanghaiDate(line.occurredAt),
      amount: -line.amount,
      reference: (line.providerTxnId || line.ourNumber).slice(0, 64),
      fileSha256,
    }));
}

async function* once(content: Buffer): AsyncGenerator<Buffer> {
  yield content;
}
