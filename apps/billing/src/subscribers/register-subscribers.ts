/**
 * Registers what a branch says about its numbers: who holds them, on which plan, in which state. The balance counts once,
 * at the first registration: a transfer from branch/<b>/opening, apart from funded credits; of nothing, a tombstone, so
 * that no later registration gives money. Safe to repeat.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { Db, Queryable } from '@yidian/database';
import { Problem } from '@yidian/errors';
import { Audit } from '@yidian/journal';
import { Ledger } from '@yidian/ledger';
import { BranchesStore } from '../branches/branches.store';
import { shanghaiDate } from '../calendar';
import { RoutesStore } from '../numbers/routes.store';
import { prefixOf } from '../numbers/routing';
import { DB } from '../resources/db';
import { openingKey, openingPosting } from './opening.posting';
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
    private readonly branches: BranchesStore,
    private readonly subscribers: SubscribersStore,
    private readonly routes: RoutesStore,
    private readonly ledger: Ledger,
    private readonly audit: Audit,
  ) {}

  async execute(registrations: readonly Registration[]): Promise<Registered[]> {
    await this.assertBranches(registrations);
    const rows = await this.db.transaction((tx) => this.register(tx, registrations, new Date()));
    await Promise.all(
      rows.map((row, index) => {
        const posting = openingPosting(row, registrations[index]?.balance ?? '0');
        return posting ? this.ledger.post(posting) : this.ledger.void({ ...openingKey(row), actor: 'import' });
      }),
    );
    return rows.map((row) => ({ msisdn: row.msisdn, subscriberId: row.id }));
  }

  private async assertBranches(registrations: readonly Registration[]): Promise<void> {
    const known = new Set((await this.branches.all()).map(({ code }) => code));
    if (registrations.some(({ branch }) => !known.has(branch)))
      throw new Problem('not_found', { detail: 'No branch has this code.' });
  }

  /** Reads the frame's numbers at once; a frame in which nothing is new writes nothing. */
  private async register(tx: Queryable, registrations: readonly Registration[], at: Date): Promise<SubscriberRow[]> {
    const date = shanghaiDate(at);
    const msisdns = registrations.map(({ msisdn }) => msisdn);
    const homes = await this.routes.homes(msisdns, date, tx);
    const holders = new Map((await this.subscribers.holders(msisdns, tx)).map((row) => [placeOf(row), row]));
    const rows: SubscriberRow[] = [];
    const notes: string[] = [];
    for (const registration of registrations) {
      const { msisdn, branch } = registration;
      const change = changeOf(holders.get(placeOf(registration)), registration, date);
      if (homes.get(msisdn) !== branch) {
        const assignment = await this.routes.assign(tx, msisdn, branch, date);
        if (assignment === 'segment_opened') notes.push(`segment ${prefixOf(msisdn)} to ${branch}`);
        if (assignment === 'ported') notes.push(`number of ${change.row.id} ported to ${branch}`);
        homes.set(msisdn, branch);
      }
      await this.store(tx, change, at);
      if (change.kind !== 'same') notes.push(`subscriber ${change.row.id} ${change.kind} ${change.row.status}`);
      holders.set(placeOf(registration), change.row);
      rows.push(change.row);
    }
    if (notes.length > 0) await this.record(notes);
    return rows;
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

/** A number may be held at several branches; only its home's holder counts. */
const placeOf = ({ msisdn, branch }: { msisdn: string; branch: string }): string => `${msisdn} ${branch}`;
