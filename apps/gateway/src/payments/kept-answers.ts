import { Injectable } from '@nestjs/common';
import { BOOK, Problem, type ErrorCode, type ProblemInput } from '@yidian/errors';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KeyRow } from './payment.rows';
import type { Answer, Origin } from './payment.schema';
import { PaymentDoor } from './payment-door';
import { PaymentsReadStore } from './payments-read.store';
import { askedOf, differing, type Asked } from './request-members';
import type { Guard } from './rule-create';

/** Thrown by the work when the lane found the key stored: somebody else was first. */
export class KeySeen extends Error {
  override readonly name = 'KeySeen';
  constructor(readonly key: KeyRow) {
    super('the key is stored');
  }
}

/** Thrown by the work after its own guard was written: a refusal that came later, such as a hold that found no balance. */
export class RefusedLater extends Error {
  override readonly name = 'RefusedLater';
  constructor(readonly problem: Problem) {
    super('refused after the key was stored');
  }
}

export interface KeyedRequest {
  scope: string;
  key: string;
  /** payment, refund, reversal, agreement, linked_number */
  kind: string;
  body: unknown;
}

/** What the work answers; `kept`: a write of its own keeps that already. */
export interface Worked<T> {
  answer: Answer<T>;
  kept: boolean;
}

export interface KeyedWork<T> {
  /** Does it under the guard; throws KeySeen when the lane knows the key. */
  first(guard: Guard): Promise<Answer<T> | Worked<T>>;
  /** The answer as it stands, for a key whose first caller died before it was answered. */
  current(objectId: string): Promise<Answer<T>>;
  /** What was answered, where the object itself remembers it. */
  remembered?(objectId: string): Promise<Answer<T> | undefined>;
}

const WAIT_MS = 8_000;
const LOOK_MS = 100;

/**
 * Promise: a key is answered once. The same key and body get the same status and body, also a refusal; another body is
 * refused naming what differs; at the same time, the later waits for the first.
 */
@Injectable()
export class KeptAnswers {
  private readonly inFlight = new Map<string, Promise<unknown>>();

  constructor(
    private readonly door: PaymentDoor,
    private readonly store: PaymentsReadStore,
  ) {}

  /** Most keys are new: the lane finds out about the others when it writes the guard, and nothing is read before. */
  async execute<T>(request: KeyedRequest, work: KeyedWork<T>): Promise<Answer<T>> {
    const { scope, key: k, kind } = request;
    const name = `${scope} ${k}`;
    const asked = askedOf(kind, request.body);
    const before = this.inFlight.get(name);
    if (before) {
      await before.catch(() => undefined);
      const stored = await this.store.key(scope, k);
      if (stored) return this.replay(stored, asked, work);
    }
    const guard: Guard = {
      scope,
      k,
      request_hash: asked.hash,
      members: asked.members,
      object_kind: kind,
      object_id: '',
    };
    const first = this.first(guard, work);
    this.inFlight.set(name, first);
    try {
      return await first;
    } catch (error) {
      if (error instanceof KeySeen) return await this.replay(error.key, asked, work);
      throw error;
    } finally {
      if (this.inFlight.get(name) === first) this.inFlight.delete(name);
    }
  }

  private async first<T>(guard: Guard, work: KeyedWork<T>): Promise<Answer<T>> {
    try {
      const worked = await work.first(guard);
      const { answer, kept } = 'answer' in worked ? worked : { answer: worked, kept: false };
      if (!kept) await this.keep(guard, answer.status, JSON.stringify(answer.body));
      return answer;
    } catch (error) {
      if (error instanceof KeySeen) throw error;
      if (error instanceof RefusedLater) {
        await this.keepProblem(guard, error.problem);
        throw error.problem;
      }
      if (!(error instanceof Problem)) throw error;
      // What refuses it now may be younger than its first answer, and "not executed" would be a lie.
      const stored = await this.store.key(guard.scope, guard.k);
      if (stored) throw new KeySeen(stored);
      // A refusal on business grounds is an answer too and is kept; a malformed or unlucky request may be sent again.
      if (BOOK[error.code].status === 409) await this.keepRefusal(guard, error);
      throw error;
    }
  }

  private async keepRefusal(guard: Guard, problem: Problem): Promise<void> {
    const kept = await this.door.write({ do: 'object', guard, statements: [] }).catch(() => undefined);
    if (kept?.result === 'kept') await this.keepProblem(guard, problem);
  }

  private keepProblem(guard: Guard, { code, input }: Problem): Promise<void> {
    return this.keep(guard, BOOK[code].status, JSON.stringify({ code, input }));
  }

  /** Lost here, the answer is rebuilt from the object as it then stands. */
  private async keep({ scope, k }: Guard, status: number, body: string): Promise<void> {
    await this.door.write({ do: 'answer', scope, k, status, body }).catch(() => undefined);
  }

  private async replay<T>(key: KeyRow, asked: Asked, work: KeyedWork<T>): Promise<Answer<T>> {
    if (key.request_hash !== asked.hash) throw reusedKey(key.members, asked.members);
    for (const deadline = Date.now() + WAIT_MS; ; await sleep(LOOK_MS)) {
      const stored = await this.store.key(key.scope, key.k);
      if (stored?.status && stored.body) return answerOf<T>(stored.status, stored.body);
      const remembered = await work.remembered?.(key.object_id);
      if (remembered) return { ...remembered, replayed: true };
      if (Date.now() > deadline) break;
    }
    return { ...(await work.current(key.object_id)), replayed: true };
  }
}

function answerOf<T>(status: number, body: string): Answer<T> {
  if (status >= 400) {
    const { code, input } = JSON.parse(body) as { code: ErrorCode; input: ProblemInput };
    throw new Problem(code, input);
  }
  const answer: Answer<T> = { status: status as Answer<T>['status'], body: JSON.parse(body) as T, replayed: true };
  return status === 202 ? { ...answer, retryAfter: 5 } : answer;
}

/** Names where the members of the first and of this request differ. */
export function reusedKey(before: string, now: string): Problem {
  const pointers = differing(before, now);
  return new Problem('idempotency_key_reused', {
    errors: pointers.map((at) => ({
      pointer: at,
      code: 'idempotency_key_reused',
      detail: 'differs from the first request',
    })),
    extra: { differing: pointers },
  });
}

/** Keys of different callers never meet. */
export function scopeOf(origin: Origin, payerBlind: string | null): string {
  return origin.partner !== '' ? origin.partner : `${origin.channel}:${payerBlind ?? ''}`;
}
