import { mkdtempSync } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * What may happen to a packet on its way. hold: it is kept back and then delivered or lost with its connection, and the
 * server's words are swallowed · lose: the connection breaks before it arrives · answer_lost: it arrives, and the connection
 * breaks before the answer does.
 */
export type Mishap = 'lose' | 'answer_lost' | { holdMs: number; then: 'deliver' | 'lose' };

/** A wire between a writer and the database: every packet passes, unless a mishap is wanted for it. */
export class Wire {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  /** Asked for every packet that goes to the server. */
  mishap: (packet: Buffer) => Mishap | undefined = () => undefined;

  /** @param databaseUrl of a server on a unix socket */
  constructor(
    private readonly databaseUrl: string,
    private readonly path = join(mkdtempSync(join(tmpdir(), 'yd-w-')), 's'),
  ) {
    this.server = createServer((client) => this.join(client)).listen(path);
  }

  /** The same database through this wire. */
  get url(): string {
    const url = new URL(this.databaseUrl);
    url.searchParams.set('socketPath', this.path);
    return url.toString();
  }

  /** The next packet that holds this text meets the mishap, and no other. */
  once(text: string, mishap: Mishap): void {
    this.mishap = (packet) => {
      if (!packet.includes(text)) return undefined;
      this.mishap = () => undefined;
      return mishap;
    };
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }

  private join(client: Socket): void {
    const target = new URL(this.databaseUrl).searchParams.get('socketPath');
    if (!target) throw new Error('the test database listens on a unix socket');
    const server = createConnection(target);
    let deaf = false;
    let last = false;
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
    }
    server.on('data', (bytes) => {
      if (last) return void client.destroy();
      if (!deaf) client.write(bytes);
    });
    server.on('close', () => client.destroy());
    client.on('close', () => deaf || server.destroy());
    client.on('data', (bytes) => {
      const mishap = this.mishap(bytes);
      if (mishap === 'lose') return void server.destroy();
      last ||= mishap === 'answer_lost';
      if (mishap === undefined || mishap === 'answer_lost') return void server.write(bytes);
      deaf = true;
      setTimeout(() => (mishap.then === 'deliver' ? server.write(bytes) : server.destroy()), mishap.holdMs);
    });
  }
}
