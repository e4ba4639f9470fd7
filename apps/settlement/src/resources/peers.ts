import { RpcClient } from '@yidian/messaging';
import type { SettlementConfig } from '../settlement.config';

/** The services we call. A call without an answer is asked again by whoever made it, with the same keys. */
export class Peers {
  readonly gateway: RpcClient<'gateway'>;
  readonly billing: RpcClient<'billing'>;
  readonly reconciliation: RpcClient<'reconciliation'>;

  constructor(config: SettlementConfig) {
    const { GATEWAY_RPC: g, BILLING_RPC: b, RECONCILIATION_RPC: r } = config;
    this.gateway = new RpcClient('gateway', g.host, g.port);
    this.billing = new RpcClient('billing', b.host, b.port);
    this.reconciliation = new RpcClient('reconciliation', r.host, r.port);
  }

  close(): void {
    for (const client of [this.gateway, this.billing, this.reconciliation]) client.close();
  }
}
