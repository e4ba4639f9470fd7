/**
 * Nothing is asked of a province before the ledger knows of it: a credit is pending there, a takeback is held. What the
 * ledger refuses (a tombstone came first, more than was credited) is never sent.
 */
import { Injectable } from '@nestjs/common';
import { Ledger, type PostingAnswer } from '@yidian/ledger';
import { pendingCredit } from './credit.posting';
import type { OrderRow } from './order';
import { OrdersStore } from './orders.store';
import { heldTakeback } from './takeback.posting';
import { Waiting } from './waiting';

/** The key belongs to a posting that is none of ours: credited before the branch had a system of its own. */
export const OTHER_POSTING = 'other_posting';
export const VOIDED = 'voided';

@Injectable()
export class PledgeOrder {
  constructor(
    private readonly orders: OrdersStore,
    private readonly waiting: Waiting,
    private readonly ledger: Ledger,
  ) {}

  /** False: refused, and the order has ended. @throws whatever the write door throws; nothing was decided */
  async execute(row: OrderRow, now: Date): Promise<boolean> {
    if (row.pledged || row.kind === 'cancel') return true;
    const answer = await this.ledger.hold(row.kind === 'credit' ? pendingCredit(row) : heldTakeback(row));
    const refusal = refusalOf(answer);
    if (refusal === null) return true;
    const ended = await this.orders.move(row, 'given_up', `ledger: ${refusal}`, { reason: refusal }, now);
    if (ended) await this.orders.booked(ended);
    this.waiting.ended(row.kind, row.refNo);
    return false;
  }
}

function refusalOf({ outcome, reason, conflict }: PostingAnswer): string | null {
  if (conflict !== undefined) return OTHER_POSTING;
  if (outcome === 'posted') return null;
  return outcome === 'rejected' ? (reason ?? 'state_conflict') : VOIDED;
}
