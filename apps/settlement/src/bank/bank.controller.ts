import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  bankDecide,
  bankImport,
  bankPropose,
  bankUnexplained,
  differencePost,
  payoutsInImport,
  payoutsInMatch,
  prefundApply,
  setOffPost,
  type BankEntryView,
  type ReplyOf,
} from '@yidian/contracts';
import { fromDigits, toDigits } from '@yidian/money';
import { RelayExposureJob } from '../outbox/relay-exposure.job';
import { Door } from '../rpc/door';
import type { BankEntry } from './bank-entry';
import { BankStore } from './bank.store';
import { BookEntry } from './book-entry';
import { ImportPayoutLines } from './import-payout-lines';
import { ImportStatement } from './import-statement';
import { MatchProvider } from './match-provider';
import { PayClearing } from './pay-clearing';

@Controller()
export class BankController {
  constructor(
    private readonly door: Door,
    private readonly importStatement: ImportStatement,
    private readonly importLines: ImportPayoutLines,
    private readonly bookEntry: BookEntry,
    private readonly store: BankStore,
    private readonly matchProvider: MatchProvider,
    private readonly payClearing: PayClearing,
    private readonly exposures: RelayExposureJob,
  ) {}

  @MessagePattern('bank.import')
  import(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'bank.import'>> {
    return this.door.answer(bankImport, request, async ({ account, contentBase64 }) => {
      const imported = await this.importStatement.execute(account, Buffer.from(contentBase64, 'base64'));
      this.exposures.ring();
      return imported;
    });
  }

  @MessagePattern('bank.unexplained')
  unexplained(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'bank.unexplained'>> {
    return this.door.answer(bankUnexplained, request, async ({ after, limit }) => {
      const rows = await this.store.unexplained(limit + 1, after);
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      const next = rows.length > limit && last ? { valueDay: last.valueDay, entryId: last.entryId } : null;
      return { entries: page.map(view), next };
    });
  }

  @MessagePattern('bank.propose')
  propose(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'bank.propose'>> {
    return this.door.answer(bankPropose, request, async ({ entryId, provider, actor }) =>
      view(await this.bookEntry.propose(entryId, provider, actor)),
    );
  }

  @MessagePattern('bank.decide')
  decide(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'bank.decide'>> {
    return this.door.answer(bankDecide, request, async ({ entryId, decision, actor }) => {
      const entry = await this.bookEntry.decide(entryId, decision, actor);
      this.exposures.ring();
      return view(entry);
    });
  }

  @MessagePattern('payouts_in.import')
  lines(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'payouts_in.import'>> {
    return this.door.answer(payoutsInImport, request, ({ provider, fileName, contentBase64 }) =>
      this.importLines.execute(provider, fileName, Buffer.from(contentBase64, 'base64')),
    );
  }

  @MessagePattern('payouts_in.match')
  match(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'payouts_in.match'>> {
    return this.door.answer(payoutsInMatch, request, ({ provider, asOf }) =>
      this.matchProvider.execute(provider, asOf),
    );
  }

  @MessagePattern('prefund.apply')
  prefund(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'prefund.apply'>> {
    return this.door.answer(prefundApply, request, ({ provider }) => this.payClearing.prefund(provider));
  }

  @MessagePattern('set_off.post')
  setOff(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'set_off.post'>> {
    return this.door.answer(setOffPost, request, ({ key, provider, date, actor }) =>
      this.payClearing.setOff(key, provider, date, actor),
    );
  }

  @MessagePattern('differences.post')
  giveUp(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'differences.post'>> {
    return this.door.answer(differencePost, request, ({ difference, ...given }) =>
      this.payClearing.giveUp({ ...given, difference: fromDigits(difference) }),
    );
  }
}

const view = ({ amount, ...entry }: BankEntry): BankEntryView => ({
  ...{ entryId: entry.entryId, account: entry.account, valueDay: entry.valueDay, amount: toDigits(amount) },
  ...{ ourRef: entry.ourRef, bankRef: entry.bankRef, counterparty: entry.counterparty, note: entry.note },
  ...{ state: entry.state, meaning: entry.meaning, provider: entry.provider, proposedBy: entry.proposedBy },
});
