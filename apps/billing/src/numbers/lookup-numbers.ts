import { Inject, Injectable } from '@nestjs/common';
import type { NumberAnswer, NumberStatus } from '@yidian/contracts';
import { Ledger } from '@yidian/ledger';
import { toDigits } from '@yidian/money';
import { CONFIG, type BillingConfig } from '../billing.config';
import type { Branch } from '../branches/branch.entity';
import { BranchesStore } from '../branches/branches.store';
import { shanghaiDate } from '../calendar';
import { cashAccount } from '../ledger/accounts';
import type { LifeState } from '../subscribers/life-cycle';
import { narrowedByState } from '../subscribers/payable';
import { SubscribersStore, type SubscriberRow } from '../subscribers/subscribers.store';
import { acceptedAmounts } from './accepted-amounts';
import { RoutesStore } from './routes.store';

@Injectable()
export class LookupNumbers {
  constructor(
    @Inject(CONFIG) private readonly config: BillingConfig,
    private readonly routes: RoutesStore,
    private readonly branches: BranchesStore,
    private readonly subscribers: SubscribersStore,
    private readonly ledger: Ledger,
  ) {}

  /** Who holds these numbers now. Where nobody does, routing may still know that another carrier serves the number. */
  async execute(items: readonly { msisdn: string }[]): Promise<NumberAnswer[]> {
    const msisdns = items.map((item) => item.msisdn);
    const [holders, branches] = await Promise.all([this.subscribers.holders(msisdns), this.branches.all()]);
    const byCode = new Map(branches.map((branch) => [branch.code, branch]));
    const found = new Map(holders.map((holder) => [holder.msisdn, holder]));
    const [balances, routes] = await Promise.all([
      this.ledger.balances(holders.map((holder) => cashAccount(holder.id))),
      this.routes.routes(
        msisdns.filter((msisdn) => !found.has(msisdn)),
        shanghaiDate(new Date()),
      ),
    ]);
    return msisdns.map((msisdn) => {
      const holder = found.get(msisdn);
      if (holder?.status === 'ported_out' || routes.get(msisdn) === null) return { msisdn, portedOut: true };
      const branch = holder && byCode.get(holder.branch);
      if (!holder || !branch) return { msisdn };
      return { msisdn, found: this.describe(holder, branch, balances.get(cashAccount(holder.id)) ?? 0n) };
    });
  }

  private describe(holder: SubscriberRow, branch: Branch, balance: bigint): NonNullable<NumberAnswer['found']> {
    const due = balance < 0n ? -balance : 0n;
    const { min, max, step } = narrowedByState(acceptedAmounts(branch, this.config.MODE), { ...holder, owed: due });
    return {
      subscriberId: holder.id,
      branch: { code: branch.code, nameZh: branch.nameZh, nameEn: branch.nameEn },
      status: shownStatus(holder.status),
      plan: holder.plan,
      owner: holder.owner,
      ownerVersion: holder.ownerVersion,
      balance: toDigits(balance),
      amountDue: holder.plan === 'postpaid' ? toDigits(due) : null,
      accepts: { min: toDigits(min), max: toDigits(max), step: toDigits(step) },
      maintenance: branch.status === 'maintenance',
    };
  }
}

/** A subscriber whose number is elsewhere holds none, so nobody finds it. */
function shownStatus(status: LifeState): NumberStatus {
  if (status === 'ported_out' || status === 'recycled') throw new Error(`a number that is ${status} was found`);
  return status;
}
