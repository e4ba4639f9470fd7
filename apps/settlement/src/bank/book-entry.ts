import { Inject, Injectable } from '@nestjs/common';
import type { Db, Queryable } from '@yidian/database';
import { Problem } from '@yidian/errors';
import type { Batch } from '../batches/batch';
import { bank, clearing, leg, prefund, type Leg } from '../batches/leg';
import { PostMovement } from '../batches/post-movement';
import { ExposureOutboxStore } from '../outbox/exposure-outbox.store';
import { BookPayouts } from '../payouts/book-payouts';
import { Treasury } from '../payouts/treasury';
import type { ProviderTerms } from '../payouts/treasury-profile';
import { DB } from '../resources/tokens';
import type { BankEntry, Meaning } from './bank-entry';
import { BankStore } from './bank.store';

interface Reading {
  meaning: Meaning;
  party: string;
  provider: string;
  legs: Leg[];
}

/**
 * Promise: an entry of our bank is booked once, as what it surely is: a payout of ours by its number and exact sum, a
 * provider's or partner's money by the marks of its contract. What nobody explains waits for two people.
 */
@Injectable()
export class BookEntry {
  constructor(
    @Inject(DB) private readonly db: Db,
    private readonly store: BankStore,
    private readonly treasury: Treasury,
    private readonly payouts: BookPayouts,
    private readonly exposures: ExposureOutboxStore,
    private readonly movement: PostMovement,
  ) {}

  /** false: it stays unexplained. */
  async execute(entryId: string): Promise<boolean> {
    const batch = await this.db.transaction(async (tx) => {
      const entry = await this.store.lock(tx, entryId);
      if (entry?.state !== 'open') return null;
      const reading = (await this.payouts.take(tx, entry)) ?? this.byMarks(entry);
      return reading && this.book(tx, entry, reading, 'settlement');
    });
    if (batch) await this.movement.forward([batch]);
    return batch !== null;
  }

  /** A person says whose money it is. @throws Problem not_found, state_conflict, field_invalid */
  async propose(entryId: string, provider: string, actor: string): Promise<BankEntry> {
    const terms = this.treasury.terms(provider);
    if (!terms) throw new Problem('field_invalid', { detail: 'provider: its money has no terms' });
    return this.db.transaction(async (tx) => {
      const entry = await this.held(tx, entryId, 'open');
      const { meaning, party } = readingOf(entry, terms);
      await this.store.propose(tx, entryId, { meaning, party, provider, by: actor });
      return this.held(tx, entryId, 'proposed');
    });
  }

  /** A second person agrees, or the entry waits again. @throws Problem not_found, own_proposal, state_conflict */
  async decide(entryId: string, decision: 'approve' | 'reject', actor: string): Promise<BankEntry> {
    const batch = await this.db.transaction(async (tx) => {
      const entry = await this.held(tx, entryId, 'proposed');
      if (entry.proposedBy === actor) throw new Problem('own_proposal');
      if (decision === 'reject') {
        await this.store.reopen(tx, entryId);
        return null;
      }
      const terms = this.treasury.terms(entry.provider);
      if (!terms) throw new Problem('state_conflict', { detail: 'its provider has no terms any more' });
      return this.book(tx, entry, readingOf(entry, terms), actor);
    });
    if (batch) await this.movement.forward([batch]);
    const after = await this.db.transaction((tx) => this.store.lock(tx, entryId));
    if (!after) throw new Error(`bank entry ${entryId} is gone`);
    return after;
  }

  private async held(tx: Queryable, entryId: string, state: BankEntry['state']): Promise<BankEntry> {
    const entry = await this.store.lock(tx, entryId);
    if (!entry) throw new Problem('not_found');
    if (entry.state !== state) throw new Problem('state_conflict', { detail: `the entry is ${entry.state}` });
    return entry;
  }

  /** An entry that names a payout of ours is that payout or nothing: never somebody else's money. */
  private byMarks(entry: BankEntry): Reading | null {
    if (/^(?:PO|YDPO)/.test(entry.ourRef)) return null;
    const terms = this.treasury.claimant([entry.counterparty, entry.note, entry.ourRef]);
    // What leaves us without being told to come back was not asked for by anybody.
    return terms && (entry.amount > 0n || entry.returned) ? readingOf(entry, terms) : null;
  }

  private async book(tx: Queryable, entry: BankEntry, reading: Reading, by: string): Promise<Batch> {
    const { meaning, party, provider, legs } = reading;
    const { entryId, valueDay: day } = entry;
    const batch = await this.movement.plan(tx, { key: `bank/${entryId}`, day, provider, actor: by, legs });
    await this.store.book(tx, entryId, { meaning, party, provider, batchId: batch.batchId, by });
    if (meaning === 'remittance' || meaning === 'deposit')
      await this.exposures.add(tx, {
        ...{ key: batch.batchId, provider, kind: meaning, amount: entry.amount },
        receipt: /^[\x21-\x7e]{1,64}$/.test(entry.bankRef) ? entry.bankRef : batch.batchId,
      });
    return batch;
  }
}

/** Rows 1d, 8b, 8c; taken back, the same the other way round. */
function readingOf({ account, amount }: BankEntry, { provider, arrives }: ProviderTerms): Reading {
  const party = provider;
  if (arrives === 'prefund')
    return { meaning: 'deposit', party, provider, legs: leg(bank(account), prefund(provider), amount, 'deposit') };
  const legs = leg(bank(account), clearing(provider), amount, 'receipt');
  if (arrives === 'remittance') return { meaning: 'remittance', party, provider, legs };
  return { meaning: amount > 0n ? 'provider_payout' : 'payout_back', party, provider, legs };
}
