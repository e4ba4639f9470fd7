import { Injectable } from '@nestjs/common';
import type { Queryable } from '@yidian/database';
import { ItemsStore } from '../items/items.store';
import { SettledSetsStore } from '../items/sealed/settled-sets.store';
import { OutboxStore } from '../outbox/outbox.store';
import { PrincipalItemsStore } from '../outbox/principal-items.store';
import type { Resolution } from '../resolutions/resolution';
import { ResolutionsStore } from '../resolutions/resolutions.store';
import type { Batch } from './batch';
import { due, effectOn, principalByBranch, type Leg } from './leg';

const PAGE = 500;
/** Of no single payment: what the list does not explain. It should be none. */
const REST = '~';
/** Billing asks for a provider; a movement may have none. */
const OF_NO_PROVIDER = 'headquarters';

const keyOf = ({ batchId }: Batch, branch: string, suffix = ''): string => `${batchId}-${branch}${suffix}`;

/**
 * What billing has to be told of a batch (Rule B): per branch the sum of its principal, and whose payments the sum stands for.
 * The list is written while the batch is being posted, when nothing else may move its items; the message with the closing. Lines in
 * sealed parts are not listed again: the relay reads them there.
 */
@Injectable()
export class TellBilling {
  constructor(
    private readonly items: ItemsStore,
    private readonly resolutions: ResolutionsStore,
    private readonly outbox: OutboxStore,
    private readonly principal: PrincipalItemsStore,
    private readonly sets: SettledSetsStore,
  ) {}

  /** @returns the branches that are told of */
  async list(batch: Batch, legs: readonly Leg[]): Promise<Set<string>> {
    const branches = new Set<string>();
    const sealed = batch.sealed ? await this.sets.principal(batch.batchId) : new Map<string, bigint>();
    for (const branch of sealed.keys()) branches.add(branch);
    if (batch.kind === 'settle') await this.listLines(batch, branches);
    const sums = principalByBranch(legs);
    for (const [branch, amount] of sums) {
      if (batch.kind === 'movement') await this.listMovement(batch, branch, legs);
      else await this.listResolutions(batch, branch, amount - (sealed.get(branch) ?? 0n));
      branches.add(branch);
    }
    return branches;
  }

  /** The mirror image of what was told of the batch. */
  async listBack(batch: Batch, legs: readonly Leg[]): Promise<Set<string>> {
    const branches = new Set([...principalByBranch(legs).keys(), ...(await this.outbox.branchesTold(batch.batchId))]);
    for (const branch of branches)
      for await (const page of this.principal.pages(keyOf(batch, branch)))
        await this.principal.add(
          keyOf(batch, branch, '-r'),
          page.map((item) => ({ ...item, amount: -item.amount })),
        );
    return branches;
  }

  /** In the transaction that closes the batch. A branch whose items sum to nothing is told, too: they are not nothing. */
  async add(
    tx: Queryable,
    batch: Batch,
    legs: readonly Leg[],
    branches: ReadonlySet<string>,
    suffix = '',
  ): Promise<void> {
    const sums = principalByBranch(legs);
    for (const branch of [...branches].sort())
      await this.outbox.add(tx, {
        key: keyOf(batch, branch, suffix),
        branch,
        provider: batch.provider || OF_NO_PROVIDER,
        day: batch.day,
        amount: sums.get(branch) ?? 0n,
      });
  }

  private async listLines(batch: Batch, branches: Set<string>): Promise<void> {
    for (let after = ''; ;) {
      const page = await this.items.due(batch.batchId, after, PAGE);
      for (const branch of new Set(page.map((item) => item.branch))) {
        branches.add(branch);
        await this.principal.add(
          keyOf(batch, branch),
          page.filter((item) => item.branch === branch),
        );
      }
      const last = page.at(-1);
      if (!last || page.length < PAGE) return;
      after = last.itemId;
    }
  }

  /** A movement's legs name the payment whose principal they are. */
  private async listMovement(batch: Batch, branch: string, legs: readonly Leg[]): Promise<void> {
    const byPayment = new Map<string, bigint>();
    for (const leg of legs.filter(({ kind }) => kind === 'principal'))
      byPayment.set(leg.refersTo, (byPayment.get(leg.refersTo) ?? 0n) + effectOn(due(branch), leg));
    const items = [...byPayment].filter(([, amount]) => amount !== 0n);
    await this.principal.add(
      keyOf(batch, branch),
      items.map(([paymentNo, amount]) => ({ itemId: `mv/${paymentNo}`, paymentNo, amount })),
    );
  }

  /** Principal without a line of this batch: an earlier line that is released, or a short that headquarters bears. */
  private async listResolutions(batch: Batch, branch: string, amount: bigint): Promise<void> {
    const key = keyOf(batch, branch);
    let rest = amount - (await this.principal.total(key));
    if (rest === 0n) return;
    for (const { key: name, paymentNo, amount: size } of await this.behind(batch, branch)) {
      const own = batch.kind === 'resolution' ? rest : size < 0n ? -size : size;
      await this.principal.add(key, [{ itemId: `res/${name}`, paymentNo, amount: own }]);
      rest -= own;
    }
    if (rest !== 0n) await this.principal.add(key, [{ itemId: REST, paymentNo: '', amount: rest }]);
  }

  private async behind(batch: Batch, branch: string): Promise<Resolution[]> {
    const all = await this.resolutions.ofBatch(batch.batchId);
    if (batch.kind === 'resolution') return all;
    const borne = all.filter((one) => one.action === 'write_off' && one.branch === branch);
    const lines = await this.items.inBatch(
      batch.batchId,
      borne.map(({ itemId }) => itemId),
    );
    return borne.filter(({ itemId }) => !lines.some((line) => line.itemId === itemId));
  }
}
