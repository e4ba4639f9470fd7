import type { Socket } from 'node:net';
import { COMMANDS, commandName, isAnswer, STATUS, type AnsweredName, type CommandName } from './commands';
import { Frames } from './frames';
import type { Bodies } from './layouts';
import { decodePdu, encodePdu, PduError, type Pdu } from './pdu';

export interface LinkOptions {
  /** Requests of ours that may wait for their answers at once. */
  window: number;
  /** A request without an answer after this is unknown. */
  answerMs: number;
  /** A quiet link is asked whether it lives after this. */
  enquireMs: number;
}

/**
 * What became of a request. `unsent`: surely never written. `silent`: written, and the peer may have carried it out or not.
 */
export type Reply = { got: 'answer'; pdu: Pdu } | { got: 'silent' } | { got: 'unsent' };

export interface Answered {
  status: number;
  body?: object;
  tlvs?: Iterable<readonly [number, Buffer]>;
}

export interface LinkHandler {
  /** A request of the peer, other than the link's own housekeeping; whatever comes back, or is thrown, is its answer. */
  request(pdu: Pdu, link: Link): Promise<Answered>;
  closed(link: Link): void;
}

interface Pending {
  command: AnsweredName;
  timer: NodeJS.Timeout;
  resolve(reply: Reply): void;
}

/** Requests of the peer that are worked on at once; beyond it nothing is read until one is done. */
const INBOUND_AT_ONCE = 64;
const LAST_SEQUENCE = 0x7fffffff;

/**
 * One connection, the same for both ends: pairs answers with requests, keeps the window, asks a quiet peer whether it lives,
 * and answers every request it can read, so that nobody waits for what was only misread.
 */
export class Link {
  private readonly frames = new Frames();
  private readonly pending = new Map<number, Pending>();
  private readonly waiting: ((free: boolean) => void)[] = [];
  private sequence = 0;
  private taken = 0;
  private working = 0;
  private goodbye: (() => void) | undefined;
  private heardAt = Date.now();
  private ended = false;
  private readonly beat: NodeJS.Timeout;

  constructor(
    private readonly socket: Socket,
    private readonly options: LinkOptions,
    private readonly handler: LinkHandler,
  ) {
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.read(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.end());
    this.beat = setInterval(() => void this.enquire(), Math.max(10, options.enquireMs / 2));
    this.beat.unref();
  }

  get open(): boolean {
    return !this.ended && !this.socket.destroyed && this.socket.writable;
  }

  /** @param waitMs how long for a place in the window; without one nothing is written */
  async request<C extends AnsweredName>(
    command: C,
    body: Partial<Bodies[C]> = {},
    tlvs: Iterable<readonly [number, Buffer]> = [],
    waitMs = this.options.answerMs,
  ): Promise<Reply> {
    if (!(await this.place(waitMs))) return { got: 'unsent' };
    try {
      return this.open ? await this.ask(command, body, tlvs) : { got: 'unsent' };
    } finally {
      this.taken -= 1;
      if (this.taken < this.options.window) this.waiting.shift()?.(true);
    }
  }

