import { Injectable } from '@nestjs/common';
import type { ChangeKind } from '@yidian/contracts';
import type { Queryable } from '@yidian/database';
import { shanghaiDate } from '../calendar';
import { ClosingsStore } from './closings.store';
import { closesAccount, isMove } from './life-cycle';
import { LifeCycleStore, type EventRow, type StatusRow } from './life-cycle.store';
import { SubscribersStore, type Holder, type SubscriberRow } from './subscribers.store';

/** A change that applies: who held the number, and how its subscriber stands afterwards, or who has it then. */
export interface Move {
  kind: ChangeKind;
  at: Date;
  source: string;
  before: Holder | null;
  after: SubscriberRow;
  balance: bigint | null;
}

/**
 * Writes changes in the transaction of whoever decided them: the subscriber, the dated rows of the number, its history, its
 * event, and the closing of an account when its number closed. All of one change is there, or nothing of it.
 */
@Injectable()
export class RecordMoves {
  constructor(
    private readonly subscribers: SubscribersStore,
    private readonly history: LifeCycleStore,
    private readonly closings: ClosingsStore,
  ) {}

  /** New numbers that nobody held: rows without an event, since nobody has anything to end. */
  async register(tx: Queryable, rows: readonly SubscriberRow[], source: string, now: Date): Promise<void> {
    if (rows.length === 0) return;
    await this.subscribers.insert(tx, rows, now);
    await this.subscribers.takeNumbers(tx, rows, now);
    await this.history.addStatuses(
      tx,
      rows.map((row) => statusRow(row, { at: now, source }, 0n)),
    );
  }

  /** @returns the id of each move's event; none may follow in this transaction that locks anything else */
  async execute(tx: Queryable, moves: readonly Move[], now: Date): Promise<bigint[]> {
    for (const move of moves) await this.apply(tx, move, now);
    if (moves.length === 0) return [];
    const ids = await this.history.takeEventIds(tx, moves.length);
    const numbered = moves.map((move, n) => ({ move, id: ids[n] ?? 0n }));
    const statuses = numbered.flatMap(({ move, id }) => statusesOf(move, id));
    if (statuses.length > 0) await this.history.addStatuses(tx, statuses);
    for (const { move, id } of numbered) await this.close(tx, move, id, now);
    await this.history.addEvents(
      tx,
      numbered.map(({ move, id }) => eventRow(move, id, now)),
    );
    return ids;
  }

  private async apply(tx: Queryable, move: Move, now: Date): Promise<void> {
    const { before, after, at } = move;
    if (!isMove(move.kind)) return;
    if (before?.id !== after.id) {
      if (before) {
        await this.letGo(tx, before, at);
        await this.subscribers.update(tx, recycled(before, at), now);
      }
      await this.subscribers.insert(tx, [after], now);
      await this.subscribers.takeNumbers(tx, [after], at);
      return;
    }
    if (before.ownerVersion !== after.ownerVersion) {
      await this.letGo(tx, before, at);
      await this.subscribers.takeNumbers(tx, [after], at);
    }
    await this.subscribers.update(tx, after, now);
  }

  private async letGo(tx: Queryable, holder: Holder, at: Date): Promise<void> {
    if (!(await this.subscribers.letGo(tx, holder, at)))
      throw new Error('the number moved to another holder meanwhile');
  }

  private async close(tx: Queryable, { kind, before, after }: Move, eventId: bigint, now: Date): Promise<void> {
    if (!isMove(kind) || !closesAccount(kind)) return;
    const closed = kind === 'closed' ? after : before;
    if (!closed) return;
    const { id: subscriberId, branch } = closed;
    await this.closings.add(tx, { eventId, subscriberId, branch, day: shanghaiDate(now), dueAt: now });
  }
}

const recycled = (row: SubscriberRow, at: Date): SubscriberRow => ({
  ...row,
  status: 'recycled',
  suspendReason: '',
  statusAt: at,
});

function statusesOf({ kind, before, after, at, source }: Move, eventId: bigint): StatusRow[] {
  if (!isMove(kind)) return [];
  const row = statusRow(after, { at, source }, eventId);
  return before && before.id !== after.id ? [statusRow(recycled(before, at), { at, source }, eventId), row] : [row];
}

function statusRow(row: SubscriberRow, { at, source }: { at: Date; source: string }, eventId: bigint): StatusRow {
  const { id: subscriberId, status, suspendReason } = row;
  return { subscriberId, validFrom: at, eventId, status, suspendReason, source };
}

function eventRow({ kind, at, source, before, after, balance }: Move, id: bigint, now: Date): EventRow {
  const { id: subscriberId, msisdn, branch, ownerVersion, status, suspendReason } = after;
  return {
    id,
    kind,
    at,
    recordedAt: now,
    msisdn,
    subscriberId,
    formerSubscriberId: before && before.id !== after.id ? before.id : null,
    branch,
    ownerVersion,
    status,
    suspendReason,
    balance,
    source,
  };
}
