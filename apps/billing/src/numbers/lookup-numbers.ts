import { Injectable } from '@nestjs/common';
import type { NumberAnswer, NumberStatus } from '@yidian/contracts';
import { Ledger } from '@yidian/ledger';
import { toDigits } from '@yidian/money';
import { BillsStore } from '../bills/bills.store';
import type { Branch } from '../branches/branch.entity';
import { AskNumber } from '../bss/ask-number';
import type { NumberWord } from '../bss/wire/words';
import { BranchesStore } from '../branches/branches.store';
import { shanghaiDate } from '../calendar';
import { bonusAccount, cashAccount } from '../ledger/accounts';
import { BillingTerms } from '../policies/billing-terms';
import { inBillingRun, inWindow, offersOf } from '../policies/terms';
import type { LifeState } from '../subscribers/life-cycle';
import { narrowedByState } from '../subscribers/payable';
import { SubscribersStore, type SubscriberRow } from '../subscribers/subscribers.store';
import { acceptedAmounts } from './accepted-amounts';
import { RoutesStore } from './routes.store';

@Injectable()
export class LookupNumbers {
  constructor(
    private readonly routes: RoutesStore,
    private readonly branches: BranchesStore,
    private readonly subscribers: SubscribersStore,
    private readonly ledger: Ledger,
    private readonly bills: BillsStore,
    private readonly billing: BillingTerms,
    private readonly provinces: AskNumber,
  ) {}

  /** Who holds these numbers now. Where nobody does, routing may still know that another carrier serves the number. */
  async execute(items: readonly Asked[]): Promise<NumberAnswer[]> {
    const msisdns = items.map((item) => item.msisdn);
    const brief = new Set(items.flatMap((item) => (item.brief ? [item.msisdn] : [])));
    // While a number is being closed, what it owes limits what it takes.
    const isWhole = ({ msisdn, status }: SubscriberRow) => !brief.has(msisdn) || status === 'pre_closed';
    const at = new Date();
    const [holders, branches] = await Promise.all([this.subscribers.holders(msisdns), this.branches.all()]);
    const byCode = new Map(branches.map((branch) => [branch.code, branch]));
    const found = new Map(holders.map((holder) => [holder.msisdn, holder]));
    const [words, balances, due, routes] = await Promise.all([
      this.askProvinces(items, found),
      this.ledger.balances(holders.filter(isWhole).flatMap(({ id }) => [cashAccount(id), bonusAccount(id)])),
      this.bills.due(holders.filter((holder) => isWhole(holder) && holder.plan === 'postpaid').map(({ id }) => id)),
      this.routes.routes(
        msisdns.filter((msisdn) => !found.has(msisdn)),
        shanghaiDate(at),
      ),
    ]);
    return msisdns.map((msisdn) => {
      const holder = found.get(msisdn);
      if (holder?.status === 'ported_out' || routes.get(msisdn) === null) return { msisdn, portedOut: true };
      const branch = holder && byCode.get(holder.branch);
      if (!holder || !branch) return { msisdn };
      const word = words.get(msisdn);
      if (this.provinces.isRemote(branch.code))
        return { msisdn, found: this.describe(asToldBy(word, holder), branch, keptThere(word), at) };
      if (!isWhole(holder)) return { msisdn, found: this.describe(holder, branch, NOT_ASKED, at) };
      const money = {
        balance: balances.get(cashAccount(holder.id)) ?? 0n,
        bonus: balances.get(bonusAccount(holder.id)) ?? 0n,
        due: due.get(holder.id) ?? 0n,
      };
      return { msisdn, found: this.describe(holder, branch, money, at) };
    });
  }

  /** Whoever does not say in time is left out. */
  private async askProvinces(
    items: readonly Asked[],
    found: ReadonlyMap<string, SubscriberRow>,
  ): Promise<Map<string, NumberWord>> {
    const words = await Promise.all(
      items.map(async ({ msisdn, live }) => {
        const branch = found.get(msisdn)?.branch ?? '';
        return live && this.provinces.isRemote(branch) ? this.provinces.execute(branch, msisdn) : null;
      }),
    );
    return new Map(items.flatMap(({ msisdn }, index) => (words[index] ? [[msisdn, words[index]]] : [])));
  }

  private describe(
    holder: SubscriberRow,
    branch: Branch,
    { balance, bonus, due, brief }: Money,
    at: Date,
  ): NonNullable<NumberAnswer['found']> {
    const { terms, mode } = this.billing.circumstances(branch.code, at);
    const accepted = acceptedAmounts(terms.limits, mode);
    const { min, max, step } = narrowedByState(accepted, {
      ...holder,
      owed: balance !== null && balance < 0n ? -balance : 0n,
    });
    const offers = brief ? [] : offersOf(terms, accepted);
    const postpaid = holder.plan === 'postpaid';
    const running = postpaid && inBillingRun(terms, at);
    const queued = running && terms.billingRun?.credits === 'queue';
    return {
      subscriberId: holder.id,
      branch: { code: branch.code, nameZh: branch.nameZh, nameEn: branch.nameEn },
      status: shownStatus(holder.status),
      ...(holder.status === 'suspended' ? { suspendReason: holder.suspendReason || 'loss' } : {}),
      plan: holder.plan,
      owner: holder.owner,
      ownerVersion: holder.ownerVersion,
      balance: balance === null ? null : toDigits(balance),
      ...(bonus > 0n ? { bonus: toDigits(bonus) } : {}),
      amountDue: postpaid && !running && due !== null ? toDigits(due) : null,
      accepts: { min: toDigits(min), max: toDigits(max), step: toDigits(step) },
      maintenance: branch.status === 'maintenance' || inWindow(terms, at) || queued,
      ...(offers.length > 0 ? { offers } : {}),
    };
  }
}

/** Minor units; null: not asked for, or its province keeps it and did not say. */
interface Money {
  balance: bigint | null;
  bonus: bigint;
  due: bigint | null;
  brief?: true;
}

const NOT_ASKED: Money = { balance: null, bonus: 0n, due: null, brief: true };

interface Asked {
  msisdn: string;
  live?: boolean | undefined;
  brief?: boolean | undefined;
}

const keptThere = (word: NumberWord | undefined): Money => ({ balance: word?.balance ?? null, bonus: 0n, due: null });

/** The province's word about the number's state is newer than ours; a number that it does not know is ours to explain. */
const asToldBy = (word: NumberWord | undefined, holder: SubscriberRow): SubscriberRow =>
  word && word.status !== 'unknown' ? { ...holder, status: word.status } : holder;

/** A subscriber whose number is elsewhere holds none, so nobody finds it. */
function shownStatus(status: LifeState): NumberStatus {
  if (status === 'ported_out' || status === 'recycled') throw new Error(`a number that is ${status} was found`);
  return status;
}
