import { Inject, Injectable } from '@nestjs/common';
import type { MatchedItem } from '@yidian/contracts';
import type { Db } from '@yidian/database';
import type { RpcClient } from '@yidian/messaging';
import { SharedArchive } from '../../resources/shared-archive';
import { DB, RECONCILIATION } from '../../resources/tokens';
import { SettledSegment, type SettledLine } from '../engine/settled-lines';
import { ItemsStore } from '../items.store';
import { TermsStore } from '../terms.store';
import { openedItem } from './opened-item';
import { SettledSetsStore, type BatchPart } from './settled-sets.store';
import { groupOf } from './sums';

const OUR_NUMBER = /^\d{20}$/;
const FIRST_DIGITS = 9;
const ASKED = 500;
const ASK_MS = 30_000;

/**
 * Makes rows of sealed lines that something is about to speak of. It moves no money and no total: a line leaves its group's sum in
 * the transaction in which it becomes a row. So it is done before the work that needs the row, by whoever comes, once.
 */
@Injectable()
export class OpenLines {
  constructor(
    @Inject(DB) private readonly db: Db,
    private readonly archive: SharedArchive,
    private readonly sets: SettledSetsStore,
    private readonly items: ItemsStore,
    private readonly terms: TermsStore,
    @Inject(RECONCILIATION) private readonly reconciliation: RpcClient<'reconciliation'>,
  ) {}

  /** @param planning a batch that is being planned: its parts are looked through, too */
  async execute(paymentNos: readonly string[], planning = ''): Promise<void> {
    const missing = new Set(paymentNos.filter((number) => OUR_NUMBER.test(number)));
    for (const known of await this.items.settledPayments([...missing], planning)) missing.delete(known);
    if (missing.size === 0) return;
    const firsts = [...new Set([...missing].map((number) => Number(number.slice(0, FIRST_DIGITS))))].sort(
      (a, b) => a - b,
    );
    const parts = await this.sets.partsBetween(firsts[0] ?? 0, firsts.at(-1) ?? 0, planning);
    const byBatch = new Map<string, BatchPart[]>();
    for (const part of parts) {
      if (!firsts.some((first) => first >= part.first && first <= part.last)) continue;
      byBatch.set(part.batchId, [...(byBatch.get(part.batchId) ?? []), part]);
    }
    for (const own of byBatch.values()) await this.openIn(own, missing);
  }

  private async openIn(parts: readonly BatchPart[], numbers: ReadonlySet<string>): Promise<void> {
    const lines: SettledLine[] = [];
    for (const part of parts) lines.push(...new SettledSegment(await this.archive.get(part)).among(numbers));
    const [batch] = parts;
    if (!batch || lines.length === 0) return;
    const { batchId, provider, day, runId } = batch;
    const terms = await this.terms.of(provider, day);
    const key = ({ group }: SettledLine): string => groupOf(group);
    lines.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
    for (let at = 0; at < lines.length; at += ASKED) {
      const asked = lines.slice(at, at + ASKED);
      const told = await this.ask(runId, asked);
      const rows = asked.map((line) => openedItem(batchId, line, itemOf(told, line, runId), terms));
      await this.db.transaction((tx) => this.sets.open(tx, batchId, rows));
    }
  }

  private async ask(runId: string, lines: readonly SettledLine[]): Promise<Map<string, MatchedItem>> {
    const paymentNos = lines.map(({ paymentNo }) => paymentNo);
    const { items } = await this.reconciliation.call('items.of_payments', { runId, paymentNos }, ASK_MS);
    return new Map(items.map((item) => [item.paymentNo, item]));
  }
}

function itemOf(told: ReadonlyMap<string, MatchedItem>, { paymentNo }: SettledLine, runId: string): MatchedItem {
  const item = told.get(paymentNo);
  if (!item) throw new Error(`reconciliation does not know the sealed line of ${paymentNo} in run ${runId}`);
  return item;
}
