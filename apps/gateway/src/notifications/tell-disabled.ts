import { Inject, Injectable } from '@nestjs/common';
import type { GatewayConfig } from '../gateway.config';
import { PaymentDoor } from '../payments/payment-door';
import { CONFIG } from '../platform';
import { Alarms } from './alarms';
import { endpointView } from './endpoint.view';
import { EndpointsStore, type EndpointRow } from './endpoints.store';

/** A disabled endpoint is an event to pull, to the partner's other endpoints too, and an alarm; told until it is written. */
@Injectable()
export class TellDisabled {
  constructor(
    private readonly endpoints: EndpointsStore,
    private readonly door: PaymentDoor,
    private readonly alarms: Alarms,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  async sweep(): Promise<void> {
    for (const endpoint of await this.endpoints.untold()) await this.tell(endpoint);
  }

  private async tell(endpoint: EndpointRow): Promise<void> {
    const { id, partner, version, failing_since: since } = endpoint;
    await this.alarms.raise({
      kind: 'endpoint.disabled',
      object: `webhook_endpoint/${id}`,
      occasion: String(version),
      detail: `Partner ${partner}: nothing has reached its endpoint since ${since?.toISOString() ?? 'it was added'}.`,
    });
    await this.door.write({
      do: 'event',
      partner,
      objectId: id,
      sequence: version,
      type: 'endpoint.disabled',
      previousState: 'active',
      body: JSON.stringify(endpointView(endpoint, this.config.livemode)),
    });
    await this.endpoints.told(endpoint);
  }
}
