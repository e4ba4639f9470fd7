import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { STATUS, type BindCommand } from './commands';
import type { Bodies } from './layouts';
import { Link, type Answered, type LinkHandler, type LinkOptions } from './link';
import { is, type Pdu } from './pdu';

export interface EsmeOptions extends LinkOptions {
  host: string;
  port: number;
  tls: boolean;
  systemId: string;
  password: string;
  systemType: string;
  bind: BindCommand;
  /** Pauses between tries to connect: doubled from the first to the second, each shortened at random by up to a half. */
  reconnectMs: readonly [least: number, most: number];
  /** The same, after the centre has said that it is full. */
  throttleMs: readonly [least: number, most: number];
}

export const ESME_DEFAULTS: Pick<
  EsmeOptions,
  'window' | 'answerMs' | 'enquireMs' | 'tls' | 'bind' | 'systemType' | 'reconnectMs' | 'throttleMs'
> = {
  window: 20,
  answerMs: 4_000,
  enquireMs: 15_000,
  tls: false,
  bind: 'bind_transceiver',
  systemType: '',
  reconnectMs: [500, 30_000],
  throttleMs: [500, 15_000],
};

/**
 * What became of a submit_sm. `taken`: the centre has it. `refused`: never will. `later`: surely not taken, to be tried again.
 * `unknown`: it may have it.
 */
export type Submitted =
  | { outcome: 'taken'; messageId: string }
  | { outcome: 'refused'; status: number }
  | { outcome: 'later' }
  | { outcome: 'unknown' };

export interface EsmeHandler {
  /**
   * A deliver_sm or data_sm. @param linkId one connection's own, never given twice
   * @returns the status it is answered with
   */
  deliver(pdu: Pdu<'deliver_sm'> | Pdu<'data_sm'>, linkId: string): Promise<number>;
  /** A connection was bound, lost, or refused with this status. */
  state?(state: 'bound' | 'lost' | 'refused', status?: number): void;
}

/** Surely not carried out, and worth another try; every other refusal is for good. */
const TRY_LATER: ReadonlySet<number> = new Set([
  STATUS.throttled,
  STATUS.queueFull,
  STATUS.invalidBindStatus,
  STATUS.systemError,
  STATUS.temporaryError,
]);
const FULL: ReadonlySet<number> = new Set([STATUS.throttled, STATUS.queueFull]);
const CONNECT_MS = 5_000;
/** A link that lived this long was a good one: the next pause starts from the shortest again. */
const STEADY_MS = 10_000;

/** Our end of the line to a message centre: binds, binds again when the line is lost, and slows down when it is asked to. */
export class Esme {
  private link: Link | undefined;
  private timer: NodeJS.Timeout | undefined;
  private failures = 0;
  private links = 0;
  private full = 0;
  private pausedUntil = 0;
  private stopped = false;

  constructor(
    private readonly options: EsmeOptions,
    private readonly handler: EsmeHandler,
  ) {}

  get bound(): boolean {
    return this.link?.open === true;
  }

  start(): void {
    void this.connect();
  }

  /** Lets what is under way be answered, says goodbye, and does not come back. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.link?.unbind();
  }

  /** @param waitMs how long for a place in the window or the end of a pause */
  async submit(
    body: Partial<Bodies['submit_sm']>,
    tlvs: Iterable<readonly [number, Buffer]> = [],
    waitMs = this.options.answerMs,
  ): Promise<Submitted> {
    const pause = this.pausedUntil - Date.now();
    if (pause > waitMs) return { outcome: 'later' };
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    const link = this.link;
    if (!link) return { outcome: 'later' };
    const reply = await link.request('submit_sm', body, tlvs, waitMs - Math.max(0, pause));
    if (reply.got !== 'answer') return { outcome: reply.got === 'unsent' ? 'later' : 'unknown' };
    return this.meaning(reply.pdu);
  }

  private meaning(pdu: Pdu): Submitted {
    const { status } = pdu;
    if (status === STATUS.ok && is(pdu, 'submit_sm_resp')) {
      this.full = 0;
      return { outcome: 'taken', messageId: pdu.body.message_id };
    }
    if (FULL.has(status)) this.pausedUntil = Date.now() + backOff(this.options.throttleMs, this.full++);
    return TRY_LATER.has(status) ? { outcome: 'later' } : { outcome: 'refused', status };
  }

  private async connect(): Promise<void> {
    if (this.stopped) return;
    const { host, port, tls } = this.options;
    const socket = tls ? connectTls({ host, port, servername: host }) : connectTcp({ host, port });
    if (!(await connected(socket, tls ? 'secureConnect' : 'connect'))) return this.again();
    const startedAt = Date.now();
    const link = new Link(
      socket,
      this.options,
      this.handlerOf(`${Date.now().toString(36)}-${++this.links}`, startedAt),
    );
    const status = await this.bind(link);
    if (status !== STATUS.ok || this.stopped) {
      this.handler.state?.('refused', status);
      return link.destroy(); // its closing starts the next try
    }
    this.link = link;
    this.handler.state?.('bound');
  }

  private async bind(link: Link): Promise<number> {
    const { systemId, password, systemType, bind } = this.options;
    const reply = await link.request(bind, {
      system_id: systemId,
      password,
      system_type: systemType,
      interface_version: 0x34,
    });
    return reply.got === 'answer' ? reply.pdu.status : STATUS.bindFailed;
  }

  private handlerOf(linkId: string, startedAt: number): LinkHandler {
    return {
      request: (pdu) => this.serve(pdu, linkId),
      closed: (link) => {
        if (this.link === link) {
          this.link = undefined;
          if (Date.now() - startedAt > STEADY_MS) this.failures = 0;
          this.handler.state?.('lost');
        }
        this.again();
      },
    };
  }

  private async serve(pdu: Pdu, linkId: string): Promise<Answered> {
    if (is(pdu, 'deliver_sm')) return { status: await this.handler.deliver(pdu, linkId) };
    if (is(pdu, 'data_sm')) return { status: await this.handler.deliver(pdu, linkId) };
    return { status: pdu.command === 'alert_notification' ? STATUS.ok : STATUS.invalidBindStatus };
  }

  private again(): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.connect(), backOff(this.options.reconnectMs, this.failures++));
  }
}

function connected(socket: Socket, event: 'connect' | 'secureConnect'): Promise<boolean> {
  return new Promise((resolve) => {
    const done = (ok: boolean): void => {
      clearTimeout(timer);
      socket.off('error', failed);
      socket.off('close', failed);
      resolve(ok);
    };
    const failed = (): void => {
      socket.destroy();
      done(false);
    };
    const timer = setTimeout(failed, CONNECT_MS);
    socket.once('error', failed);
    socket.once('close', failed);
    socket.once(event, () => done(true));
  });
}

/** Many clients that lost one centre must not come back in step: half of the pause is chance. */
export function backOff([least, most]: readonly [number, number], tries: number): number {
  const pause = Math.min(most, least * 2 ** Math.min(tries, 20));
  return pause / 2 + (Math.random() * pause) / 2;
}
