import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { BankEntryView, BankUnexplained } from '@yidian/contracts';
import type { Logger } from '@yidian/telemetry';
import { LOGGER } from '../alarms/raise-alarm';
import { BreaksStore } from '../breaks/breaks.store';
import { FindingsStore } from '../breaks/findings.store';
import { shanghaiDay } from '../breaks/watch-breaks.job';
import type { Finding } from '../matching/result';
import { Peers } from '../peers';
import { Repeat } from '../repeat';
import { difference, standingId } from './difference';
import { PAYOUT_ROWS } from './payout-findings';

const EVERY_MS = 300_000;
/** Where a provider would stand: our own accounts. */
export const TREASURY = 'treasury';

/** Entries of our bank that nobody explains are breaks, until two people have said whose money it is. */
@Injectable()
export class BankEntriesJob implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly repeat: Repeat;

  constructor(
    private readonly breaks: BreaksStore,
    private readonly findings: FindingsStore,
    private readonly peers: Peers,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.repeat = new Repeat('bank entries', EVERY_MS, () => this.execute(shanghaiDay(new Date())), logger);
  }

  async execute(today: string): Promise<void> {
    const entries = await this.unexplained();
    await this.breaks.transaction((tx) =>
      this.findings.stand(tx, { provider: TREASURY, date: today, kind: 'payout' }, entries.map(findingOf)),
    );
  }

  /** All of them, or none: a part of the list would end the breaks of the rest. */
  private async unexplained(): Promise<BankEntryView[]> {
    const entries = new Map<string, BankEntryView>();
    for (let after: BankUnexplained['next'] | undefined = null; after !== undefined;) {
      const page: BankUnexplained = await this.peers.settlement.call('bank.unexplained', { after });
      for (const entry of page.entries) entries.set(entry.entryId, entry);
      after = page.next ?? undefined;
    }
    return [...entries.values()];
  }

  onApplicationBootstrap(): void {
    this.repeat.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.repeat.stop();
  }
}

function findingOf(entry: BankEntryView): Finding {
  const { entryId, account, valueDay, counterparty, note, bankRef } = entry;
  const amount = BigInt(entry.amount);
  return difference({
    ...{ id: standingId('payout', TREASURY, entryId), kind: 'payout', class: 'payout_unknown' },
    ...PAYOUT_ROWS.payout_unknown,
    ...{
      key: valueDay,
      leg: standingId('payout', entryId),
      txnId: entryId.slice(0, 64),
      atStake: amount,
      pAmount: amount,
    },
    raw: `${account}, ${valueDay}, ${counterparty}: ${note} ${bankRef}`.slice(0, 4_000),
  });
}
