import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

import { numberOfReference, orderOf, type Order } from './orders';
import type { RegisteredSubscriber } from './subscribers';
import { balancesOf, creditsOf, paymentsOfRun } from './tables.store';

/**
 * Promise: nothing of the platform is believed. What was acknowledged comes from the generator's journal, what was asked is
 * computed again, what was done is read from the tables of both services; the three must say the same, fen by fen.
 */
export interface RunVerdict {
  acknowledged: number;
  payments: number;
  credits: number;
  /** Acknowledged, and not exactly one completed payment with exactly one credit of its amount to its number. */
  lost: number;
  /** A reference with two payments, a payment with two credits, a credit without a payment. */
  doubled: number;
  /** Accounts whose balance is not the opening balance and the completed payments. */
  balancesOff: number;
  /** Payments without a final state. */
  notFinal: number;
  /** The first troubles, one line each. */
  troubles: string[];
}

export interface RunToCheck {
  run: string;
  journal: string;
  subscribers: readonly RegisteredSubscriber[];
  gatewaySchema: string;
  billingSchema: string;
}

export async function checkRun(toCheck: RunToCheck): Promise<RunVerdict> {
  const acknowledged = await readJournal(toCheck);
  const check = new Check(toCheck, acknowledged);
  for await (const payment of paymentsOfRun(toCheck.gatewaySchema, toCheck.run)) check.payment(payment);
  for await (const credit of creditsOf(toCheck.billingSchema)) check.credit(credit);
  check.compare();
  for await (const { account, balance } of balancesOf(toCheck.billingSchema)) check.balance(account, balance);
  return check.verdict();
}

export const isClean = (verdict: RunVerdict): boolean =>
  verdict.lost === 0 && verdict.doubled === 0 && verdict.balancesOff === 0 && verdict.notFinal === 0;

/** Running number → payment number. */
async function readJournal({ journal, run }: RunToCheck): Promise<Map<number, string>> {
  const acknowledged = new Map<number, string>();
  for await (const line of createInterface({ input: createReadStream(journal) })) {
    const [reference = '', paymentNumber = ''] = line.split('\t');
    const n = numberOfReference(run, reference);
    if (n === undefined || paymentNumber.length !== 20)
      throw new Error(`the journal holds a line that is none: ${line}`);
    acknowledged.set(n, paymentNumber);
  }
  return acknowledged;
}

interface Known {
  n: number;
  order: Order;
  completed: boolean;
  credits: number;
  creditedRight: boolean;
}

const MOST_TROUBLES = 10;

/** Where billing keeps a subscriber's money, as its documentation says. */
const cashAccount = (subscriberId: string): string => `subscriber/${subscriberId}/cash`;

class Check {
  private readonly byNumber = new Map<string, Known>();
  private readonly references = new Set<number>();
  private readonly expected: bigint[];
  private readonly accounts: Map<string, number>;
  private credits = 0;
  private readonly lost = new Set<number>();
  private doubled = 0;
  private balancesOff = 0;
  private notFinal = 0;
  private readonly troubles: string[] = [];

  constructor(
    private readonly of: RunToCheck,
    private readonly acknowledged: Map<number, string>,
  ) {
    this.expected = of.subscribers.map(({ opening }) => BigInt(opening));
    this.accounts = new Map(of.subscribers.map(({ id }, index) => [cashAccount(id), index]));
  }

  payment(row: {
    paymentNumber: string;
    reference: string;
    state: string;
    amount: bigint;
    subscriberId: string;
  }): void {
    const n = numberOfReference(this.of.run, row.reference);
    if (n === undefined) return;
    const order = orderOf(this.of.run, this.of.subscribers.length, n);
    if (this.references.has(n)) this.note('doubled', `${row.reference}: two payments`);
    this.references.add(n);
    const wanted = this.of.subscribers[order.subscriber];
    const right = row.amount === BigInt(order.amount) && row.subscriberId === wanted?.id;
    const completed = row.state === 'completed' && right;
    if (completed) this.expected[order.subscriber] = (this.expected[order.subscriber] ?? 0n) + row.amount;
    if (row.state === 'paid' || row.state === 'created') this.note('notFinal', `${row.reference}: still ${row.state}`);
    if (!right) this.noteLost(n, `${row.reference}: another amount or number than was asked`);
    this.byNumber.set(row.paymentNumber, { n, order, completed, credits: 0, creditedRight: false });
  }

  credit({ paymentNumber, account, amount }: { paymentNumber: string; account: string; amount: bigint }): void {
    this.credits += 1;
    const known = this.byNumber.get(paymentNumber);
    if (!known) return this.note('doubled', `${paymentNumber}: a credit without a payment`);
    known.credits += 1;
    if (known.credits > 1) return this.note('doubled', `${paymentNumber}: credited ${known.credits} times`);
    const place = this.accounts.get(account);
    known.creditedRight = place === known.order.subscriber && amount === BigInt(known.order.amount);
  }

  compare(): void {
    for (const [n, paymentNumber] of this.acknowledged) {
      const known = this.byNumber.get(paymentNumber);
      if (known?.n !== n) this.noteLost(n, `${this.of.run}-${n}: acknowledged as ${paymentNumber}, which is not there`);
      else if (!known.completed) this.noteLost(n, `${paymentNumber}: acknowledged, and not completed`);
      else if (!known.creditedRight) this.noteLost(n, `${paymentNumber}: acknowledged, and not credited as asked`);
    }
    for (const [paymentNumber, { n, completed, credits }] of this.byNumber)
      if (completed !== credits > 0)
        this.noteLost(n, `${paymentNumber}: ${completed ? '' : 'not '}completed, with ${credits} credits`);
  }

  balance(account: string, balance: bigint): void {
    const place = this.accounts.get(account);
    if (place === undefined) return;
    const wanted = this.expected[place] ?? 0n;
    if (balance !== wanted) this.note('balancesOff', `${account}: ${balance} fen, should be ${wanted}`);
    this.accounts.delete(account);
  }

  verdict(): RunVerdict {
    for (const account of this.accounts.keys()) this.note('balancesOff', `${account}: not there`);
    const { credits, doubled, balancesOff, notFinal, troubles } = this;
    const counted = { acknowledged: this.acknowledged.size, payments: this.byNumber.size, credits };
    return { ...counted, lost: this.lost.size, doubled, balancesOff, notFinal, troubles };
  }

  private noteLost(n: number, trouble: string): void {
    this.lost.add(n);
    this.tell(trouble);
  }

  private note(kind: 'doubled' | 'balancesOff' | 'notFinal', trouble: string): void {
    this[kind] += 1;
    this.tell(trouble);
  }

  private tell(trouble: string): void {
    if (this.troubles.length < MOST_TROUBLES) this.troubles.push(trouble);
  }
}
