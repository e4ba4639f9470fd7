import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  payeesDecide,
  payeesPropose,
  payoutsApprove,
  payoutsPropose,
  payoutsRun,
  payoutsStatus,
  type PayeeView,
  type PayoutRunView,
  type ReplyOf,
} from '@yidian/contracts';
import { Problem } from '@yidian/errors';
import { fromDigits, toDigits } from '@yidian/money';
import { RelaySettledJob } from '../outbox/relay-settled.job';
import { Door } from '../rpc/door';
import { ApproveRun } from './approve-run';
import { ChangePayee } from './change-payee';
import { DeliverFiles } from './deliver-files';
import type { Payout } from './payout';
import { PayeesStore, type Payee } from './payees.store';
import { PayoutsStore } from './payouts.store';
import { ProposeRun } from './propose-run';
import { RunsStore, type PayoutRun } from './runs.store';
import { TakeStatus } from './take-status';

const MOST = 200;

@Controller()
export class PayoutsController {
  constructor(
    private readonly door: Door,
    private readonly proposeRun: ProposeRun,
    private readonly approveRun: ApproveRun,
    private readonly takeStatus: TakeStatus,
    private readonly runs: RunsStore,
    private readonly payouts: PayoutsStore,
    private readonly files: DeliverFiles,
    private readonly relay: RelaySettledJob,
  ) {}

  @MessagePattern('payouts.propose')
  propose(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'payouts.propose'>> {
    return this.door.answer(payoutsPropose, request, async ({ refunds, ...proposal }) => {
      const asked = refunds?.map(({ amount, ...refund }) => ({ ...refund, amount: fromDigits(amount) }));
      const { run, payouts, skipped } = await this.proposeRun.execute({ ...proposal, refunds: asked });
      return {
        run: payouts.length === 0 ? null : runView(run, payouts),
        skipped: skipped.map(({ amount, ...one }) => ({ ...one, amount: toDigits(amount) })),
      };
    });
  }

  @MessagePattern('payouts.approve')
  approve(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'payouts.approve'>> {
    return this.door.answer(payoutsApprove, request, async ({ runId, actor }) => {
      const run = await this.approveRun.execute(runId, actor);
      await this.files.execute();
      this.relay.ring();
      return this.view(run);
    });
  }

  @MessagePattern('payouts.withdraw')
  withdraw(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'payouts.withdraw'>> {
    return this.door.answer(payoutsRun, request, async ({ runId }) => this.view(await this.approveRun.withdraw(runId)));
  }

  @MessagePattern('payouts.get')
  get(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'payouts.get'>> {
    return this.door.answer(payoutsRun, request, async ({ runId }) => {
      const run = await this.runs.find(runId);
      if (!run) throw new Problem('not_found');
      return this.view(run);
    });
  }

  @MessagePattern('payouts.list')
  list(): Promise<ReplyOf<'settlement', 'payouts.list'>> {
    return this.door.run(async () => {
      const runs: PayoutRunView[] = [];
      for (const run of await this.runs.list(MOST)) runs.push(await this.view(run));
      return { runs };
    });
  }

  /** Only of a run that is sent: until then there is no order. */
  @MessagePattern('payouts.file')
  file(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'payouts.file'>> {
    return this.door.answer(payoutsRun, request, async ({ runId }) => {
      const file = await this.runs.content(runId);
      if (!file) throw new Problem('not_found');
      return { fileName: file.fileName, sha256: file.sha256, contentBase64: file.content.toString('base64') };
    });
  }

  @MessagePattern('payouts.status')
  status(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'payouts.status'>> {
    return this.door.answer(payoutsStatus, request, async ({ contentBase64, date }) => {
      const taken = await this.takeStatus.execute(Buffer.from(contentBase64, 'base64'), date);
      this.relay.ring();
      return taken;
    });
  }

  private async view(run: PayoutRun): Promise<PayoutRunView> {
    return runView(run, await this.payouts.ofRun(run.runId));
  }
}

@Controller()
export class PayeesController {
  constructor(
    private readonly door: Door,
    private readonly changePayee: ChangePayee,
    private readonly payees: PayeesStore,
  ) {}

  @MessagePattern('payees.propose')
  propose(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'payees.propose'>> {
    return this.door.answer(payeesPropose, request, async (change) =>
      payeeView(await this.changePayee.propose(change)),
    );
  }

  @MessagePattern('payees.decide')
  decide(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'payees.decide'>> {
    return this.door.answer(payeesDecide, request, async ({ id, decision, actor }) =>
      payeeView(await this.changePayee.decide(id, decision, actor)),
    );
  }

  @MessagePattern('payees.list')
  list(): Promise<ReplyOf<'settlement', 'payees.list'>> {
    return this.door.run(async () => ({ payees: (await this.payees.list(MOST)).map(payeeView) }));
  }
}

function runView({ createdAt: _, ...run }: PayoutRun, payouts: readonly Payout[]): PayoutRunView {
  return {
    ...run,
    total: toDigits(payouts.reduce((total, { amount }) => total + amount, 0n)),
    payouts: payouts.map(({ number, partyKind, party, amount, state, bankStatus, reason, retryOf }) => ({
      ...{ number, partyKind, party, amount: toDigits(amount), state, bankStatus, reason, retryOf },
    })),
  };
}

const payeeView = ({ effectiveAt, account, ...payee }: Payee): PayeeView => ({
  ...payee,
  account: account.slice(-4).padStart(account.length, '*'),
  effectiveAt: effectiveAt?.toISOString() ?? null,
});
