/**
 * Credits of branches with a billing system of their own. The intent is stored and pending in the ledger before anybody is
 * answered; who asks hears `pending` at once, and `credited` only when the province has said so and it is booked. No tombstone
 * can be left at a province: giving up waits for its word, or for the time after which its silence is one.
 */
import { Injectable } from '@nestjs/common';
import { GroupCommit } from '@yidian/batching';
import type { TopupAnswer } from '@yidian/contracts';
import { Ledger, type PostingAnswer } from '@yidian/ledger';
import { fromDigits, toDigits } from '@yidian/money';
import { topupAnswer } from '../../topups/topup.answers';
import { paymentKey } from '../../topups/topup.posting';
import { Adapters } from '../adapters';
import { PartiesStore } from '../parties.store';
import { AdvanceOrder } from './advance-order';
import { difference } from './credit.posting';
import { creditOf, type CreditContent, type NewOrder, type OrderRow } from './order';
import { OrdersJob } from './orders.job';
import { OrdersStore } from './orders.store';
import { OTHER_POSTING, PledgeOrder } from './pledge-order';
import { Waiting } from './waiting';

/** The order is ours until then; a crash in between leaves it to whoever looks next. */
const INTAKE_MS = 2_000;
const MOST_WAIT_MS = 2_000;

@Injectable()
export class RemoteCredits {
  private readonly intake = new GroupCommit<CreditContent, OrderRow | undefined>({ run: (items) => this.store(items) });

  constructor(
    private readonly adapters: Adapters,
    private readonly orders: OrdersStore,
    private readonly parties: PartiesStore,
    private readonly pledge: PledgeOrder,
    private readonly advance: AdvanceOrder,
    private readonly job: OrdersJob,
    private readonly waiting: Waiting,
    private readonly ledger: Ledger,
  ) {}

  /** @throws Busy, Expired: surely not stored; anything else: not known */
  async request(item: CreditContent, ttlMs: number): Promise<TopupAnswer> {
    const row = await this.intake.submit(item, ttlMs);
    if (!row) return { key: item.key, outcome: 'rejected', reason: 'number_unknown', replay: false };
    if (row.state === 'requested') this.job.kick(row.branch);
    return (await this.answerTo(item, row)) ?? { key: item.key, outcome: 'unknown', replay: false };
  }

  /** The same key again, by whatever way it comes; undefined: it was never asked of a province. */
  async replay(item: CreditContent): Promise<TopupAnswer | undefined> {
    const row = await this.orders.get('credit', item.key);
    return row && this.answerTo(item, row);
  }

  /** New credits of this branch go to its own system. */
  serves(branch: string): boolean {
    return this.adapters.isRemote(branch);
  }

  /** Of those that were ever asked of a province; left out: its credit, if any, is in our own ledger. */
  async answers(paymentNos: readonly string[]): Promise<Map<string, TopupAnswer>> {
    const rows = await this.orders.find('credit', paymentNos);
    const answers = await this.answersOf([...rows.values()]);
    return new Map(answers.flatMap((answer) => (answer ? [[answer.key, answer]] : [])));
  }

  /** Waits a moment for the end of one that is on its way, and sees to it that it is. */
  async awaited(paymentNo: string, waitMs: number): Promise<void> {
    const row = waitMs > 0 ? await this.orders.get('credit', paymentNo) : undefined;
    if (!row || row.booked) return;
    const ended = this.waiting.until('credit', paymentNo, Math.min(waitMs, MOST_WAIT_MS));
    this.job.kick(row.branch);
    await ended;
  }

  /** The credit of this payment at its province; undefined: none was asked of one. */
  async order(paymentNo: string): Promise<OrderRow | undefined> {
    const row = await this.orders.get('credit', paymentNo);
    return row?.reason === OTHER_POSTING ? undefined : row;
  }

