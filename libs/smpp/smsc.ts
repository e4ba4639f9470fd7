import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { STATUS, TAG, type BindCommand } from './commands';
import type { Bodies, BindBody } from './layouts';
import { Link, type Answered, type LinkOptions, type Reply } from './link';
import { is, tlv, type Pdu } from './pdu';

/** One bound client. */
export interface Session {
  systemId: string;
  bind: BindCommand;
  deliver(body: Partial<Bodies['deliver_sm']>, tlvs?: Iterable<readonly [number, Buffer]>): Promise<Reply>;
}

export interface SmscHandler {
  /** @returns the status of the bind's answer */
  authenticate(body: BindBody, bind: BindCommand): number;
  /** A message of a client; the id is what its receipt will name. */
  submit(pdu: Pdu<'submit_sm'> | Pdu<'data_sm'>, session: Session): Promise<{ status: number; messageId: string }>;
  query?(messageId: string): { state: number; finalDate: string; error: number } | undefined;
  bound?(session: Session): void;
  unbound?(session: Session): void;
}

/** A connection that does not bind in this time is none of ours. */
const BIND_WITHIN_MS = 10_000;
const OUR_VERSION = 0x34;

/** A message centre's end: takes binds, and lets each client do only what it has bound for. */
export class Smsc {
  private readonly server: Server;
  private readonly sessions = new Map<Link, Session>();
  private readonly links = new Set<Link>();
  private turn = 0;

  constructor(
    private readonly systemId: string,
    private readonly options: LinkOptions,
    private readonly handler: SmscHandler,
  ) {
    this.server = createServer((socket) => this.accept(socket));
  }

  /** @returns the port, which is chosen by the system for 0 */
  listen(port: number, host = '127.0.0.1'): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, () => resolve((this.server.address() as AddressInfo).port));
    });
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const link of this.links) link.destroy();
    await closed;
  }

  /** Bound clients that take messages, each in its turn. */
  receiver(): Session | undefined {
    const able = [...this.sessions.values()].filter(({ bind }) => bind !== 'bind_transmitter');
    return able[this.turn++ % Math.max(1, able.length)];
  }

  /** Ends all connections, as a centre that fails does. */
  dropAll(): void {
    for (const link of this.links) link.destroy();
  }

  private accept(socket: Socket): void {
    const link: Link = new Link(socket, this.options, {
      request: (pdu) => this.serve(pdu, link),
      closed: () => {
        clearTimeout(timer);
        this.links.delete(link);
        const session = this.sessions.get(link);
        if (this.sessions.delete(link) && session) this.handler.unbound?.(session);
      },
    });
    const timer = setTimeout(() => {
      if (!this.sessions.has(link)) link.destroy();
    }, BIND_WITHIN_MS);
    timer.unref();
    this.links.add(link);
  }

  private async serve(pdu: Pdu, link: Link): Promise<Answered> {
    for (const bind of ['bind_receiver', 'bind_transmitter', 'bind_transceiver'] as const) {
      if (is(pdu, bind)) return this.bind(pdu.body, bind, link);
    }
    const session = this.sessions.get(link);
    if (!session) return { status: STATUS.invalidBindStatus };
    if (is(pdu, 'submit_sm') || is(pdu, 'data_sm')) {
      if (session.bind === 'bind_receiver') return { status: STATUS.invalidBindStatus };
      const { status, messageId } = await this.handler.submit(pdu, session);
      return { status, body: { message_id: messageId } };
    }
    if (is(pdu, 'query_sm')) return this.query(pdu.body.message_id);
    return { status: STATUS.invalidCommandId };
  }

  private bind(body: BindBody, bind: BindCommand, link: Link): Answered {
    if (this.sessions.has(link)) return { status: STATUS.alreadyBound };
    const status = this.handler.authenticate(body, bind);
    if (status !== STATUS.ok) {
      setTimeout(() => link.destroy(), 100).unref(); // after the answer has left
      return { status };
    }
    const session: Session = {
      systemId: body.system_id,
      bind,
      deliver: (message, tlvs) => link.request('deliver_sm', message, tlvs),
    };
    this.sessions.set(link, session);
    setImmediate(() => this.handler.bound?.(session));
    return { status, body: { system_id: this.systemId }, tlvs: [tlv(TAG.sc_interface_version, 1, OUR_VERSION)] };
  }

  private query(messageId: string): Answered {
    const found = this.handler.query?.(messageId);
    if (!found) return { status: STATUS.queryFailed };
    const { state, finalDate, error } = found;
    const body = { message_id: messageId, final_date: finalDate, message_state: state, error_code: error };
    return { status: STATUS.ok, body };
  }
}
