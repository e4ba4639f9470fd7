import type { FactInput, LaneBody, LaneTx, Statement } from '@yidian/journal';
import type { Row } from '@yidian/database';
import { answerWith, nameOf, replay } from './answers';
import { canonicalHash } from './canonical';
import { Judge } from './judge';
import {
  addParts,
  deleteDue,
  insertAccounts,
  insertDue,
  insertPostings,
  insertTransfers,
  lockAccounts,
  lookUpKeys,
  updateAccounts,
  type AccountRow,
  type PostingRow,
  type TransferRow,
} from './ledger.store';
import { storedText } from './notes';
import { EMPTY_DESK, type Decision, type Desk, type Plan, type Rider } from './plan';
import type {
  AccountOpening,
  AccountStatus,
  ExpiredHold,
  FactsOf,
  Notes,
  Outcome,
  PostingAnswer,
  PostingKey,
  TransferInput,
} from './posting';

/**
 * The one door through which value changes. A key is decided once: posted, rejected or given up; whoever comes with it
 * again gets the stored answer, or a conflict naming the first differing field. All of a batch commits together or not.
 */
export interface DoorRequest extends PostingKey {
  /** Day and key as one text. */
  name: string;
  actor: string;
  /** Canonical fields as one text; undefined: a tombstone, which compares the key only. */
  input: string | undefined;
  transfers: readonly TransferInput[];
  /** The accounts with a limit among the transfers' ends: locked and judged. */
  limited: readonly string[];
  opens: readonly AccountOpening[];
  reject: string | undefined;
  notes: Notes | undefined;
  plan: Plan | undefined;
  currency: string;
  facts: FactsOf | undefined;
  /** What else is written when it is posted. */
  effects: Effects | undefined;
  dryRun: boolean;
  /** It was in a batch before, which failed: its key is looked for, nothing is taken for granted. */
  tried: boolean;
}

export interface Effects {
  status?: { account: string; status: AccountStatus };
  /** The posting is a hold that is over then. */
  due?: Date;
  /** The posting ends this hold. */
  ended?: ExpiredHold;
}

const NO_HASH = '0'.repeat(64);

/**
 * A key is nearly always new, and the primary key says so when it is not; then the whole batch is run again. Callers who repeat
 * themselves do so together: from then on that many batches look first.
 */
const LOOKING = 256;

export class Door implements LaneBody<DoorRequest, PostingAnswer> {
  private looking = 0;

  constructor(private readonly rider?: Rider) {}

  /** Accounts first, keys second: who waited for an account sees the other's key in the next statement's snapshot. */
  reads(items: readonly DoorRequest[]): Statement[] {
    const reads = [...lockAccounts(accountsOf(items)), ...lookUpKeys(this.doubted(items))];
    for (const item of items) item.tried = true;
    return [...reads, ...this.rideReads(ridesOf(items))];
  }

  /** Whose keys are looked for: a plan decides by what it finds, and a rehearsal writes no row that could tell. */
  private doubted(items: readonly DoorRequest[]): readonly DoorRequest[] {
    if (this.looking === 0) return items.filter((item) => item.plan || item.dryRun || item.tried);
    this.looking--;
    return items;
  }

  apply(tx: LaneTx, items: readonly DoorRequest[], reads: readonly Row[][]): Promise<PostingAnswer[]> {
    const accounts: AccountRow[] = [];
    const stored: PostingRow[] = [];
    const names = ridesOf(items);
    const own = reads.length - this.rideReads(names).length;
    for (const rows of reads.slice(0, own)) {
      if (rows[0] && 'key_day' in rows[0]) stored.push(...(rows as PostingRow[]));
      else accounts.push(...(rows as AccountRow[]));
    }
    tx.foundStored(stored.length + accounts.length);
    if (stored.length > 0) this.looking = LOOKING;
    const desk = names.length > 0 && this.rider ? this.rider.desk(names, reads.slice(own)) : EMPTY_DESK;
    const batch = new DoorBatch(tx, new Judge(accounts), desk, stored);
    const answers = items.map((item) => batch.answer(item));
    batch.write();
    desk.write(tx);
    return Promise.resolve(answers);
  }

  /** In the same packet, after the locks: only a batch in which something rides reads more, and none waits for it. */
  private rideReads(names: readonly string[]): Statement[] {
    if (names.length === 0) return [];
    if (!this.rider) throw new Error('this ledger carries no rows beside its postings');
    return this.rider.reads(names);
  }

  sizeOf(item: DoorRequest): number {
    return 400 + (item.input?.length ?? 0) + (item.plan ? 8 : item.transfers.length) * 300;
  }
}

