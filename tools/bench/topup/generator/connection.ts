import { connect, type Socket } from 'node:net';
import { readAnswer, type Answer } from './answer';

/** One for all connections: what was read is looked at before the next read, and memory that stays warm costs less. */
const READ_BUFFER = Buffer.allocUnsafeSlow(65_536);

export interface ConnectionEvents {
  answered(connection: Connection, answer: Answer): void;
  /** It ended while an answer was owed: whatever was asked may have been done. */
  lost(connection: Connection): void;
}

/** One keep-alive connection with at most one request under way; opened when it is first needed, and again after a loss. */
export class Connection {
  /** Running number of what is under way, or -1. */
  current = -1;
  /** When it was due, in ms. */
  startedAt = 0;
  private socket: Socket | undefined;
  private part: Buffer | undefined;

  constructor(
    private readonly host: string,
    private readonly port: number,
    private readonly on: ConnectionEvents,
  ) {}

  get idle(): boolean {
    return this.current < 0;
  }

  send(n: number, startedAt: number, bytes: Uint8Array | string): void {
    this.current = n;
    this.startedAt = startedAt;
    this.socket ??= this.open();
    if (typeof bytes === 'string') this.socket.write(bytes, 'latin1');
    else this.socket.write(bytes);
  }

  close(): void {
    const { socket } = this;
    this.socket = undefined;
    socket?.destroy();
  }

  private open(): Socket {
    const socket = connect({
      host: this.host,
      port: this.port,
      noDelay: true,
      onread: {
        buffer: READ_BUFFER,
        callback: (length) => {
          this.read(socket, READ_BUFFER.subarray(0, length));
          return true;
        },
      },
    });
    socket.on('error', () => undefined); // `close` follows
    socket.once('close', () => this.closed(socket));
    return socket;
  }

  private read(socket: Socket, bytes: Buffer): void {
    if (socket !== this.socket || this.current < 0) return;
    const all = this.part === undefined ? bytes : Buffer.concat([this.part, bytes]);
    const answer = readAnswer(all);
    if (answer) {
      this.part = undefined;
      this.on.answered(this, answer);
    } else {
      this.part = this.part === undefined ? Buffer.from(bytes) : all; // the read buffer is used again
    }
  }

  private closed(socket: Socket): void {
    if (socket !== this.socket) return;
    this.socket = undefined;
    this.part = undefined;
    if (this.current >= 0) this.on.lost(this);
  }
}
