import { ServerTCP } from '@nestjs/microservices';
import type { Pattern, ReplyOf, RequestOf, Service } from '@yidian/contracts';
import type { AddressInfo, Server } from 'node:net';
import type { Endpoint } from '../peers';

export type Answers<S extends Service> = {
  [P in Pattern<S>]?: (request: RequestOf<S, P>) => ReplyOf<S, P> | Promise<ReplyOf<S, P>>;
};

/** A service's place on a real TCP wire, with answers written in the test. */
export class TcpPeer<S extends Service> {
  private readonly server = new ServerTCP({ host: '127.0.0.1', port: 0 });
  readonly asked: { pattern: string; request: unknown }[] = [];

  constructor(readonly answers: Answers<S>) {
    for (const [pattern, answer] of Object.entries(answers) as [string, (request: unknown) => unknown][])
      this.server.addHandler(pattern, async (request: unknown) => {
        this.asked.push({ pattern, request });
        return answer(request);
      });
  }

  async listen(): Promise<Endpoint> {
    await new Promise<void>((resolve, reject) =>
      this.server.listen((error?: unknown) => (error instanceof Error ? reject(error) : resolve())),
    );
    const { port } = this.server.unwrap<Server>().address() as AddressInfo;
    return { host: '127.0.0.1', port };
  }

  /** Requests of one pattern, in the order they came. */
  requests<P extends Pattern<S>>(pattern: P): RequestOf<S, P>[] {
    return this.asked.filter((call) => call.pattern === pattern).map((call) => call.request as RequestOf<S, P>);
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.unwrap<Server>().once('close', () => resolve());
      this.server.close();
      setTimeout(resolve, 200).unref();
    });
  }
}