function accountsOf(items: readonly DoorRequest[]): string[] {
  const ids = new Set<string>();
  for (const { limited } of items) for (const id of limited) ids.add(id);
  return [...ids].sort();
}

function ridesOf(items: readonly DoorRequest[]): string[] {
  const names = new Set<string>();
  for (const { plan } of items) for (const name of plan?.rides ?? []) names.add(name);
  return [...names];
}

class DoorBatch {
  private readonly known: Map<string, PostingRow>;
  private readonly postings: PostingRow[] = [];
  private readonly transfers: TransferRow[] = [];
  private readonly facts: FactInput[] = [];
  private readonly due: ExpiredHold[] = [];
  private readonly ended: ExpiredHold[] = [];

  constructor(
    private readonly tx: LaneTx,
    private readonly judge: Judge,
    private readonly desk: Desk,
    stored: readonly PostingRow[],
  ) {
    this.known = new Map(stored.map((row) => [nameOf(row.key_day, row.k), row]));
  }

  answer(item: DoorRequest): PostingAnswer {
    const earlier = this.known.get(item.name);
    if (earlier) return replay(earlier, item);
    if (item.input === undefined) return this.store(item, 'voided', '');
    const decision: Decision = item.plan ? item.plan.decide((id) => this.judge.balanceOf(id), this.desk) : item;
    if (item.dryRun) return this.rehearse(item, decision);
    const reason = decision.reject ?? this.judge.decide(item, decision.transfers);
    if (reason !== undefined) return this.store(item, 'rejected', reason);
    const answer = this.store(item, 'posted', '', decision);
    decision.accepted?.();
    if (item.effects) this.carryOut(item, item.effects);
    return answer;
  }

  private rehearse(item: DoorRequest, { transfers, reject, notes }: Decision): PostingAnswer {
    const { reason, balances } = this.judge.rehearse(item, reject === undefined ? transfers : []);
    const refused = reject ?? reason;
    const answer = { key: item.key, replay: false, balances, at: this.tx.now, dryRun: true } as const;
    if (refused !== undefined) return { ...answer, outcome: 'rejected', reason: refused };
    return { ...answer, outcome: 'posted', ...(notes ? { notes } : {}) };
  }

  private carryOut({ key, keyDay }: DoorRequest, { status, due, ended }: Effects): void {
    if (status) this.judge.setStatus(status.account, status.status);
    if (due) this.due.push({ key, keyDay, expiresAt: due });
    if (ended) this.ended.push(ended);
  }

  /** The packet that ends the batch; the lane adds facts, batch row and its own move. */
  write(): void {
    const { tx, judge } = this;
    if (this.postings.length === 0) return;
    insertPostings(tx, this.postings);
    insertTransfers(tx, this.transfers);
    const creations = judge.creations();
    if (creations.length > 0) tx.write(insertAccounts(creations), creations.length);
    for (const { statement, rows } of updateAccounts(judge.changes())) tx.write(statement, rows);
    const parts = judge.shared();
    if (parts.length > 0) tx.write(addParts(tx.slot, parts));
    if (this.due.length > 0) tx.write(insertDue(this.due), this.due.length);
    for (const hold of this.ended) tx.write(deleteDue(hold));
    tx.addFacts(this.facts);
  }

  private store(item: DoorRequest, outcome: Outcome, reason: string, posted?: Decision): PostingAnswer {
    const { tx } = this;
    const legs = posted?.transfers ?? [];
    const balances = this.judge.balances(item.limited);
    const row: PostingRow = {
      key_day: item.keyDay,
      k: item.key,
      outcome,
      reason,
      actor: item.actor,
      input_hash: item.input === undefined ? NO_HASH : canonicalHash(item.input),
      input: item.input ?? '',
      balances: storedText(balances, posted?.notes),
      lane_id: tx.laneId,
      batch_no: tx.batchNo,
      n: legs.length,
      at: tx.now,
    };
    for (const leg of legs) this.transfers.push(this.transfer(item, leg));
    this.postings.push(row);
    this.known.set(item.name, row);
    if (item.facts) for (const fact of item.facts(outcome, reason === '' ? undefined : reason)) this.facts.push(fact);
    return answerWith(row, false, balances, posted?.notes);
  }

  private transfer(item: DoorRequest, leg: TransferInput): TransferRow {
    return {
      lane_id: this.tx.laneId,
      batch_no: this.tx.batchNo,
      n: this.transfers.length,
      day: item.keyDay,
      k: item.key,
      debit: leg.debit,
      credit: leg.credit,
      amount: leg.amount,
      currency: item.currency,
      kind: leg.kind,
      refers_to: leg.refersTo ?? '',
      forced: leg.forced ? 1 : 0,
      at: this.tx.now,
    };
  }
}
