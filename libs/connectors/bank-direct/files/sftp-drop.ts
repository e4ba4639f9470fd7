import { createHash } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { posix } from 'node:path';
import { PassThrough } from 'node:stream';
import Client from 'ssh2-sftp-client';
import { NotSent } from '../../contract';
import { PART, type FileDrop, type NamePattern } from './file-drop';

export interface SftpOptions {
  host: string;
  port: number;
  username: string;
  /** Ours; the bank has the public half. */
  privateKeyPem: string;
  passphrase?: string | undefined;
  /** `SHA256:…` as OpenSSH prints it; two while the bank changes its key. */
  hostKeys: readonly string[];
  /** The bank's files for us, ours for the bank, and where the bank puts what it has taken ('' where it leaves no trace). */
  folders: { fromBank: string; toBank: string; taken: string };
  connectMs?: number;
}

/**
 * Files over SFTP. Ours are written under a name that the bank passes over and renamed when complete; names are made of
 * content, so a file that is there already under its name is the one that was sent. A host that shows another key than
 * the pinned ones gets neither our login nor our files.
 */
export class SftpDrop implements FileDrop {
  constructor(private readonly options: SftpOptions) {}

  names(pattern: NamePattern, signal: AbortSignal): Promise<string[]> {
    const { fromBank } = this.options.folders;
    return this.connected(signal, async (client) => {
      const entries = await client.list(fromBank);
      return entries
        .filter(({ type, name }) => type === '-' && !name.endsWith(PART) && pattern.fits(name))
        .map(({ name }) => name)
        .sort();
    });
  }

  async open(name: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array> | null> {
    const path = posix.join(this.options.folders.fromBank, plain(name));
    const session = await this.session(signal);
    try {
      const size = (await session.client.exists(path)) === '-' ? (await session.client.stat(path)).size : null;
      if (size !== null) return read(session, path, size);
    } catch (error) {
      await session.end();
      throw error;
    }
    await session.end();
    return null;
  }

  async send(name: string, content: Buffer, signal: AbortSignal): Promise<'sent' | 'already_there'> {
    const { toBank, taken } = this.options.folders;
    const path = posix.join(toBank, plain(name));
    const part = path + PART;
    return await this.connected(signal, async (client) => {
      const places = [path, ...(taken === '' ? [] : [posix.join(taken, name)])];
      for (const place of places) if (await isThere(client, place, content)) return 'already_there';
      await client.put(content, part); // what an earlier try left there is written over
      if ((await client.stat(part)).size !== content.length) throw new Error('a file that did not arrive whole');
      await client.rename(part, path);
      return 'sent';
    });
  }

  private async connected<T>(signal: AbortSignal, work: (client: Client) => Promise<T>): Promise<T> {
    const { client, end } = await this.session(signal);
    try {
      return await work(client);
    } finally {
      await end();
    }
  }

  private async session(signal: AbortSignal): Promise<Session> {
    const client = new Client('sftp', QUIET);
    let sock: Socket | undefined;
    const stop = () => {
      void client.end().catch(() => undefined);
      sock?.destroy(); // a dead line would not say that it is closed
    };
    const end = async () => {
      signal.removeEventListener('abort', stop);
      await client.end().catch(() => undefined);
    };
    signal.addEventListener('abort', stop, { once: true });
    try {
      signal.throwIfAborted();
      // Small questions and answers: waiting to fill packets costs 40 ms a turn.
      sock = connect({ host: this.options.host, port: this.options.port, noDelay: true });
      await this.connect(client, sock);
      return { client, end };
    } catch (error) {
      await end();
      throw error;
    }
  }

  /** @throws NotSent: before the login nothing can have been done */
  private async connect(client: Client, sock: Socket): Promise<void> {
    const { username, privateKeyPem, passphrase, hostKeys, connectMs = 10_000 } = this.options;
    try {
      await client.connect({
        sock,
        username,
        privateKey: privateKeyPem,
        ...(passphrase === undefined ? {} : { passphrase }),
        readyTimeout: connectMs,
        hostVerifier: (key: Buffer) => hostKeys.includes(fingerprint(key)),
      });
    } catch (error) {
      throw new NotSent('no SFTP session with the bank', { cause: error });
    }
  }
}

interface Session {
  client: Client;
  end: () => Promise<void>;
}

async function* read({ client, end }: Session, path: string, size: number): AsyncGenerator<Uint8Array> {
  let length = 0;
  try {
    for await (const chunk of bytesOf(client, path)) {
      length += (chunk as Buffer).length;
      yield chunk as Buffer;
    }
  } finally {
    await end();
  }
  if (length !== size) throw new Error('a file that changed while it was read');
}

/** The kit's stream waits for ever on a line that is gone: what comes out of it ends with the line. */
function bytesOf(client: Client, path: string): PassThrough {
  const bytes = new PassThrough();
  client.on('close', () => bytes.destroy(new Error('the line was cut')));
  client
    .createReadStream(path)
    .on('error', (error: Error) => bytes.destroy(error))
    .pipe(bytes);
  return bytes;
}

/** Whoever waits is told; nobody else needs to know. */
const QUIET = { error: () => undefined, end: () => undefined, close: () => undefined };

/** As `ssh-keygen -lf` prints it. */
export function fingerprint(hostKey: Buffer): string {
  return `SHA256:${createHash('sha256').update(hostKey).digest('base64').replace(/=+$/, '')}`;
}

async function isThere(client: Client, path: string, content: Buffer): Promise<boolean> {
  if ((await client.exists(path)) !== '-') return false;
  if ((await client.stat(path)).size === content.length) return true;
  throw new Error('another file has this name at the bank');
}

function plain(name: string): string {
  if (name.includes('/') || name === '' || name.startsWith('.')) throw new Error('no name of a file');
  return name;
}
