import { ClientProxyFactory, Transport, type ClientProxy } from '@nestjs/microservices';
import type { Pattern, ReplyOf, RequestOf, Service } from '@yidian/contracts';
import { firstValueFrom, timeout } from 'rxjs';

export class RpcUnknown extends Error {
  override readonly name = 'RpcUnknown';
}

/**
 * Calls to one service over Nest's TCP transport. No answer (time-out, socket lost) throws RpcUnknown: the caller may only
 * ask again with the same keys. Nothing is re-sent here.
 */
export class RpcClient<S extends Service> {
  private readonly client: ClientProxy;

  constructor(
    readonly service: S,
    host: string,
    port: number,
    private readonly timeoutMs = 10_000,
  ) {
    this.client = ClientProxyFactory.create({ transport: Transport.TCP, options: { host, port } });
  }

  async call<P extends Pattern<S>>(
    pattern: P,
    request: RequestOf<S, P>,
    timeoutMs = this.timeoutMs,
  ): Promise<ReplyOf<S, P>> {
    try {
      return await firstValueFrom(this.client.send<ReplyOf<S, P>>(pattern, request).pipe(timeout(timeoutMs)));
    } catch (cause) {
      throw new RpcUnknown(`${this.service} did not answer ${pattern}: ${describe(cause)}`, { cause });
    }
  }

  close(): void {
    void this.client.close();
  }
}

/** Nest turns a handler's exception into `{status, message}`; socket errors are Errors. */
function describe(cause: unknown): string {
  if (cause instanceof Error) return cause.message;
  if (typeof cause === 'object' && cause !== null && 'message' in cause) return String(cause.message);
  return 'no reason given';
}
