import type { Pattern, ReplyOf, RequestOf, Service } from '@yidian/contracts';
import { RpcLine, type Call } from './rpc-line';

export class RpcUnknown extends Error {
  override readonly name = 'RpcUnknown';
}

/**
 * Calls to one service over one TCP connection, opened when it is needed. No answer (time-out, socket lost) throws
 * RpcUnknown: the caller may only ask again with the same keys. Nothing is re-sent here.
 */
export class RpcClient<S extends Service> {
  private line: RpcLine | undefined;

  constructor(
    readonly service: S,
    private readonly host: string,
    private readonly port: number,
    private readonly timeoutMs = 10_000,
  ) {}

  call<P extends Pattern<S>>(pattern: P, request: RequestOf<S, P>, timeoutMs = this.timeoutMs): Promise<ReplyOf<S, P>> {
    return new Promise((resolve, reject) => {
      const line = this.opened();
      const failed = (cause: unknown) => {
        clearTimeout(late);
        reject(new RpcUnknown(`${this.service} did not answer ${pattern}: ${describe(cause)}`, { cause }));
      };
      const call: Call = {
        pattern,
        message: request,
        answered: (reply) => {
          clearTimeout(late);
          resolve(reply as ReplyOf<S, P>);
        },
        failed,
      };
      const late = setTimeout(() => {
        line.forget(call);
        failed(new Error(`no answer in ${timeoutMs} ms`));
      }, timeoutMs);
      line.ask(call);
    });
  }

  close(): void {
    this.line?.close();
    this.line = undefined;
  }

  private opened(): RpcLine {
    if (!this.line || this.line.ended) this.line = new RpcLine(this.host, this.port);
    return this.line;
  }
}

/** Nest turns a handler's exception into `{status, message}`; socket errors are Errors. */
function describe(cause: unknown): string {
  if (cause instanceof Error) return cause.message;
  if (typeof cause === 'object' && cause !== null && 'message' in cause) return String(cause.message);
  if (typeof cause === 'string') return cause;
  return 'no reason given';
}
