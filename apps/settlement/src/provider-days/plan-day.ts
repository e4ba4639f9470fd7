import { Inject, Injectable } from '@nestjs/common';
import type { ItemsPageReply, StatementItem, StatementItemsReply } from '@yidian/contracts';
import type { Db, Queryable } from '@yidian/database';
import type { RpcClient } from '@yidian/messaging';
import type { Batch } from '../batches/batch';
import { BatchesStore } from '../batches/batches.store';
import type { SettledDay } from '../items/engine/settle-segments';
import { ItemsStore } from '../items/items.store';
import { fromMatched, type SettledItem } from '../items/settled-item';
import { standAloneItems } from '../items/stand-alone';
import type { Terms } from '../items/terms';
import { TermsStore } from '../items/terms.store';
import { ResolutionsStore } from '../resolutions/resolutions.store';
import { DB, RECONCILIATION } from '../resources/tokens';
import { DayPlanner } from './day-planner';
import { ProviderDaysStore } from './provider-days.store';
import { SealDay } from './seal-day';

const PAGE = 1000;
const PAGE_MS = 30_000;
const LOOK_UP = 500;

/** Something the plan was made from has changed meanwhile; it has to be made again. */
export class PlanStale extends Error {
  override readonly name = 'PlanStale';
}

interface ToOpen {
  settled: SettledDay | null;
  undoing: readonly SettledItem[];
  reversed: string | null;
}

/**
 * Reads a run's lines page by page, decides where each goes, and fixes the plan in rows before anything is posted. Lines are
 * stored as they come; the last transaction checks that nobody moved what the plan stands on, and from then on it binds.
 */
@Injectable()
export class PlanDay {
  constructor(
    @Inject(DB) private readonly db: Db,
    @Inject(RECONCILIATION) private readonly reconciliation: RpcClient<'reconciliation'>,
    private readonly days: ProviderDaysStore,
    private readonly batches: BatchesStore,
    private readonly items: ItemsStore,
    private readonly resolutions: ResolutionsStore,
    private readonly terms: TermsStore,
    private readonly seal: SealDay,
  ) {}

  async execute(batch: Batch): Promise<void> {
    const terms = await this.terms.of(batch.provider, batch.day);
    const planner = new DayPlanner(batch.batchId, terms);
    const reversed = await this.days.lastReversed(batch.provider, batch.day);
    const settled = await this.sealed(batch, planner, terms);
    const undoing = await this.readLines(batch, planner, reversed, settled === null);
    await this.openLines(batch, planner, { settled, undoing, reversed });
    planner.know(await this.paymentsBehind(undoing, batch));
    for (const line of undoing) planner.undo(line);
    for (const line of standAloneItems(batch, await this.aloneLines(batch))) planner.alone(line);
    const verdicts = await this.waiting(batch, planner);
    await this.db.transaction((tx) => this.fix(tx, batch, planner, verdicts));
  }

  /** What lies in sealed parts: into the plan as sums, and registered for this batch. */
  private async sealed(batch: Batch, planner: DayPlanner, terms: Terms): Promise<SettledDay | null> {
    const settled = await this.seal.settle(batch, terms);
    if (settled) planner.sealed(settled.pricing);
    await this.db.transaction(async (tx) => {
      await this.mine(tx, batch);
      await this.seal.register(tx, batch, settled);
    });
    return settled;
  }

  /** Sealed payments that something speaks of become rows; those of this day are placed like lines that came by page. */
  private async openLines(batch: Batch, planner: DayPlanner, { settled, undoing, reversed }: ToOpen): Promise<void> {
    const waiting = await this.resolutions.waiting(batch.provider, batch.day);
    const named = [...undoing, ...waiting].map(({ paymentNo }) => paymentNo);
    await this.seal.openFor(batch, settled, named, reversed);
    for (let after = ''; settled;) {
      const rows = await this.items.opened(batch.batchId, after, PAGE);
      const earlier = await this.earlier(reversed, rows);
      const placed = rows.map((row) => planner.opened(row, earlier.get(row.itemId)));
      await this.db.transaction(async (tx) => {
        await this.mine(tx, batch);
        await this.items.put(tx, placed);
      });
      const last = rows.at(-1);
      if (!last || rows.length < PAGE) return;
      after = last.itemId;
    }
  }

  private async earlier(reversed: string | null, lines: readonly SettledItem[]): Promise<Map<string, SettledItem>> {
    const found = reversed === null ? [] : await this.items.inBatch(reversed, lines.map(idOf));
    return new Map(found.map((item) => [item.itemId, item]));
  }

