import { Injectable } from '@nestjs/common';
import type { VerifyReply } from '@yidian/contracts';
import { BatchesStore } from '../batches/batches.store';
import { principalByBranch } from '../batches/leg';
import { digestOf } from '../items/sealed/sums';
import { SealedLines } from '../items/sealed/sealed-lines';
import { SettledSetsStore, type SealedBatch } from '../items/sealed/settled-sets.store';
import { PrincipalItemsStore } from '../outbox/principal-items.store';

const CHECK = 'sealed lines';
const FIRST = '2000-01-01';
const LAST = '9999-12-31';
/** How far back a check since the last snapshot looks at most, in days. */
const LATELY = 35;
const DAY_MS = 86_400_000;

type Sums = [number, bigint, bigint, bigint];

/**
 * Reads every sealed part again: its bytes are those of its row, all parts are those of the batch's digest; their lines are the sums and
 * the opened rows; and per branch the principal that was posted is that of the sealed lines and of the listed rows. Latest dates first,
 * each part once.
 */
@Injectable()
export class VerifySealed {
  constructor(
    private readonly sets: SettledSetsStore,
    private readonly lines: SealedLines,
    private readonly batches: BatchesStore,
    private readonly principal: PrincipalItemsStore,
  ) {}

  /** @param waitMs since the snapshot: no further batch is begun after it, and the answer says how many were read */
  async execute(since: 'start' | 'snapshot', waitMs: number): Promise<VerifyReply['checks'][number]> {
    const began = Date.now();
    const from = since === 'start' ? FIRST : new Date(began - LATELY * DAY_MS).toISOString().slice(0, 10);
    const batches = (await this.sets.batches(from, LAST)).reverse();
    const faults: string[] = [];
    let read = 0;
    for (const batch of batches) {
      if (since === 'snapshot' && Date.now() - began > waitMs) break;
      read += 1;
      const fault = await this.faultOf(batch).catch((error: unknown) => String(error));
      if (fault !== '') faults.push(`${batch.batchId}: ${fault}`);
    }
    const detail = faults.length > 0 ? faults.join('; ').slice(0, 500) : `${read} of ${batches.length} batches`;
    return { name: CHECK, ok: faults.length === 0, detail };
  }

  private async faultOf({ batchId, sealed }: SealedBatch): Promise<string> {
    if (digestOf(await this.sets.partsOf(batchId)) !== sealed) return 'other parts than its digest';
    const opened = new Set(await this.lines.openedNumbers(batchId));
    const all: Sums = [0, 0n, 0n, 0n];
    const open: Sums = [0, 0n, 0n, 0n];
    const principal = new Map<string, bigint>();
    for await (const part of this.lines.parts(batchId)) {
      add(all, part.sums());
      for (const [branch, amount] of part.byBranch()) principal.set(branch, (principal.get(branch) ?? 0n) + amount);
      for (const { amount, fee, commission } of part.among(opened)) add(open, [1, amount, fee, commission]);
    }
    if (open[0] !== opened.size) return `${opened.size} opened rows, ${open[0]} of them are sealed`;
    add(open, await this.sets.sum(batchId));
    const named = (['lines', 'amount', 'fee', 'commission'] as const).filter((_, at) => open[at] !== all[at]);
    if (named.length > 0) return `sums and opened rows are not the sealed ${named.join(', ')}`;
    return this.postedFault(batchId, principal);
  }

  /** A batch that is being posted has not listed everything yet. */
  private async postedFault(batchId: string, sealed: Map<string, bigint>): Promise<string> {
    if ((await this.batches.find(batchId))?.state !== 'settled') return '';
    const posted = principalByBranch((await this.batches.postings(batchId)).flat());
    for (const [branch, amount] of await this.lines.takenOut(batchId))
      sealed.set(branch, (sealed.get(branch) ?? 0n) - amount);
    for (const branch of new Set([...posted.keys(), ...sealed.keys()])) {
      const listed = (await this.principal.total(`${batchId}-${branch}`)) + (sealed.get(branch) ?? 0n);
      if (listed !== (posted.get(branch) ?? 0n)) return `principal of ${branch}`;
    }
    return '';
  }
}

function add(sums: Sums, [n, amount, fee, commission]: Sums): void {
  sums[0] += n;
  sums[1] += amount;
  sums[2] += fee;
  sums[3] += commission;
}
