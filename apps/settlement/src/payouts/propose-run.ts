import { Inject, Injectable } from '@nestjs/common';
import type { Db, Queryable } from '@yidian/database';
import { Problem } from '@yidian/errors';
import { randomUUID } from 'node:crypto';
import { shanghaiDate } from '../calendar/working-days';
import { DB } from '../resources/tokens';
import { StatementGate } from '../statements/statement-gate';
import { BalancesStore } from './balances.store';
import { PayeesStore } from './payees.store';
import { payoutNumber, type PayeeKind, type Payout } from './payout';
import { PayoutsStore } from './payouts.store';
import { RunsStore, type PayoutRun } from './runs.store';
import { Treasury } from './treasury';

export interface RunProposal {
  account: string;
  /** Left out: today, or the next day on which banks work. */
  executionDay?: string | undefined;
  /** Left out: everybody headquarters owes. */
  parties?: readonly { kind: PayeeKind; code: string }[] | undefined;
  /** Refunds that no provider can make any more (row 3d). */
  refunds?: readonly { paymentNo: string; branch: string; amount: bigint }[] | undefined;
  /** A month or date whose statements must be confirmed first. */
  period?: string | undefined;
  actor: string;
}

/** Somebody the run leaves out, and why. */
export interface Skipped {
  kind: PayeeKind;
  code: string;
  amount: bigint;
  reason: 'carried_forward' | 'no_payee' | 'statement_open' | 'statement_disputed';
}

export interface ProposedRun {
  run: PayoutRun;
  payouts: Payout[];
  skipped: Skipped[];
}

interface Wanted {
  kind: PayeeKind;
  code: string;
  amount: bigint;
  paymentNo: string;
  branch: string;
}

/**
 * What headquarters owes, as a run for two others to approve. Whoever owes us is carried forward; who is not on the list
 * of payees, or has not confirmed the statement asked for, is left out by name.
 */
@Injectable()
export class ProposeRun {
  constructor(
    @Inject(DB) private readonly db: Db,
    private readonly balances: BalancesStore,
    private readonly payees: PayeesStore,
    private readonly payouts: PayoutsStore,
    private readonly runs: RunsStore,
    private readonly treasury: Treasury,
    private readonly gate: StatementGate,
  ) {}

  /** @throws Problem not_found (account), field_invalid (a holiday), state_conflict (another run is open), busy */
  async execute(proposal: RunProposal, now = new Date()): Promise<ProposedRun> {
    this.treasury.account(proposal.account);
    const executionDay = this.dayOf(proposal, shanghaiDate(now));
    return this.db.transaction(async (tx) => {
      if ((await this.runs.open(tx)).length > 0)
        throw new Problem('state_conflict', { detail: 'another run waits to be approved or withdrawn' });
      if ((await this.balances.underWay(tx)) > 0) throw new Problem('busy', { detail: 'balances are about to change' });
      const run: PayoutRun = {
        runId: `run_${randomUUID().replaceAll('-', '').slice(0, 24)}`,
        ...{ account: proposal.account, executionDay, state: 'proposed', proposedBy: proposal.actor },
        ...{ firstBy: '', secondBy: '', messageId: '', fileName: '', sha256: '', createdAt: now },
      };
      const skipped: Skipped[] = [];
      const payouts: Payout[] = [];
      for (const one of await this.wanted(tx, proposal)) {
        const decided = await this.decide(tx, one, run, proposal.period, now);
        if ('number' in decided) payouts.push(decided);
        else skipped.push(decided);
      }
      if (payouts.length > 0) {
        await this.runs.add(tx, run);
        await this.payouts.add(tx, payouts);
      }
      return { run, payouts, skipped };
    });
  }

  private dayOf({ executionDay }: RunProposal, today: string): string {
    const { days } = this.treasury;
    if (executionDay === undefined) return days.onOrAfter(today);
    if (executionDay < today || !days.isWorking(executionDay))
      throw new Problem('field_invalid', { detail: 'executionDay: banks do not work on it, or it is over' });
    return executionDay;
  }

  private async wanted(tx: Queryable, { parties, refunds = [] }: RunProposal): Promise<Wanted[]> {
    const balances = await this.balances.of(['due/', 'payable/'], tx);
    const owed = [...balances].map(([account, amount]): Wanted => {
      const code = account.slice(account.indexOf('/') + 1);
      const outside = this.treasury.terms(code) ? ('provider' as const) : ('partner' as const);
      return { kind: account.startsWith('due/') ? 'branch' : outside, code, amount, paymentNo: '', branch: '' };
    });
    const asked = owed.filter(
      ({ kind, code, amount }) =>
        amount !== 0n && (!parties || parties.some((party) => party.kind === kind && party.code === code)),
    );
    const back = refunds.map(({ paymentNo, branch, amount }): Wanted => {
      return { kind: 'payer', code: paymentNo, amount, paymentNo, branch };
    });
    return [...asked, ...back];
  }

  private async decide(
    tx: Queryable,
    { kind, code, amount, paymentNo, branch }: Wanted,
    run: PayoutRun,
    period: string | undefined,
    now: Date,
  ): Promise<Payout | Skipped> {
    const skip = (reason: Skipped['reason']): Skipped => ({ kind, code, amount, reason });
    if (amount <= 0n) return skip('carried_forward');
    const payee = await this.payees.inForce(kind, code, now, tx);
    if (!payee) return skip('no_payee');
    const open = kind === 'payer' || period === undefined ? null : await this.gate.obstacle(code, period, now);
    if (open) return skip(open);
    return {
      number: payoutNumber(run.runId, kind, code, run.executionDay),
      ...{ runId: run.runId, partyKind: kind, party: code, account: run.account, payeeId: payee.id, paymentNo, branch },
      ...{ amount, state: 'planned', bankStatus: '', reason: '' },
      retryOf: await this.payouts.toRetry(tx, kind, code),
    };
  }
}
