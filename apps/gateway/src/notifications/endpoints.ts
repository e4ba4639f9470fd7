import { Inject, Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { newId } from '@yidian/http';
import type { GatewayConfig } from '../gateway.config';
import { KeptAnswers, KeySeen } from '../payments/kept-answers';
import { PaymentDoor } from '../payments/payment-door';
import type { Answer, Keyed } from '../payments/payment.schema';
import type { Guard } from '../payments/rule-create';
import { CONFIG } from '../platform';
import { endpointView, type EndpointView, type OwnedEndpointView } from './endpoint.view';
import { EndpointsStore, insertEndpoint, type EndpointRow } from './endpoints.store';
import { faultOfTarget } from './webhook-target';

/** Each gets every event; more than a few are a mistake. */
const MOST_ENDPOINTS = 5;

/** Where a partner wants its events sent: it adds, ends and enables its own. */
@Injectable()
export class Endpoints {
  constructor(
    private readonly store: EndpointsStore,
    private readonly answers: KeptAnswers,
    private readonly door: PaymentDoor,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  async list(partner: string): Promise<EndpointView[]> {
    return (await this.store.list(partner)).map((row) => endpointView(row, this.config.livemode));
  }

  /** For operators. */
  async all(): Promise<OwnedEndpointView[]> {
    const rows = await this.store.list(null);
    return rows.map((row) => ({ ...endpointView(row, this.config.livemode), partner: row.partner }));
  }

  create({ origin, idempotencyKey: key, body }: Keyed<{ url: string }>): Promise<Answer<EndpointView>> {
    return this.answers.execute(
      { scope: origin.partner, key, kind: 'webhook_endpoint', body },
      {
        first: (guard) => this.insert(guard, origin.partner, body.url),
        current: (id) => this.answer(id, 201),
      },
    );
  }

  /** @throws Problem not_found; enabling one that is active changes nothing, one that has ended stays ended */
  change(
    { origin, idempotencyKey: key, body }: Keyed<{ endpoint: string }>,
    to: 'enabled' | 'ended',
  ): Promise<Answer<EndpointView>> {
    return this.answers.execute(
      { scope: origin.partner, key, kind: `whe_${to}`, body },
      {
        first: async (guard) => {
          const { state } = await this.own(body.endpoint, origin.partner);
          if (to === 'enabled' && state === 'ended') throw new Problem('state_conflict');
          const kept = await this.door.begin({
            do: 'object',
            guard: { ...guard, object_id: body.endpoint },
            statements: [],
          });
          if (kept.result === 'seen') throw new KeySeen(kept.key);
          await this.turn(body.endpoint, to);
          return this.answer(body.endpoint, 200);
        },
        current: (id) => this.answer(id, 200),
      },
    );
  }

  /** For an operator. @throws Problem not_found, state_conflict when it has ended */
  async enableByHand(id: string): Promise<EndpointView> {
    if ((await this.own(id, null)).state === 'ended') throw new Problem('state_conflict');
    await this.turn(id, 'enabled');
    return (await this.answer(id, 200)).body;
  }

  private async turn(id: string, to: 'enabled' | 'ended'): Promise<void> {
    if (to === 'ended') await this.store.end(id);
    else await this.store.enable(id);
  }

  private async insert(guard: Guard, partner: string, url: string): Promise<Answer<EndpointView>> {
    const fault = faultOfTarget(url, this.config.livemode);
    if (fault)
      throw new Problem('field_invalid', {
        detail: `url is ${fault}.`,
        errors: [{ pointer: '/url', code: 'field_invalid', detail: fault }],
      });
    const others = (await this.store.list(partner)).filter(({ state }) => state !== 'ended');
    if (others.length >= MOST_ENDPOINTS) throw new Problem('state_conflict');
    const id = newId('whe');
    const kept = await this.door.begin({
      do: 'object',
      guard: { ...guard, object_id: id },
      statements: [insertEndpoint(id, partner, url)],
    });
    if (kept.result === 'seen') throw new KeySeen(kept.key);
    return this.answer(id, 201);
  }

  private async own(id: string, partner: string | null): Promise<EndpointRow> {
    const found = await this.store.find(id);
    if (!found || (partner !== null && found.partner !== partner)) throw new Problem('not_found');
    return found;
  }

  private async answer(id: string, status: 200 | 201): Promise<Answer<EndpointView>> {
    const row = await this.store.find(id);
    if (!row) throw new Problem('internal');
    return { status, body: endpointView(row, this.config.livemode), replayed: false };
  }
}
