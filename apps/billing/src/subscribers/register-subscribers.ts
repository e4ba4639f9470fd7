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
import { Adapters } from '../bss/adapters';
import { shanghaiDate } from '../calendar';
import { RoutesStore } from '../numbers/routes.store';
import { prefixOf } from '../numbers/routing';
import { DB } from '../resources/db';
import { openingKey, openingPosting } from './opening.posting';
import { RecordMoves } from './record-moves';
import { changeOf, type Change, type Registration } from './registration';
import { SubscribersStore, type Holder, type SubscriberRow } from './subscribers.store';
import { SweepClosings } from './sweep-closings';

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
    private readonly moves: RecordMoves,
    private readonly routes: RoutesStore,
    private readonly closings: SweepClosings,
    private readonly ledger: Ledger,
    private readonly audit: Audit,
    private readonly adapters: Adapters,
  ) {}

  async execute(registrations: readonly Registration[]): Promise<Registered[]> {
    await this.assertBranches(registrations);
    const rows = await this.db.transaction((tx) => this.register(tx, registrations, new Date()));
    this.closings.nudge();
    await Promise.all(
      rows.map((row, index) => {
        // What a branch with its own billing system keeps there is not ours to give a second time.
        const balance = this.adapters.isRemote(row.branch) ? '0' : (registrations[index]?.balance ?? '0');
        const posting = openingPosting(row, balance);
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
    const holders = new Map<string, Holder>(
      (await this.subscribers.lockHolders(tx, msisdns)).map((holder) => [holder.msisdn, holder]),
    );
    const homes = await this.routes.homes(msisdns, date, tx);
    const changes: Change[] = [];
    const notes: string[] = [];
    for (const registration of registrations) {
      const { msisdn, branch } = registration;
      const holder = holders.get(msisdn);
      const change = changeOf(holder, registration, at, date);
      if (homes.get(msisdn) !== branch) notes.push(...(await this.route(tx, change.row, date)));
      homes.set(msisdn, branch);
      notes.push(...noteOf(change));
      const since = change.moves.length > 0 || !holder ? at : holder.validFrom;
      holders.set(msisdn, { ...change.row, validFrom: since });
      changes.push(change);
    }
    await this.store(tx, changes, at);
    if (notes.length > 0) await this.record(notes);
    return changes.map(({ row }) => row);
  }

  private async route(tx: Queryable, { id, msisdn, branch }: SubscriberRow, date: string): Promise<string[]> {
    const assignment = await this.routes.assign(tx, msisdn, branch, date);
    if (assignment === 'segment_opened') return [`segment ${prefixOf(msisdn)} to ${branch}`];
    return assignment === 'ported' ? [`number of ${id} ported to ${branch}`] : [];
  }

  private async store(tx: Queryable, changes: readonly Change[], at: Date): Promise<void> {
    const fresh = changes.filter((change) => change.fresh).map(({ row }) => row);
    await this.moves.register(tx, fresh, 'import', at);
    for (const { row } of changes.filter((change) => change.plain)) await this.subscribers.update(tx, row, at);
    await this.moves.execute(
      tx,
      changes.flatMap((change) => change.moves),
      at,
    );
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

function noteOf({ row, fresh, plain, moves }: Change): string[] {
  const words = fresh ? ['new'] : plain ? ['updated'] : moves.map(({ kind }) => kind);
  return words.map((word) => `subscriber ${row.id} ${word} ${row.status}`);
}
