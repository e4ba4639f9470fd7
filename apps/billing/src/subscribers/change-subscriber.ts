/**
 * One change of one number: told once per source and key, applied in one transaction with its history and its event. What
 * comes late is recorded and not applied. A number that closed or went to somebody else is queued here for the posting
 * of what is left on its account (closing.posting.ts); no amount moves in this file.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { ChangeAnswer, ChangeOutcome } from '@yidian/contracts';
import { isDuplicateKey, type Db, type Queryable } from '@yidian/database';
import { createHash } from 'node:crypto';
import { shanghaiDate } from '../calendar';
import { RoutesStore } from '../numbers/routes.store';
import { DB } from '../resources/db';
import { SweepClosings } from './sweep-closings';
import { holderFrom, judgeChange, servedBy, type ChangeVerdict } from './judge-change';
import { closesAccount, isMove } from './life-cycle';
import { LifeCycleStore } from './life-cycle.store';
import { ownerMark } from './owner-name';
import { RecordMoves, type Move } from './record-moves';
import type { SubscriberChange } from './subscriber-change';
import { SubscribersStore, type Holder } from './subscribers.store';

export type { SubscriberChange } from './subscriber-change';

/** Clocks differ a little. What lies further ahead has not happened, and would make all later news stale. */
const CLOCKS_DIFFER_MS = 5 * 60_000;
const TRIES = 4;

@Injectable()
export class ChangeSubscriber {
  constructor(
    @Inject(DB) private readonly db: Db,
    private readonly subscribers: SubscribersStore,
    private readonly history: LifeCycleStore,
    private readonly moves: RecordMoves,
    private readonly routes: RoutesStore,
    private readonly closings: SweepClosings,
  ) {}

  /** An error means: not known whether it was recorded. Tell it again with the same key. */
  async execute(change: SubscriberChange): Promise<ChangeAnswer> {
    if (change.at.getTime() > Date.now() + CLOCKS_DIFFER_MS) return { outcome: 'conflict', reason: 'not_yet' };
    for (let tries = 1; ; tries++) {
      try {
        const answer = await this.db.transaction((tx) => this.tell(tx, change));
        if (answer.outcome === 'changed' && isMove(change.kind) && closesAccount(change.kind)) this.closings.nudge();
        return answer;
      } catch (error) {
        // Somebody told the same key, or gave the number to somebody, at the same time: it is there to be found now.
        if (!isDuplicateKey(error) || tries === TRIES) throw error;
      }
    }
  }

  private async tell(tx: Queryable, change: SubscriberChange): Promise<ChangeAnswer> {
    const inputHash = hashOf(change);
    // The holder first, the key second: who waited for the holder sees in the next read what the other has told.
    const [holder] = await this.subscribers.lockHolders(tx, [change.msisdn]);
    const told = await this.history.told(tx, change.source, change.key);
    if (told) {
      if (!told.inputHash.equals(inputHash)) return { outcome: 'conflict', reason: 'key_reused' };
      return { ...answerOf(told.outcome, told.eventId ?? undefined), outcome: 'replay', first: told.outcome };
    }
    const now = new Date();
    const decided = holder ? judged(holder, change) : await this.firstHolder(tx, change);
    if (!decided) return { outcome: 'unknown_number' };
    const [eventId] = 'moves' in decided ? (await this.moves.execute(tx, decided.moves, now)).slice(-1) : [];
    const { key, source, msisdn, kind, at } = change;
    const row = { source, key, inputHash, outcome: decided.outcome, eventId: eventId ?? null, msisdn, kind, at };
    await this.history.remember(tx, row, now);
    return answerOf(decided.outcome, eventId);
  }

  /**
   * Nobody holds the number yet. Whom a branch takes in, and whom its own system speaks of while the number routes to it,
   * becomes a subscriber with this; of anybody else nothing is known.
   */
  private async firstHolder(tx: Queryable, change: SubscriberChange): Promise<Decided | null> {
    const { msisdn, kind, at } = change;
    const branch = servedBy(change);
    if (branch === undefined) return null;
    const newcomer = holderFrom(change, branch);
    const arrival = moveOf({ ...change, kind: 'ported_in', balance: undefined }, null, newcomer);
    if (kind === 'ported_in') return { outcome: 'changed', moves: [arrival] };
    const home = (await this.routes.homes([msisdn], shanghaiDate(at), tx)).get(msisdn);
    if (home !== branch) return null;
    const verdict = judgeChange({ ...newcomer, validFrom: at }, change);
    if (verdict.outcome !== 'changed') return { outcome: verdict.outcome };
    return { outcome: 'changed', moves: [arrival, moveOf(change, { ...newcomer, validFrom: at }, verdict.after)] };
  }
}

const answerOf = (outcome: ChangeOutcome, eventId: bigint | undefined): ChangeAnswer => ({
  outcome,
  ...(outcome === 'conflict' ? { reason: 'not_allowed' } : {}),
  ...(eventId === undefined ? {} : { eventId: String(eventId) }),
});

type Decided = { outcome: 'changed'; moves: Move[] } | { outcome: 'stale' | 'conflict' };

function judged(holder: Holder, change: SubscriberChange): Decided {
  const verdict: ChangeVerdict = judgeChange(holder, change);
  if (verdict.outcome !== 'changed') return verdict;
  return { outcome: 'changed', moves: [moveOf(change, holder, verdict.after)] };
}

const moveOf = (change: SubscriberChange, before: Holder | null, after: Move['after']): Move => ({
  kind: change.kind,
  at: change.at,
  source: change.source,
  before,
  after,
  balance: change.balance ?? null,
});

/** The name goes in as a mark bound to the number, so that what is stored cannot be compared across numbers. */
function hashOf({ msisdn, kind, at, name, branch, balance, suspendReason }: SubscriberChange): Buffer {
  const mark = name === undefined ? '' : ownerMark(msisdn, name);
  const parts = [msisdn, kind, at.toISOString(), mark, branch ?? '', String(balance ?? ''), suspendReason ?? ''];
  return createHash('sha256').update(JSON.stringify(parts)).digest();
}
