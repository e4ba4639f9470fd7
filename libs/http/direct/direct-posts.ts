import type { FastifyInstance } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { Admission } from '../admission';
import { sendProblem } from '../problem-filter';
import type { TrustsProxy } from '../trusted-proxies';
import { DirectAnswer, dateLine, statusLine } from './direct-answer';
import { DirectCall } from './direct-call';
import { DirectConnection, type ConnectionHouse, type Patience } from './direct-connection';
import type { DirectRoute } from './direct-route';
import type { PlainPost } from './plain-post';

/** The rules of the door, the same that Fastify's hooks follow. */
export interface DoorRules {
  publicUrl: string;
  admission: Admission;
  trusts: TrustsProxy | null;
  standing(headers: IncomingHttpHeaders, url: string): Readonly<Record<string, string>>;
  /** Told of each connection that Node is given. */
  watch(socket: Socket): void;
}

export interface DirectBegin {
  /** Tells what a route threw. */
  tell(thrown: unknown, call: DirectCall, answer: DirectAnswer): void;
  /** Fields that sign the answer. */
  sign(call: DirectCall, status: number, body: string): Record<string, string>;
}

const SWEEP_MS = 5_000;

/**
 * Serves the calls that come by the thousand straight from their sockets: Node's streams and Fastify's hooks around a request
 * cost more than the request. Only what is written in the plainest form is read here; every other byte, and the connection that
 * brought it, goes to Node's own server, which has lost nothing by coming second.
 */
export class DirectPosts implements ConnectionHouse {
  readonly routes = new Map<string, DirectRoute>();
  closing = false;
  private readonly connections = new Set<DirectConnection>();
  private readonly nodes: (socket: Socket) => void;
  private readonly always: string;
  private begun: DirectBegin | undefined;

  constructor(
    private readonly instance: FastifyInstance,
    private readonly rules: DoorRules,
  ) {
    const { server } = instance;
    const [listener] = server.listeners('connection') as ((socket: Socket) => void)[];
    if (!listener) throw new Error('the HTTP server takes no connections');
    this.nodes = listener;
    server.off('connection', listener).on('connection', (socket: Socket) => this.taken(socket));
    const standing = Object.entries(rules.standing({ 'signature-input': '' }, '/'));
    this.always = standing.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    const sweep = setInterval(() => this.sweep(), SWEEP_MS).unref();
    instance.addHook('preClose', (done) => {
      clearInterval(sweep);
      this.closing = true;
      for (const connection of this.connections) connection.stop();
      done();
    });
  }

  /** The same call must stand at Fastify's door too: there come those that are not plain. */
  post(url: string, bodyLimit: number, serve: DirectRoute['serve']): void {
    this.routes.set(`POST ${url} HTTP/1.1`, { url, bodyLimit, serve });
  }

  /** Before, everything is Node's. */
  begin(how: DirectBegin): void {
    this.begun = how;
  }

  serve(connection: DirectConnection, { route, headers }: PlainPost, body: Buffer): void {
    const { begun, rules } = this;
    if (!begun) throw new Error('nobody was told how to answer');
    const call = new DirectCall(route, headers, body, connection.socket, rules.trusts);
    const answer = new DirectAnswer((status, fields, text) => {
      this.write(connection, call, status, fields, text);
    });
    const refusal = rules.admission.refusalOf(call.url);
    if (refusal) return sendProblem(refusal, call, answer, rules.publicUrl);
    rules.admission.enter();
    connection.admitted = true;
    route.serve(call, answer).catch((error: unknown) => begun.tell(error, call, answer));
  }

  handOver(connection: DirectConnection, bytes: Buffer): void {
    const { socket } = connection;
    this.connections.delete(connection);
    connection.release();
    socket.pause();
    socket.unshift(bytes);
    this.toNode(socket);
    socket.resume();
  }

  gone(connection: DirectConnection): void {
    this.connections.delete(connection);
    this.leave(connection);
  }

  private taken(socket: Socket): void {
    if (!this.begun || this.closing) this.toNode(socket);
    else this.connections.add(new DirectConnection(socket, this));
  }

  private toNode(socket: Socket): void {
    this.rules.watch(socket);
    this.nodes.call(this.instance.server, socket);
  }

  private leave(connection: DirectConnection): void {
    if (!connection.admitted) return;
    connection.admitted = false;
    this.rules.admission.leave();
  }

  private write(connection: DirectConnection, call: DirectCall, status: number, fields: string, body: string): void {
    let signed = '';
    const signature = this.begun?.sign(call, status, body) ?? {};
    for (const name in signature) signed += `${name}: ${signature[name]}\r\n`;
    const length = Buffer.byteLength(body);
    const ending = this.closing ? 'Connection: close\r\n\r\n' : this.keepAlive();
    const head = `${statusLine(status)}${this.always}request-id: ${call.requestId}\r\n${fields}${signed}content-length: ${length}\r\n`;
    this.leave(connection);
    connection.answer(`${head}${dateLine()}${ending}${body}`, length === body.length ? 'latin1' : 'utf8', this.closing);
  }

  private keepAlive(): string {
    const seconds = Math.floor(this.instance.server.keepAliveTimeout / 1_000);
    return `Connection: keep-alive\r\nKeep-Alive: timeout=${seconds}\r\n\r\n`;
  }

  private sweep(): void {
    const { headersTimeout, requestTimeout, keepAliveTimeout } = this.instance.server;
    const patience: Patience = { unusedMs: headersTimeout, requestMs: requestTimeout, idleMs: keepAliveTimeout };
    const now = Date.now();
    for (const connection of this.connections) connection.sweep(now, patience);
  }
}
