import type { AccountBalance, AccountOpening, AccountStatus, TransferInput } from './posting';
import type { AccountChange, AccountCreation, AccountRow, PartChange } from './ledger.store';

/**
 * Running balances of one batch, in arrival order. A posting stands or falls as a whole: it is judged by where each account
 * ends after all its transfers. Only forced transfers may take a balance past its limit.
 */
interface Standing extends AccountRow {
  kind: string;
  /** Balance and slack before this batch. */
  start: bigint;
  startSlack: bigint;
  startStatus: AccountStatus;
  isNew: boolean;
  decided: boolean;
}

export interface Candidate {
  /** The accounts with a limit among its transfers; all others are shared. */
  limited: readonly string[];
  currency: string;
  opens: readonly AccountOpening[];
}

export interface Rehearsal {
  reason: string | undefined;
  balances: AccountBalance[];
}

export class Judge {
  private readonly accounts = new Map<string, Standing>();
  /** By currency, then by account. */
  private readonly parts = new Map<string, Map<string, PartChange>>();

  constructor(rows: readonly AccountRow[]) {
    for (const row of rows) this.accounts.set(row.id, standingOfRow(row));
  }

  /** @returns the reason of a rejection, or undefined when the posting is accepted and its balances have moved */
  decide(candidate: Candidate, transfers: readonly TransferInput[]): string | undefined {
    const touched = this.touched(candidate);
    for (const account of touched) account.decided ||= !account.isNew;
    const verdict = weigh(candidate, touched, transfers);
    if (verdict.reason !== undefined) return verdict.reason;
    for (let at = 0; at < touched.length; at++) this.move(touched[at] as Standing, verdict.ends[at] as bigint);
    this.addShared(candidate, transfers);
    return undefined;
  }

  /** What `decide` would say and come to; nothing moves and nothing counts as decided. */
  rehearse(candidate: Candidate, transfers: readonly TransferInput[]): Rehearsal {
    const touched = this.touched(candidate);
    const { reason, ends } = weigh(candidate, touched, transfers);
    const balances: AccountBalance[] = [];
    touched.forEach(({ id, isNew, balance }, at) => {
      if (reason === undefined || !isNew) balances.push({ account: id, balance: ends[at] ?? balance });
    });
    return { reason, balances };
  }

  /** Only after `decide` has accepted a posting that names the account. */
  setStatus(id: string, status: AccountStatus): void {
    const account = this.accounts.get(id);
    if (account) account.status = status;
  }

  /** As it stands now, after whatever came before it in the batch; an account that is not there yet has 0. */
  balanceOf(id: string): bigint {
    return this.accounts.get(id)?.balance ?? 0n;
  }

  /** Balances as they stand now. */
  balances(ids: readonly string[]): AccountBalance[] {
    const balances: AccountBalance[] = [];
    for (const id of ids) {
      const account = this.accounts.get(id);
      if (account) balances.push({ account: id, balance: account.balance });
    }
    return balances;
  }

  changes(): AccountChange[] {
    const changes: AccountChange[] = [];
    for (const { id, balance, start, slack, startSlack, status, startStatus, decided, isNew } of this.accounts.values())
      if (decided && !isNew)
        changes.push({
          id,
          delta: balance - start,
          slack: slack === startSlack ? undefined : slack,
          status: status === startStatus ? undefined : status,
        });
    return changes;
  }

  creations(): AccountCreation[] {
    return [...this.accounts.values()].filter((account) => account.isNew);
  }

  shared(): PartChange[] {
    return [...this.parts.values()].flatMap((parts) => [...parts.values()]);
  }

  /** A new account becomes one of the batch only if its posting is accepted. */
  private touched({ limited, opens, currency }: Candidate): Standing[] {
    const touched: Standing[] = [];
    for (const id of limited) {
      const known = this.accounts.get(id);
      const opening = known ? undefined : opens.find((one) => one.id === id);
      if (known) touched.push(known);
      else if (opening) touched.push(standingOf(opening, currency));
    }
    return touched;
  }

  private move(account: Standing, end: bigint): void {
    account.balance = end;
    account.slack = slackOf(account, end);
    account.decided = true;
    if (account.isNew) this.accounts.set(account.id, account);
  }

  private addShared({ limited, currency }: Candidate, transfers: readonly TransferInput[]): void {
    for (const { debit, credit, amount } of transfers) {
      if (!limited.includes(debit)) this.addPart(debit, currency, -amount);
      if (!limited.includes(credit)) this.addPart(credit, currency, amount);
    }
  }

  private addPart(id: string, currency: string, delta: bigint): void {
    let parts = this.parts.get(currency);
    if (!parts) this.parts.set(currency, (parts = new Map<string, PartChange>()));
    const part = parts.get(id);
    if (part) part.delta += delta;
    else parts.set(id, { id, currency, delta });
  }
}

/** @returns where each account would end; a reason when the posting must not be */
function weigh(
  { limited, currency }: Candidate,
  touched: readonly Standing[],
  transfers: readonly TransferInput[],
): { reason: string | undefined; ends: readonly bigint[] } {
  if (touched.length < limited.length) return { reason: 'account_unknown', ends: [] };
  const ends: bigint[] = [];
  for (const account of touched) {
    const end = endOf(account, transfers);
    const reason = account.currency === currency ? refusal(account, end, transfers) : 'currency_mismatch';
    if (reason !== undefined) return { reason, ends: [] };
    ends.push(end);
  }
  return { reason: undefined, ends };
}

function endOf({ id, balance }: Standing, transfers: readonly TransferInput[]): bigint {
  let end = balance;
  for (const { debit, credit, amount } of transfers) {
    if (credit === id) end += amount;
    if (debit === id) end -= amount;
  }
  return end;
}

/** How far the balance lies past its limits. */
function slackOf({ floor, ceiling }: Standing, balance: bigint): bigint {
  if (balance < floor) return floor - balance;
  return balance > ceiling ? balance - ceiling : 0n;
}

/** A move towards the limits is always welcome: arrears may be paid in parts. */
function refusal(account: Standing, end: bigint, transfers: readonly TransferInput[]): string | undefined {
  if (account.status !== 'open' && transfers.some((leg) => isBarred(account, leg))) return `account_${account.status}`;
  if (end < account.floor && end < account.balance) {
    const leg = transfers.find((one) => one.debit === account.id && !one.forced);
    if (leg) return leg.onFloor ?? 'below_floor';
  }
  if (end > account.ceiling && end > account.balance) {
    const leg = transfers.find((one) => one.credit === account.id && !one.forced);
    if (leg) return leg.onCeiling ?? 'above_ceiling';
  }
  return undefined;
}

const isBarred = ({ id, status }: Standing, { debit, credit, forced }: TransferInput): boolean =>
  !forced && (debit === id || (credit === id && status === 'closed'));

/** Both kinds with the same members in one order: then the engine knows one kind of them, and reads it everywhere alike. */
const standingOfRow = ({ id, currency, floor, ceiling, balance, slack, status }: AccountRow): Standing => ({
  id,
  kind: '',
  currency,
  floor,
  ceiling,
  balance,
  slack,
  status,
  start: balance,
  startSlack: slack,
  startStatus: status,
  isNew: false,
  decided: false,
});

const standingOf = ({ id, kind, floor, ceiling }: AccountOpening, currency: string): Standing => ({
  id,
  kind,
  currency,
  floor,
  ceiling,
  balance: 0n,
  slack: 0n,
  status: 'open',
  start: 0n,
  startSlack: 0n,
  startStatus: 'open',
  isNew: true,
  decided: false,
});