  private ask<C extends AnsweredName>(
    command: C,
    body: Partial<Bodies[C]>,
    tlvs: Iterable<readonly [number, Buffer]>,
  ): Promise<Reply> {
    const sequence = this.nextSequence();
    const octets = encodePdu(command, sequence, body, { tlvs });
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.settle(sequence, { got: 'silent' }), this.options.answerMs);
      this.pending.set(sequence, { command, timer, resolve });
      this.socket.write(octets);
    });
  }

  /** Says goodbye and hangs up; what waits for an answer gets until then to have it. */
  async unbind(): Promise<void> {
    for (const until = Date.now() + this.options.answerMs; this.pending.size > 0 && Date.now() < until && this.open;) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    if (this.open) await this.ask('unbind', {}, []);
    this.socket.end();
    this.destroy();
  }

  destroy(): void {
    this.socket.destroy();
    this.end();
  }

  private read(chunk: Buffer): void {
    this.heardAt = Date.now();
    try {
      for (const frame of this.frames.push(chunk)) this.take(frame);
    } catch (error) {
      if (!(error instanceof PduError)) throw error;
      this.write('generic_nack', error.sequence, { status: error.status });
      this.socket.end();
      this.destroy();
    }
  }

  private take(frame: Buffer): void {
    let pdu: Pdu;
    try {
      pdu = decodePdu(frame);
    } catch (error) {
      if (!(error instanceof PduError)) throw error;
      this.misread(error);
      return;
    }
    if (isAnswer(COMMANDS[pdu.command])) this.settle(pdu.sequence, { got: 'answer', pdu }, pdu.command);
    else if (pdu.command === 'unbind') this.leave(pdu.sequence);
    else void this.serve(pdu);
  }

  /** A request that cannot be read is refused by its own name where it has one; an answer that cannot be read is none. */
  private misread({ status, sequence, commandId }: PduError): void {
    if (isAnswer(commandId)) return this.settle(sequence, { got: 'silent' });
    const command = commandName(commandId);
    const answer = command && answerTo(command);
    this.write(answer ?? 'generic_nack', sequence, { status });
  }

  private async serve(pdu: Pdu): Promise<void> {
    this.working += 1;
    if (this.working >= INBOUND_AT_ONCE) this.socket.pause();
    try {
      const answer = answerTo(pdu.command);
      const said = await this.answerOf(pdu);
      if (answer) this.write(answer, pdu.sequence, said);
    } finally {
      this.working -= 1;
      if (this.working < INBOUND_AT_ONCE) this.socket.resume();
      if (this.working === 0) this.goodbye?.();
    }
  }

  /** What was asked before the goodbye is answered before it. */
  private leave(sequence: number): void {
    this.goodbye = () => {
      this.write('unbind_resp', sequence, { status: STATUS.ok });
      this.socket.end();
    };
    if (this.working === 0) this.goodbye();
  }

  private async answerOf(pdu: Pdu): Promise<Answered> {
    if (pdu.command === 'enquire_link') return { status: STATUS.ok };
    try {
      return await this.handler.request(pdu, this);
    } catch {
      return { status: STATUS.systemError };
    }
  }

  private write(command: CommandName, sequence: number, { status, body = {}, tlvs = [] }: Answered): void {
    if (this.open) this.socket.write(encodePdu(command, sequence, body, { status, tlvs }));
  }

  /** An answer to nothing, or of another kind than was asked, changes nothing: the request stays unknown. */
  private settle(sequence: number, reply: Reply, as?: CommandName): void {
    const pending = this.pending.get(sequence);
    if (!pending) return;
    if (as && as !== 'generic_nack' && as !== answerTo(pending.command)) return;
    this.pending.delete(sequence);
    clearTimeout(pending.timer);
    pending.resolve(reply);
  }

  /** A place is held from here until the request has ended. */
  private place(waitMs: number): Promise<boolean> {
    if (this.taken < this.options.window) {
      this.taken += 1;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const settled = (free: boolean): void => {
        clearTimeout(timer);
        if (free) this.taken += 1;
        resolve(free);
      };
      const timer = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(settled), 1);
        resolve(false);
      }, waitMs);
      this.waiting.push(settled);
    });
  }

  /** One in flight at a time; a peer that says nothing at all for a whole answering time is gone. */
  private async enquire(): Promise<void> {
    if (!this.open || Date.now() - this.heardAt < this.options.enquireMs) return;
    const asked = Date.now();
    this.heardAt = asked;
    const reply = await this.ask('enquire_link', {}, []);
    if (reply.got === 'silent' && this.heardAt === asked) this.destroy();
  }

  private nextSequence(): number {
    this.sequence = this.sequence >= LAST_SEQUENCE ? 1 : this.sequence + 1;
    return this.sequence;
  }

  private end(): void {
    if (this.ended) return;
    this.ended = true;
    clearInterval(this.beat);
    for (const sequence of [...this.pending.keys()]) this.settle(sequence, { got: 'silent' });
    for (const refuse of this.waiting.splice(0)) refuse(false);
    this.handler.closed(this);
  }
}

function answerTo(command: CommandName): CommandName | undefined {
  return commandName((COMMANDS[command] | 0x80000000) >>> 0);
}
