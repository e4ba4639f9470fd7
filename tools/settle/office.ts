import type { Pattern, ReplyOf, RequestOf, Service } from '@yidian/contracts';
import { RpcClient, RpcUnknown } from '@yidian/messaging';
import { PlainError } from '../platform/progress';
import type { SettleConfig } from './settle.config';

/** A provider-day of millions, or the chains of a year, take their time. */
const ANSWER_MS = 600_000;

/** The services as the command line asks them. */
export class Office {
  private readonly clients: { settlement: RpcClient<'settlement'>; reconciliation: RpcClient<'reconciliation'> };

  constructor({ settlement, reconciliation }: SettleConfig) {
    this.clients = {
      settlement: new RpcClient('settlement', settlement.host, settlement.port),
      reconciliation: new RpcClient('reconciliation', reconciliation.host, reconciliation.port),
    };
  }

  /** @throws PlainError when nobody answers, or settlement says why not */
  settlement<P extends Pattern<'settlement'>>(pattern: P, request: RequestOf<'settlement', P>) {
    return this.plainly('SETTLEMENT_RPC', this.clients.settlement.call(pattern, request, ANSWER_MS));
  }

  reconciliation<P extends Pattern<'reconciliation'>>(pattern: P, request: RequestOf<'reconciliation', P>) {
    return this.plainly('RECONCILIATION_RPC', this.clients.reconciliation.call(pattern, request, ANSWER_MS));
  }

  close(): void {
    for (const client of Object.values(this.clients)) client.close();
  }

  private async plainly<S extends Service, P extends Pattern<S>>(
    name: string,
    answer: Promise<ReplyOf<S, P>>,
  ): Promise<ReplyOf<S, P>> {
    try {
      return await answer;
    } catch (error) {
      if (!(error instanceof RpcUnknown)) throw error;
      throw new PlainError(
        refusalOf(error) ??
          `Nobody answers: the system is not running. Start it with \`npm start\`, or set ${name}=host:port. (${error.message})`,
      );
    }
  }
}

/** What the service itself said, as Nest sends it; undefined: it was silence, or nobody was there. */
function refusalOf({ cause }: RpcUnknown): string | undefined {
  if (typeof cause !== 'object' || cause === null || !('status' in cause) || !('message' in cause)) return undefined;
  return String(cause.message);
}
