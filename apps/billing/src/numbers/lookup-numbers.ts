import { Injectable } from '@nestjs/common';
import type { NumberAnswer, NumberStatus } from '@yidian/contracts';
import { Ledger } from '@yidian/ledger';
import { toDigits } from '@yidian/money';
import { BillsStore } from '../bills/bills.store';
import { BranchNames } from '../branches/branch-names';
import { AskNumber } from '../bss/ask-number';
import type { NumberWord } from '../bss/wire/words';
import { shanghaiDate } from '../calendar';
import { bonusAccount, cashAccount } from '../ledger/accounts';
import { BillingTerms } from '../policies/billing-terms';
import { inBillingRun, inWindow, offersOf } from '../policies/terms';
import type { LifeState } from '../subscribers/life-cycle';
import { narrowedByState } from '../subscribers/payable';
import { SubscribersStore, type SeenHolder } from '../subscribers/subscribers.store';
import { acceptedAmounts } from './accepted-amounts';
import { RoutesStore } from './routes.store';

@Injectable()
export class LookupNumbers {
  constructor(
    private readonly routes: RoutesStore,
    private readonly names: BranchNames,
    private readonly subscribers: SubscribersStore,
    private readonly ledger: Ledger,
    private readonly bills: BillsStore,
    private readonly billing: BillingTerms,
    private readonly provinces: AskNumber,
  ) {}

  /** Who holds these numbers now. Where nobody does, routing may still know that another carrier serves the number. */
  async execute(items: readonly Asked[]): Promise<NumberAnswer[]> {
    const at = new Date();
    const held = await this.subscribers.seenHolders(items.map((item) => item.msisdn));
    // Most frames are brief and every number in them is held: then nothing else is asked, and nobody waited for.
    const isPlain = (item: Asked): boolean => {
      const holder = held.get(item.msisdn);
      return holder !== undefined && !item.live && !isWhole(item, holder);
    };
    const more = items.every(isPlain) ? NOTHING_MORE : await this.askMore(items, held, at);
    return items.map((item) => this.answer(item, held.get(item.msisdn), more, at));
  }

  private async askMore(items: readonly Asked[], held: Held, at: Date): Promise<More> {
    const whole = items.flatMap((item) => {
      const holder = held.get(item.msisdn);
      return holder && isWhole(item, holder) ? [holder] : [];
    });
    const unheld = items.flatMap(({ msisdn }) => (held.has(msisdn) ? [] : [msisdn]));
    const [words, balances, due, routes] = await Promise.all([
      this.askProvinces(items, held),
      this.ledger.balances(whole.flatMap(({ id }) => [cashAccount(id), bonusAccount(id)])),
      this.bills.due(whole.flatMap(({ id, plan }) => (plan === 'postpaid' ? [id] : []))),
      this.routes.routes(unheld, shanghaiDate(at)),
    ]);
    return { words, balances, due, routes };
  }

  private answer(item: Asked, holder: SeenHolder | undefined, more: More, at: Date): NumberAnswer {
    const { msisdn } = item;
    if (holder?.status === 'ported_out' || more.routes.get(msisdn) === null) return { msisdn, portedOut: true };
    if (!holder) return { msisdn };
    if (this.provinces.isRemote(holder.branch)) {
      const word = more.words.get(msisdn);
      return { msisdn, found: this.describe(asToldBy(word, holder), keptThere(word), at) };
    }
    if (!isWhole(item, holder)) return { msisdn, found: this.describe(holder, NOT_ASKED, at) };
    const money = {
      balance: more.balances.get(cashAccount(holder.id)) ?? 0n,
      bonus: more.balances.get(bonusAccount(holder.id)) ?? 0n,
      due: more.due.get(holder.id) ?? 0n,
    };
    return { msisdn, found: this.describe(holder, money, at) };
  }

  /** Whoever does not say in time is left out. */
  private async askProvinces(items: readonly Asked[], held: Held): Promise<Map<string, NumberWord>> {
    const words = await Promise.all(
      items.map(async ({ msisdn, live }) => {
        const branch = held.get(msisdn)?.branch ?? '';
        return live && this.provinces.isRemote(branch) ? this.provinces.execute(branch, msisdn) : null;
      }),
    );
    return new Map(items.flatMap(({ msisdn }, index) => (words[index] ? [[msisdn, words[index]]] : [])));
  }

  /** What every answer has in one object made whole; members are added only to the few that have more. */
  private describe(holder: SeenHolder, { balance, bonus, due, brief }: Money, at: Date): Found {
    const { status, suspendReason, plan } = holder;
    const { terms, mode } = this.billing.circumstances(holder.branch, at);
    const accepted = acceptedAmounts(terms.limits, mode);
    const owed = balance !== null && balance < 0n ? -balance : 0n;
    const { min, max, step } = narrowedByState(accepted, { status, suspendReason, owed });
    const postpaid = plan === 'postpaid';
    const running = postpaid && inBillingRun(terms, at);
    const queued = running && terms.billingRun?.credits === 'queue';
    const found: Found = {
      subscriberId: holder.id,
      branch: this.names.of(holder.branch),
      status: shownStatus(status),
      plan,
      owner: holder.owner,
      ownerVersion: holder.ownerVersion,
      balance: balance === null ? null : toDigits(balance),
      amountDue: postpaid && !running && due !== null ? toDigits(due) : null,
      accepts: { min: toDigits(min), max: toDigits(max), step: toDigits(step) },
      maintenance: holder.branchStatus === 'maintenance' || inWindow(terms, at) || queued,
    };
    if (status === 'suspended') found.suspendReason = suspendReason || 'loss';
    if (bonus > 0n) found.bonus = toDigits(bonus);
    if (brief) return found;
    const offers = offersOf(terms, accepted);
    if (offers.length > 0) found.offers = offers;
    return found;
  }
}

type Found = NonNullable<NumberAnswer['found']>;
type Held = ReadonlyMap<string, SeenHolder>;

/** What a frame needs beside the holders. */
interface More {
  words: ReadonlyMap<string, NumberWord>;
  /** By account. */
  balances: ReadonlyMap<string, bigint>;
  /** By subscriber. */
  due: ReadonlyMap<string, bigint>;
  /** Of numbers that nobody holds. */
  routes: ReadonlyMap<string, string | null>;
}

const NOTHING_MORE: More = { words: new Map(), balances: new Map(), due: new Map(), routes: new Map() };

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

/** While a number is being closed, what it owes limits what it takes. */
const isWhole = ({ brief }: Asked, { status }: SeenHolder): boolean => !brief || status === 'pre_closed';

const keptThere = (word: NumberWord | undefined): Money => ({ balance: word?.balance ?? null, bonus: 0n, due: null });

/** The province's word about the number's state is newer than ours; a number that it does not know is ours to explain. */
const asToldBy = (word: NumberWord | undefined, holder: SeenHolder): SeenHolder =>
  word && word.status !== 'unknown' ? { ...holder, status: word.status } : holder;

/** A subscriber whose number is elsewhere holds none, so nobody finds it. */
function shownStatus(status: LifeState): NumberStatus {
  if (status === 'ported_out' || status === 'recycled') throw new Error(`a number that is ${status} was found`);
  return status;
}