  /** Not carried out is welcome from now on. What was never sent never will be; the rest keeps its ladder. */
  async giveUp(paymentNo: string): Promise<TopupAnswer | undefined> {
    const row = await this.order(paymentNo);
    if (!row) return undefined;
    const now = new Date();
    await this.orders.giveUp(row, now);
    if (row.state === 'requested') await this.advance.execute({ ...row, wanted: 'give_up' }, now);
    else if (row.state === 'unknown' && row.dueAt === null) await this.orders.hurry('credit', paymentNo, now);
    this.job.kick(row.branch);
    return (await this.answers([paymentNo])).get(paymentNo);
  }

  private async answerTo(item: CreditContent, row: OrderRow): Promise<TopupAnswer | undefined> {
    const other = difference(creditOf(row), item);
    if (other !== undefined) return { key: item.key, outcome: 'conflict', reason: other, replay: true };
    const [answer] = await this.answersOf([row]);
    return answer;
  }

  /** One batch: the intents in one statement, their pledges in one commit of the ledger. */
  private async store(items: readonly CreditContent[]): Promise<(OrderRow | undefined)[]> {
    const now = new Date();
    const parties = await this.parties.find(items.map((item) => item.subscriberId));
    const fresh = items.flatMap((item): NewOrder[] => {
      const party = parties.get(item.subscriberId);
      return party ? [orderOf(item, party)] : [];
    });
    if (fresh.length === 0) return items.map(() => undefined);
    await this.orders.insert(fresh, new Date(now.getTime() + INTAKE_MS), now);
    const keys = items.map((item) => item.key);
    const stored = await this.orders.find('credit', keys);
    // What the ledger refused has ended meanwhile.
    const rows = (await this.pledgeAll([...stored.values()], now)) ? stored : await this.orders.find('credit', keys);
    return keys.map((key) => rows.get(key));
  }

  /** What cannot be pledged now is pledged before it is sent. @returns whether all are */
  private async pledgeAll(rows: readonly OrderRow[], now: Date): Promise<boolean> {
    const open = rows.filter((row) => row.state === 'requested' && !row.pledged);
    const pledged = await Promise.all(open.map((row) => this.pledge.execute(row, now).catch(() => false)));
    await this.orders.pledged(
      'credit',
      open.filter((_, index) => pledged[index]).map((row) => row.refNo),
      now,
    );
    return pledged.every(Boolean);
  }

  private async answersOf(rows: readonly OrderRow[]): Promise<(TopupAnswer | undefined)[]> {
    const ended = rows.filter((row) => row.state === 'given_up');
    const stored = await this.ledger.find(ended.map((row) => paymentKey(row.paymentNo)));
    const postings = new Map(ended.map((row, index) => [row.refNo, stored[index] ?? null]));
    return rows.map((row) => answerOf(row, postings.get(row.refNo) ?? null));
  }
}

function orderOf(item: CreditContent, party: { msisdn: string; owner: string }): NewOrder {
  return {
    refNo: item.key,
    kind: 'credit',
    branch: item.branch,
    paymentNo: item.key,
    msisdn: party.msisdn,
    owner: party.owner,
    amount: fromDigits(item.face),
    currency: item.currency,
    content: JSON.stringify(item),
  };
}

/** Decided but not booked is still pending: nobody hears of an end that our own books do not show. */
function answerOf(row: OrderRow, posting: PostingAnswer | null): TopupAnswer | undefined {
  const head = { key: row.paymentNo, replay: true };
  if (row.reason === OTHER_POSTING) return undefined;
  if (!row.booked) return { ...head, outcome: 'pending' };
  if (row.state === 'refused')
    return { ...head, outcome: 'rejected', reason: row.reason, at: row.updatedAt.toISOString() };
  // Ended by the ledger before anything was sent: what stands there is the answer.
  if (row.state === 'given_up')
    return posting?.outcome === 'rejected' ? topupAnswer(row.paymentNo, posting) : { ...head, outcome: 'voided' };
  const balance = row.balanceAfter === null ? {} : { balanceAfter: toDigits(row.balanceAfter) };
  return { ...head, outcome: 'credited', ...balance, at: row.updatedAt.toISOString() };
}
