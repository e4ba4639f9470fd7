import type { AccountOpening, TransferInput } from './posting';
import type { AccountChange, AccountCreation, AccountRow, PartChange } from './ledger.store';

/**
 * Running balances of one batch, in arrival order. A posting stands or falls as a whole: it is judged by where each account
 * ends after all its transfers. Only forced transfers may take a balance past its limit.
 */
interface Standing extends AccountRow {
  kind: string;
  /** Balance before this batch. */
  start: bigint;
  isNew: boolean;
  decided: boolean;
}

export interface Candidate {
  /** The accounts with a limit among its transfers; all others are shared. */
  limited: readonly string[];
  currency: string;
  transfers: readonly TransferInput[];
  opens: readonly AccountOpening[];
}

export class Judge {
  private readonly accounts = new Map<string, Standing>();
  private readonly parts = new Map<string, PartChange>();

  constructor(rows: readonly AccountRow[]) {
    for (const row of rows)
      this.accounts.set(row.id, { ...row, kind: '', start: row.balance, isNew: false, decided: false });
  }

  /** @returns the reason of a rejection, or undefined when the posting is accepted and its balances have moved */
  decide(item: Omit<Candidate, 'transfers'>, transfers: readonly TransferInput[]): string | undefined {
    const { limited, currency, opens } = item;
    const candidate: Candidate = { limited, currency, opens, transfers };
    const touched = this.touched(candidate);
    for (const account of touched.values()) account.decided = !account.isNew || account.decided;
    if (touched.size < candidate.limited.length) return 'account_unknown';
    const ends = new Map([...touched.keys()].map((id) => [id, this.endOf(id, touched, candidate)]));
    for (const [id, end] of ends) {
      const account = touched.get(id) as Standing;
      if (account.currency !== candidate.currency) return 'currency_mismatch';
      const reason = refusal(account, end, candidate.transfers);
      if (reason !== undefined) return reason;
    }
    for (const [id, end] of ends) this.move(touched.get(id) as Standing, end);
    this.addShared(candidate);
    return undefined;
  }

  /** As it stands now, after whatever came before it in the batch; an account that is not there yet has 0. */
  balanceOf(id: string): bigint {
    return this.accounts.get(id)?.balance ?? 0n;
  }

  /** Balances as they stand now. */
  balances(ids: readonly string[]): Record<string, string> {
    const entries = ids.flatMap((id) => {
      const account = this.accounts.get(id);
      return account ? [[id, String(account.balance)] as const] : [];
    });
    return Object.fromEntries(entries);
  }

  changes(): AccountChange[] {
    return [...this.accounts.values()]
      .filter((account) => account.decided && !account.isNew)
      .map(({ id, balance, start, slack }) => ({ id, delta: balance - start, slack }));
  }

  creations(): AccountCreation[] {
    return [...this.accounts.values()].filter((account) => account.isNew);
  }

  shared(): PartChange[] {
    return [...this.parts.values()];
  }

  /** A new account becomes one of the batch only if its posting is accepted. */
  private touched({ limited, opens, currency }: Candidate): Map<string, Standing> {
    const touched = new Map<string, Standing>();
    for (const id of limited) {
      const opening = opens.find((one) => one.id === id);
      const account = this.accounts.get(id) ?? (opening && standingOf(opening, currency));
      if (account) touched.set(id, account);
    }
    return touched;
  }

  private endOf(id: string, touched: ReadonlyMap<string, Standing>, { transfers }: Candidate): bigint {
    return transfers.reduce(
      (end, leg) => end + (leg.credit === id ? leg.amount : 0n) - (leg.debit === id ? leg.amount : 0n),
      touched.get(id)?.balance ?? 0n,
    );
  }

  private move(account: Standing, end: bigint): void {
    account.balance = end;
    account.slack = largest(0n, account.floor - end, end - account.ceiling);
    account.decided = true;
    this.accounts.set(account.id, account);
  }

  private addShared({ limited, transfers, currency }: Candidate): void {
    for (const leg of transfers)
      for (const [id, delta] of [
        [leg.debit, -leg.amount],
        [leg.credit, leg.amount],
      ] as const) {
        if (limited.includes(id)) continue;
        const name = `${id} ${currency}`;
        const part = this.parts.get(name) ?? { id, currency, delta: 0n };
        this.parts.set(name, { ...part, delta: part.delta + delta });
      }
  }
}

/** A move towards the limits is always welcome: arrears may be paid in parts. */
function refusal(account: Standing, end: bigint, transfers: readonly TransferInput[]): string | undefined {
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

function standingOf(opening: AccountOpening, currency: string): Standing {
  return { ...opening, currency, balance: 0n, start: 0n, slack: 0n, isNew: true, decided: false };
}

function largest(...values: bigint[]): bigint {
  return values.reduce((most, value) => (value > most ? value : most));
}
