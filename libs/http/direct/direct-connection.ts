import type { Socket } from 'node:net';
import { readPlainPost, type HeadForm, type PlainPost } from './plain-post';
import type { DirectRoute } from './direct-route';
import { readIntoOne } from './one-buffer';

/** What a connection asks of the house. */
export interface ConnectionHouse {
  readonly routes: ReadonlyMap<string, DirectRoute>;
  readonly closing: boolean;
  serve(connection: DirectConnection, post: PlainPost, body: Buffer): void;
  /** Gives the socket to Node's own HTTP server for the rest of its life, all of these bytes unread. */
  handOver(connection: DirectConnection, bytes: Buffer): void;
  gone(connection: DirectConnection): void;
}

export interface Patience {
  /** Until the first request. */
  unusedMs: number;
  /** Until all of a request is there. */
  requestMs: number;
  /** Between two requests. */
  idleMs: number;
}

/** Whoever has sent half a request has been asked for nothing yet: all that such callers together may make us keep is small. */
const MOST_WAITED_FOR = 16 * 1_024;

const TIMED_OUT = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n';

/**
 * One socket while all that comes through it is plain. One request at a time: what comes behind it waits, with the socket
 * paused, for its answer. At the first byte that is not understood it is Node's.
 */
export class DirectConnection {
  /** A request is being carried out. */
  working = false;
  /** Counted among the requests inside. */
  admitted = false;
  private held: Buffer[] = [];
  private heldBytes = 0;
  /** Bytes that the next request has at least. */
  private needed = 0;
  /** How this caller wrote its last request: the next one is written alike. */
  private form: HeadForm | undefined;
  private used = false;
  private ended = false;
  private since = Date.now();
  private released = false;

  constructor(
    readonly socket: Socket,
    private readonly house: ConnectionHouse,
  ) {
    socket.on('end', this.halfClosed).on('error', this.failed).on('close', this.closed);
    if (readIntoOne(socket, this.took)) socket.resume();
    else socket.on('data', this.received);
  }

  /** Of a request whose work has ended. */
  answer(bytes: string, encoding: 'latin1' | 'utf8', last: boolean): void {
    const { socket } = this;
    if (socket.destroyed) return;
    const flushed = socket.write(bytes, encoding);
    if (last) socket.destroySoon();
    else if (flushed) this.answered();
    else socket.once('drain', this.answered); // who does not read is not listened to
  }

  /** Cuts what took too long, as Node does. */
  sweep(now: number, patience: Patience): void {
    if (this.working) return;
    const waited = now - this.since;
    if (this.used && this.heldBytes === 0) {
      if (waited > patience.idleMs) this.socket.destroy();
      return;
    }
    if (waited <= (this.heldBytes > 0 ? patience.requestMs : patience.unusedMs)) return;
    this.socket.write(TIMED_OUT);
    this.socket.destroySoon();
  }

  /** The server stops: who has asked for nothing goes, who is being answered goes with the answer; half a request is Node's. */
  stop(): void {
    if (this.working) return;
    if (this.heldBytes === 0) this.socket.destroy();
    else this.house.handOver(this, Buffer.concat(this.held));
  }

  /** Listens no more. */
  release(): void {
    const { socket } = this;
    this.released = true;
    socket.off('data', this.received).off('end', this.halfClosed).off('error', this.failed).off('close', this.closed);
  }

  /** What is read after the socket was given away is its stream's. */
  private readonly took = (bytes: Buffer): boolean => {
    if (this.released) return this.socket.push(bytes);
    this.received(bytes);
    return true;
  };

  private readonly received = (bytes: Buffer): void => {
    if (this.heldBytes === 0) this.since = Date.now();
    this.held.push(bytes);
    this.heldBytes += bytes.length;
    if (this.working) this.socket.pause();
    else this.next();
  };

  private readonly next = (): void => {
    if (this.working || this.heldBytes === 0 || this.heldBytes < this.needed || this.socket.destroyed) return;
    const { held, house } = this;
    const bytes = held.length === 1 && held[0] ? held[0] : Buffer.concat(held);
    const post = house.closing ? undefined : readPlainPost(bytes, house.routes, this.form);
    const whole = post !== undefined && post.end <= bytes.length;
    if (!whole && this.ended) return void this.socket.destroySoon(); // the rest will never come
    if (!post || (!whole && post.end > MOST_WAITED_FOR)) return house.handOver(this, bytes);
    if (!whole) {
      this.held = [bytes];
      this.needed = post.end;
      return;
    }
    this.heldBytes = bytes.length - post.end;
    this.held = this.heldBytes === 0 ? [] : [bytes.subarray(post.end)];
    this.needed = 0;
    this.form = post.form;
    this.used = true;
    this.working = true;
    house.serve(this, post, bytes.subarray(post.bodyStart, post.end));
  };

  private readonly answered = (): void => {
    this.working = false;
    this.since = Date.now();
    if (this.socket.isPaused()) this.socket.resume();
    if (this.heldBytes > 0) setImmediate(this.next);
    else if (this.ended) this.socket.destroySoon();
  };

  /** Says no more, and may still wait for an answer. */
  private readonly halfClosed = (): void => {
    this.ended = true;
    if (!this.working) this.socket.destroySoon();
  };

  private readonly failed = (): void => undefined; // `close` follows
  private readonly closed = (): void => this.house.gone(this);
}
