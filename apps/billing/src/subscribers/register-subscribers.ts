/**
 * Registers what a branch says about its numbers: who holds them, on which plan, in which state. The balance is posted
 * once, at the first registration, as a transfer from branch/<b>/opening, apart from funded credits. Safe to repeat.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { Db, Queryable } from '@yidian/database';
import { Audit } from '@yidian/journal';
import { Ledger } from '@yidian/ledger';
import { shanghaiDate } from '../calendar';
import { RoutesStore } from '../numbers/routes.store';
import { DB } from '../resources/db';
import { openingPosting } from './opening.posting';
import { changeOf, type Change, type Registration } from './registration';
import { SubscribersStore, type SubscriberRow } from './subscribers.store';

export interface Registered {
  msisdn: string;
  subscriberId: string;
}

@Injectable()
export class RegisterSubscribers {
  constructor(
    @Inject(DB) private readonly db: Db,
    private readonly subscribers: SubscribersStore,
    private readonly routes: RoutesStore,
    private readonly ledger: Ledger,
    private readonly audit: Audit,
  ) {}

  async execute(registrations: readonly Registration[]): Promise<Registered[]> {
    const at = new Date();
    const rows = await this.db.transaction(async (tx) => {
      const registered: SubscriberRow[] = [];
      const notes: string[] = [];
      for (const registration of registrations) registered.push(await this.register(tx, registration, at, notes));
      if (notes.length > 0) await this.record(notes);
      return registered;
    });
    await Promise.all(
      rows.map(async (row, index) => {
        const posting = openingPosting(row, registrations[index]?.balance ?? '0');
        if (posting) await this.ledger.post(posting);
      }),
    );
    return rows.map((row) => ({ msisdn: row.msisdn, subscriberId: row.id }));
  }

  private async register(tx: Queryable, registration: Registration, at: Date, notes: string[]): Promise<SubscriberRow> {
    const { msisdn, branch } = registration;
    const date = shanghaiDate(at);
    const assignment = await this.routes.assign(tx, msisdn, branch, date);
    if (assignment === 'segment_opened') notes.push(`segment ${msisdn.slice(0, 7)} to ${branch}`);
    const holders = await this.subscribers.holders([msisdn], tx);
    const change = changeOf(
      holders.find((holder) => holder.branch === branch),
      registration,
      date,
    );
    await this.store(tx, change, at);
    if (assignment === 'ported') notes.push(`number of ${change.row.id} ported to ${branch}`);
    if (change.kind !== 'same') notes.push(`subscriber ${change.row.id} ${change.kind} ${change.row.status}`);
    return change.row;
  }

  private async store(tx: Queryable, change: Change, at: Date): Promise<void> {
    if (change.kind === 'new' || change.kind === 'recycled') await this.subscribers.insert(tx, change.row, at);
    if (change.kind === 'new') await this.subscribers.takeNumber(tx, change.row, at);
    if (change.kind === 'recycled' && !(await this.subscribers.handOver(tx, change.former, change.row, at)))
      throw new Error('the number moved to another subscriber meanwhile');
    if (change.kind === 'owner_changed' || change.kind === 'updated') await this.subscribers.update(tx, change.row, at);
  }

  /** Inside the transaction: there is never a change without its record. Names no number and no person. */
  private record(notes: readonly string[]): Promise<void> {
    return this.audit.append({
      actor: 'import',
      action: 'subscribers_registered',
      object: 'subscribers',
      before: null,
      after: JSON.stringify(notes),
    });
  }
}
