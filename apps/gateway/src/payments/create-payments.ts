import { Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { hash } from 'node:crypto';
import { BulkTurns } from './bulk-turns';
import { CreatePayment } from './create-payment';
import { reusedKey, scopeOf } from './kept-answers';
import type { PaymentOrder } from './payment-order';
import type { Answer, Origin, PaymentView } from './payment.schema';
import { PaymentDoor } from './payment-door';
import { askedOf } from './request-members';
import type { Guard } from './rule-create';

export interface BulkCommand {
  origin: Origin;
  /** Value of Idempotency-Key, without quotes. */
  idempotencyKey: string;
  items: readonly unknown[];
  /** Judges one item by itself. @throws Problem for one that may not be carried out */
  read: (item: unknown) => PaymentOrder;
}

/** What became of one item; `refused` is whatever the single call would have thrown. */
export type BulkOutcome = { answer: Answer<PaymentView> } | { refused: unknown };

export interface BulkAnswer {
  /** In the order of the items. */
  outcomes: BulkOutcome[];
  /** The same bulk came before under this key. */
  replayed: boolean;
}

/** Items of one bulk under way together. */
const AT_ONCE = 128;

/**
 * Promise: each item is a payment of its own, by the same path as a single one, under a key of its own that follows from
 * the bulk's: the same bulk again gives the same answers, and neither a bad item nor a lack of time touches another.
 */
@Injectable()
export class CreatePayments {
  private readonly turns = new BulkTurns();
  /** Items that have not begun by then are not begun. */
  beginWithinMs = 10_000;

  constructor(
    private readonly one: CreatePayment,
    private readonly door: PaymentDoor,
  ) {}

  /** @throws Problem idempotency_key_reused for other items under the same key; busy when nothing was begun */
  async execute(command: BulkCommand): Promise<BulkAnswer> {
    const leave = this.turns.enter(command.origin.partner);
    try {
      const deadline = performance.now() + this.beginWithinMs;
      const replayed = await this.guard(command);
      return { outcomes: await this.carryOut(command, deadline), replayed };
    } finally {
      leave();
    }
  }

  /** Keeps which items stand under the key, before any of them is begun. */
  private async guard({ origin, idempotencyKey: k, items }: BulkCommand): Promise<boolean> {
    const guard = { ...guardOf(items), scope: scopeOf(origin, null), k, object_kind: 'bulk', object_id: '' };
    const kept = await this.door.begin({ do: 'object', guard, statements: [] });
    if (kept.result === 'kept') return false;
    if (kept.key.request_hash !== guard.request_hash) throw reusedKey(kept.key.members, guard.members);
    return true;
  }

  private async carryOut(command: BulkCommand, deadline: number): Promise<BulkOutcome[]> {
    const outcomes: BulkOutcome[] = [];
    const bulkKey = hash('sha256', command.idempotencyKey, 'base64url');
    const waiting = command.items.entries();
    const runner = async (): Promise<void> => {
      for (const [index, item] of waiting) {
        await this.turns.take();
        try {
          if (performance.now() > deadline) outcomes[index] = { refused: new Problem('busy', { retryAfter: 1 }) };
          else outcomes[index] = { answer: await this.begin(command, item, index, bulkKey) };
        } catch (refused) {
          outcomes[index] = { refused };
        } finally {
          this.turns.give();
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, runner));
    return outcomes;
  }

  /** No key of a caller holds a blank, so an item's key meets no other. */
  private begin(
    { origin, read }: BulkCommand,
    item: unknown,
    index: number,
    bulkKey: string,
  ): Promise<Answer<PaymentView>> {
    return this.one.execute({ origin, idempotencyKey: `bulk ${bulkKey} ${index}`, body: read(item) });
  }
}

/** One line per item, as for the members of a single request: enough to name the items that differ. */
function guardOf(items: readonly unknown[]): Pick<Guard, 'request_hash' | 'members'> {
  const hashes = items.map((item) => askedOf('payment', item).hash);
  return {
    request_hash: hash('sha256', `bulk\n\n${hashes.join('\n')}`),
    members: hashes.map((one, index) => `/items/${index} ${one.slice(0, 4)}\n`).join(''),
  };
}