  /** Places and stores the payments; hands back refunds and reversals in the order of their ids. */
  private async readLines(
    batch: Batch,
    planner: DayPlanner,
    reversed: string | null,
    all: boolean,
  ): Promise<SettledItem[]> {
    const undoing: SettledItem[] = [];
    for (let after: string | null = ''; after !== null;) {
      const page: ItemsPageReply = await this.page(batch, after, all);
      const lines = page.items.map((item) => fromMatched(batch.batchId, item));
      const payments = lines.filter((line) => line.kind === 'payment');
      undoing.push(...lines.filter((line) => line.kind !== 'payment'));
      const earlier = await this.earlier(reversed, payments);
      const placed = payments.map((line) => planner.payment(line, earlier.get(line.itemId)));
      await this.db.transaction(async (tx) => {
        await this.mine(tx, batch);
        await this.items.put(tx, placed);
      });
      after = page.next;
    }
    for (const moved of pagesOf(planner.roundDays()))
      await this.db.transaction(async (tx) => {
        await this.mine(tx, batch);
        await this.items.put(tx, moved);
      });
    return undoing.sort((a, b) => (a.itemId < b.itemId ? -1 : 1));
  }

  /** @param sealed with the lines that lie in sealed parts */
  private async page(batch: Batch, after: string, sealed: boolean): Promise<ItemsPageReply> {
    const { provider, day: date, runId } = batch;
    const request = { provider, date, runId, after, limit: PAGE, sealed };
    const page = await this.reconciliation.call('items.page', request, PAGE_MS);
    if (page.next !== null && page.next <= after) throw new Error('pages of items do not move forward');
    return page;
  }

  /** Lines that belong to no payment, of the very version of the statement that the run stands on. */
  private async aloneLines({ provider, day: date, runId }: Batch): Promise<StatementItem[]> {
    const lines: StatementItem[] = [];
    for (let after: number | null = 0; after !== null;) {
      const request = { provider, date, runId, after, limit: PAGE };
      const page: StatementItemsReply = await this.reconciliation.call('statements.items', request, PAGE_MS);
      if (page.next !== null && page.next <= after) throw new Error('pages of lines do not move forward');
      lines.push(...page.items);
      after = page.next;
    }
    return lines;
  }

  private async paymentsBehind(undoing: readonly SettledItem[], batch: Batch): Promise<SettledItem[]> {
    const waiting = await this.resolutions.waiting(batch.provider, batch.day);
    const numbers = [...new Set([...undoing, ...waiting].map(({ paymentNo }) => paymentNo))].filter(Boolean).sort();
    const found: SettledItem[] = [];
    for (let at = 0; at < numbers.length; at += LOOK_UP)
      found.push(...(await this.items.paymentsOf(numbers.slice(at, at + LOOK_UP), batch.batchId)));
    return found;
  }

  /** Resolutions that came before the day was settled: key → why it cannot be carried out, or null. */
  private async waiting(batch: Batch, planner: DayPlanner): Promise<Map<string, string | null>> {
    const waiting = await this.resolutions.waiting(batch.provider, batch.day);
    const stored = await this.items.inBatch(batch.batchId, waiting.map(idOf));
    return new Map(
      waiting.map((resolution) => {
        const row = planner.line(resolution.itemId) ?? stored.find(({ itemId }) => itemId === resolution.itemId);
        return [resolution.key, planner.resolve(resolution, row ?? null)];
      }),
    );
  }

  private async fix(
    tx: Queryable,
    batch: Batch,
    planner: DayPlanner,
    verdicts: ReadonlyMap<string, string | null>,
  ): Promise<void> {
    await this.mine(tx, batch);
    const { undoing, changed } = planner.outcome();
    for (const { before } of changed) await this.unmoved(tx, before);
    for (const rows of pagesOf([...undoing, ...changed.map(({ after }) => after)])) await this.items.put(tx, rows);
    await this.batches.addLegs(tx, batch.batchId, planner.postings());
    for (const [key, why] of verdicts)
      await this.resolutions.settle(tx, key, why === null ? 'applied' : 'rejected', batch.batchId, why ?? '');
    if (!(await this.batches.move(tx, batch.batchId, 'planning', 'posting')))
      throw new PlanStale('the batch has moved');
  }

  /** Holds the batch; an older planner, or one whose batch was thrown away, ends here. */
  private async mine(tx: Queryable, batch: Batch): Promise<void> {
    const now = await this.batches.lock(tx, batch.batchId);
    if (now.state !== 'planning' || now.fence !== batch.fence) throw new PlanStale('another planner has taken over');
  }

  /** A payment of another day may be refunded or resolved there at the same time: then the plan's figures are stale. */
  private async unmoved(tx: Queryable, before: SettledItem): Promise<void> {
    const now = await this.items.lock(tx, before.batchId, before.itemId);
    const same =
      now?.place === before.place &&
      now.refunded === before.refunded &&
      now.feeReturned === before.feeReturned &&
      now.clawed === before.clawed;
    if (!same) throw new PlanStale('a payment was refunded or resolved meanwhile');
  }
}

const idOf = ({ itemId }: { itemId: string }): string => itemId;

function* pagesOf(items: readonly SettledItem[]): Generator<SettledItem[]> {
  for (let at = 0; at < items.length; at += PAGE) yield items.slice(at, at + PAGE);
}
