import { Inject, Injectable } from '@nestjs/common';
import { writeTransferBatch } from '@yidian/connectors/iso20022/pain001';
import type { Db, Queryable } from '@yidian/database';
import { Problem } from '@yidian/errors';
import { createHash } from 'node:crypto';
import type { Batch } from '../batches/batch';
import { PostMovement } from '../batches/post-movement';
import { shanghaiDate } from '../calendar/working-days';
import { OpenLines } from '../items/sealed/open-lines';
import { DB } from '../resources/tokens';
import { BalancesStore } from './balances.store';
import { PayeesStore, type Payee } from './payees.store';
import { sentLegs, sourceOf, type Payout } from './payout';
import { PayoutsStore } from './payouts.store';
import { RunsStore, type PayoutRun, type SentFile } from './runs.store';
import { Treasury } from './treasury';

/**
 * Promise: a run is sent once, after two people other than the one who proposed it have agreed, and only while everything
 * they agreed to still holds: the payees, the balances, the day. The order, its file and the ledger's plan are one
 * transaction; the file leaves the house after it.
 */
@Injectable()
export class ApproveRun {
  constructor(
    @Inject(DB) private readonly db: Db,
    private readonly runs: RunsStore,
    private readonly payouts: PayoutsStore,
    private readonly payees: PayeesStore,
    private readonly balances: BalancesStore,
    private readonly treasury: Treasury,
    private readonly movement: PostMovement,
    private readonly open: OpenLines,
  ) {}

  /** @throws Problem not_found, own_proposal, state_conflict, busy */
  async execute(runId: string, actor: string, now = new Date()): Promise<PayoutRun> {
    await this.openPayments(runId);
    const batches = await this.db.transaction(async (tx) => {
      const run = await this.runs.find(runId, tx);
      if (!run) throw new Problem('not_found');
      if ([run.proposedBy, run.firstBy].includes(actor)) throw new Problem('own_proposal');
      if (run.state === 'proposed') {
        await this.runs.approveOnce(tx, runId, actor);
        return [];
      }
      if (run.state !== 'approved_once') throw new Problem('state_conflict', { detail: `the run is ${run.state}` });
      return this.send(tx, run, actor, now);
    });
    await this.movement.forward(batches);
    return this.view(runId);
  }

  /** Whoever proposed it may take it back as long as nothing has left. @throws Problem not_found, state_conflict */
  async withdraw(runId: string): Promise<PayoutRun> {
    await this.db.transaction(async (tx) => {
      const run = await this.runs.find(runId, tx);
      if (!run) throw new Problem('not_found');
      if (run.state === 'sent' || run.state === 'withdrawn')
        throw new Problem('state_conflict', { detail: `the run is ${run.state}` });
      for (const payout of await this.payouts.ofRun(runId, tx)) await this.payouts.move(tx, payout, 'withdrawn');
      await this.runs.withdraw(tx, runId);
    });
    return this.view(runId);
  }

  private async view(runId: string): Promise<PayoutRun> {
    const run = await this.runs.find(runId);
    if (!run) throw new Error(`payout run ${runId} is gone`);
    return run;
  }

  /** Payments that refunds leave for: their lines must be rows before anything is counted on them. */
  private async openPayments(runId: string): Promise<void> {
    const payouts = await this.payouts.ofRun(runId);
    await this.open.execute(payouts.map(({ paymentNo }) => paymentNo));
  }

  private async send(tx: Queryable, run: PayoutRun, actor: string, now: Date): Promise<Batch[]> {
    const today = shanghaiDate(now);
    if (run.executionDay < today || !this.treasury.days.isWorking(run.executionDay))
      throw new Problem('state_conflict', { detail: 'the execution day is over; withdraw the run and propose again' });
    const payouts = await this.payouts.ofRun(run.runId, tx);
    await this.stillOwed(tx, payouts);
    const payees = await this.stillPayees(tx, payouts, now);
    await this.runs.send(tx, run.runId, actor, this.fileOf(run, payouts, payees));
    const batches: Batch[] = [];
    for (const payout of payouts) {
      if (payout.paymentNo !== '' && !(await this.payouts.countRefund(tx, payout.paymentNo, payout.amount)))
        throw new Problem('state_conflict', { detail: 'a refund is more than what is left of its settled payment' });
      await this.payouts.move(tx, payout, 'sent');
      batches.push(
        await this.movement.plan(tx, {
          key: `payout/${payout.number}`,
          day: run.executionDay,
          provider: await this.payouts.positionOf(tx, payout),
          actor,
          legs: sentLegs(payout),
        }),
      );
    }
    return batches;
  }

  /** Nothing may have been taken off since: the sums were approved as they stand. */
  private async stillOwed(tx: Queryable, payouts: readonly Payout[]): Promise<void> {
    if ((await this.balances.underWay(tx)) > 0) throw new Problem('busy', { detail: 'balances are about to change' });
    const balances = await this.balances.of(['due/', 'payable/'], tx);
    for (const payout of payouts)
      if (payout.partyKind !== 'payer' && (balances.get(sourceOf(payout)) ?? 0n) < payout.amount)
        throw new Problem('state_conflict', { detail: 'a balance has fallen; withdraw the run and propose again' });
  }

  private async stillPayees(tx: Queryable, payouts: readonly Payout[], now: Date): Promise<Map<string, Payee>> {
    const found = new Map<string, Payee>();
    for (const { number, partyKind, party, payeeId } of payouts) {
      const payee = await this.payees.inForce(partyKind, party, now, tx);
      if (payee?.id !== payeeId)
        throw new Problem('state_conflict', { detail: 'a payee has changed; withdraw the run and propose again' });
      found.set(number, payee);
    }
    return found;
  }

  private fileOf(run: PayoutRun, payouts: readonly Payout[], payees: ReadonlyMap<string, Payee>): SentFile {
    const { name, account, bic } = this.treasury.account(run.account);
    const { messageId, content } = writeTransferBatch({
      executionDate: run.executionDay,
      currency: 'CNY',
      debtor: { name, account, bic },
      createdAt: run.createdAt,
      transfers: payouts.map(({ number, amount, party }) => {
        const payee = payees.get(number);
        if (!payee) throw new Error(`payout ${number} has no payee`);
        return { number, amount, creditor: payee, note: `${number} ${party}` };
      }),
    });
    const sha256 = createHash('sha256').update(content).digest('hex');
    return { messageId, fileName: `${messageId}.xml`, sha256, content };
  }
}
