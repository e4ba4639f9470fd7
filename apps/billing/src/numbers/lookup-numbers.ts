import { Inject, Injectable } from '@nestjs/common';
import type { NumberAnswer } from '@yidian/contracts';
import { Ledger } from '@yidian/ledger';
import { toDigits } from '@yidian/money';
import { CONFIG, type BillingConfig } from '../billing.config';
import type { Branch } from '../branches/branch.entity';
import { BranchesStore } from '../branches/branches.store';
import { shanghaiDate } from '../calendar';
import { cashAccount } from '../ledger/accounts';
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

  /** Who owns these numbers now: routing names the branch, the branch names the holder. */
  async execute(items: readonly { msisdn: string }[]): Promise<NumberAnswer[]> {
    const msisdns = items.map((item) => item.msisdn);
    const [homes, holders, branches] = await Promise.all([
      this.routes.homes(msisdns, shanghaiDate(new Date())),
      this.subscribers.holders(msisdns),
      this.branches.all(),
    ]);
    const byCode = new Map(branches.map((branch) => [branch.code, branch]));
    const found = new Map(
      holders.filter((holder) => homes.get(holder.msisdn) === holder.branch).map((holder) => [holder.msisdn, holder]),
    );
    const balances = await this.ledger.balances([...found.values()].map((holder) => cashAccount(holder.id)));
    return msisdns.map((msisdn) => {
      const holder = found.get(msisdn);
      const branch = holder && byCode.get(holder.branch);
      if (!holder || !branch) return { msisdn };
      return { msisdn, found: this.describe(holder, branch, balances.get(cashAccount(holder.id)) ?? 0n) };
    });
  }

  private describe(holder: SubscriberRow, branch: Branch, balance: bigint): NonNullable<NumberAnswer['found']> {
    const { min, max, step } = acceptedAmounts(branch, this.config.MODE);
    const due = balance < 0n ? -balance : 0n;
    return {
      subscriberId: holder.id,
      branch: { code: branch.code, nameZh: branch.nameZh, nameEn: branch.nameEn },
      status: holder.status,
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
