import { Inject, Injectable } from '@nestjs/common';
import type { SubscriberEvent } from '@yidian/contracts';
import type { Statement } from '@yidian/journal';
import type { GatewayConfig } from '../gateway.config';
import { PersonNumbers } from '../notifications/person-number';
import { PaymentDoor } from '../payments/payment-door';
import type { ObjectEvent } from '../payments/payment.writes';
import { CONFIG } from '../platform';
import { agreementsIn } from './agreement.states';
import { agreementView, linkedNumberView } from './agreement.view';
import type { AgreementState } from './agreement.schema';
import type { AgreementRow, LinkedRow } from './agreements.store';
import { effectOf, type NumberEffect } from './number-effect';
import { NumberNewsStore, type Evidence } from './number-news.store';

/** Keys of these writes; no partner and no customer is called so. */
const SCOPE = '~numbers';

interface Effects {
  statements: Statement[];
  events: ObjectEvent[];
}

/**
 * What happens to numbers, as billing tells it, carried out on what was agreed for them. An event's effects, the news of them
 * to partners and the place in billing's feed are one transaction under the event's own key: however many processes read the
 * feed, and wherever one of them dies, each event is carried out once and none is passed over. Nobody is texted: a number that
 * ended is nobody's or a stranger's, and a frozen one may be in the wrong hands.
 */
@Injectable()
export class ApplyNumberNews {
  constructor(
    private readonly store: NumberNewsStore,
    private readonly door: PaymentDoor,
    private readonly numbers: PersonNumbers,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  position(): Promise<bigint> {
    return this.store.position();
  }

  /** In their order; events about numbers that nothing is agreed for only move the place in the feed. */
  async page(events: readonly SubscriberEvent[], now: Date = new Date()): Promise<void> {
    const told = events.map((event) => ({ event, blind: this.numbers.blind(event.msisdn), effect: effectOf(event) }));
    const concerned = await this.store.concerned([...new Set(told.map(({ blind }) => blind))]);
    let passed: bigint | undefined;
    for (const { event, blind, effect } of told) {
      if (concerned.has(blind) && matters(effect, now)) {
        const kept = await this.carryOut(event, blind, effect);
        passed = kept ? undefined : BigInt(event.id);
      } else passed = BigInt(event.id);
    }
    if (passed !== undefined) await this.store.passOver(passed);
  }

  /** Debits rest for a time; then the agreement is as before, or ends where its number has another holder. */
  async thaw(): Promise<void> {
    for (const row of await this.store.thawed(100)) {
      const handedOver = row.frozen_by === 'owner_changed';
      const to = handedOver ? 'ended' : 'active';
      const why = handedOver ? 'owner_changed, not released' : 'frozen';
      const evidence = { text: `${why} until ${row.frozen_until?.toISOString() ?? ''}`, before: new Date() };
      const statements = this.store.thaw(row, to, evidence);
      const events = this.agreementEvents([row], to);
      // Its time is in the key: one that is frozen anew, or longer, has to thaw anew.
      const until = row.frozen_until?.getTime() ?? 0;
      await this.write(`thaw-${row.id}-${until}`, row.id, { statements, events });
    }
  }

  /** @returns whether it was carried out now, and the place in the feed moved with it */
  private async carryOut(event: SubscriberEvent, blind: string, effect: NumberEffect): Promise<boolean> {
    const evidence = { text: `number ${event.kind}, event ${event.id}`, before: new Date(event.recordedAt) };
    const { statements, events } = await this.effects(blind, effect, evidence);
    return this.write(`event-${event.id}`, event.id, {
      statements: [...statements, this.store.advance(BigInt(event.id))],
      events,
    });
  }

  private async effects(blind: string, effect: NumberEffect, evidence: Evidence): Promise<Effects> {
    const { before } = evidence;
    switch (effect.do) {
      case 'end': {
        const agreements = await this.store.agreements(blind, agreementsIn('ended'), before);
        const linked = await this.store.linked(blind, before);
        const events = [...this.agreementEvents(agreements, 'ended'), ...this.linkedEvents(linked)];
        return { statements: this.store.end(blind, evidence), events };
      }
      case 'freeze': {
        const agreements = await this.store.agreements(blind, agreementsIn('frozen'), before);
        const statements = this.store.freeze(blind, effect.until, effect.by, evidence);
        return { statements, events: this.agreementEvents(agreements, 'frozen') };
      }
      case 'hand_over': {
        const pending = await this.store.agreements(blind, ['pending'], before);
        const resting = await this.store.agreements(blind, agreementsIn('frozen'), before);
        const linked = await this.store.linked(blind, before);
        const moved = [...this.agreementEvents(pending, 'ended'), ...this.agreementEvents(resting, 'frozen')];
        const statements = this.store.handOver(blind, effect.until, evidence);
        return { statements, events: [...moved, ...this.linkedEvents(linked)] };
      }
      case 'release': {
        const frozen = await this.store.agreements(blind, ['frozen'], before);
        const released = frozen.filter((row) => row.frozen_by === effect.by);
        return {
          statements: this.store.release(blind, effect.by, evidence),
          events: this.agreementEvents(released, 'active'),
        };
      }
      case 'nothing':
        return { statements: [], events: [] };
    }
  }

  /** @returns false when the key is kept already: it was carried out before, or by another process */
  private async write(key: string, objectId: string, { statements, events }: Effects): Promise<boolean> {
    const guard = {
      scope: SCOPE,
      k: key,
      request_hash: '0'.repeat(64),
      members: '',
      object_kind: 'number_news',
      object_id: objectId,
    };
    return (await this.door.write({ do: 'object', guard, statements, events })).result === 'kept';
  }

  private agreementEvents(rows: readonly AgreementRow[], state: AgreementState): ObjectEvent[] {
    return rows
      .filter((row) => row.partner !== '')
      .map((row) => ({
        partner: row.partner,
        objectId: row.id,
        sequence: row.version + 1,
        type: `agreement.${state}`,
        previousState: row.state,
        body: JSON.stringify(agreementView({ ...row, state, next_action: null }, this.config.livemode)),
      }));
  }

  private linkedEvents(rows: readonly LinkedRow[]): ObjectEvent[] {
    return rows
      .filter((row) => row.partner !== '')
      .map((row) => ({
        partner: row.partner,
        objectId: row.id,
        sequence: row.version + 1,
        type: 'linked_number.ended',
        previousState: row.state,
        body: JSON.stringify(linkedNumberView({ ...row, state: 'ended' }, this.config.livemode)),
      }));
  }
}

/** What was told too late to freeze anything would freeze it for no time. */
const matters = (effect: NumberEffect, now: Date): boolean =>
  effect.do !== 'nothing' && (effect.do !== 'freeze' || effect.until > now);
