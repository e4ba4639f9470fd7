import { createHash, generateKeyPairSync } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { posix } from 'node:path';
import { Server, utils, type Attributes, type Connection, type FileEntry, type SFTPWrapper } from 'ssh2';

const { STATUS_CODE, OPEN_MODE } = utils.sftp;
type Handle = { path: string; open: boolean; listed: boolean };

/** A bank's SFTP server, played in tests by a real SSH server; its files are in memory. */
export class PlayedSftp {
  /** Whole paths, such as `/from_bank/a.txt`. */
  readonly files = new Map<string, Buffer>();
  /** What was asked of it, in order: `OPEN /to_bank/x.part`. */
  readonly log: string[] = [];
  /** Cuts the connection instead of answering the next request of this kind. */
  cutAt: 'RENAME' | 'WRITE' | 'READ' | 'after RENAME' | null = null;
  /** Answers no question for bytes beyond the first. */
  silent = false;
  logins = 0;
  private readonly server: Server;
  private readonly connections = new Set<Connection>();

  private constructor(
    private readonly hostKeys: { privateKeyPem: string; fingerprint: string },
    private readonly allowed: { username: string; publicSsh: Buffer },
  ) {
    this.server = new Server({ hostKeys: [hostKeys.privateKeyPem] }, (connection) => this.serve(connection));
  }

  static async start(username: string, clientKeyPem: string): Promise<PlayedSftp> {
    const host = sshKey();
    const parsed = utils.parseKey(host);
    const client = utils.parseKey(clientKeyPem);
    if (parsed instanceof Error || client instanceof Error) throw new Error('no key');
    const digest = createHash('sha256').update(parsed.getPublicSSH()).digest('base64').replace(/=+$/, '');
    const bank = new PlayedSftp(
      { privateKeyPem: host, fingerprint: `SHA256:${digest}` },
      { username, publicSsh: client.getPublicSSH() },
    );
    await new Promise<void>((resolve) => bank.server.listen(0, '127.0.0.1', resolve));
    return bank;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }
  get fingerprint(): string {
    return this.hostKeys.fingerprint;
  }

  /** Connections that stand. */
  get open(): number {
    return this.connections.size;
  }

  async close(): Promise<void> {
    for (const connection of this.connections) connection.end();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private serve(connection: Connection): void {
    this.connections.add(connection);
    (connection as Connection & { setNoDelay(on: boolean): void }).setNoDelay(true); // not in the types
    connection.on('error', () => undefined).on('close', () => this.connections.delete(connection));
    connection.on('authentication', (context) => {
      const { username, publicSsh } = this.allowed;
      if (context.method !== 'publickey' || context.username !== username || !context.key.data.equals(publicSsh))
        return context.reject(['publickey']);
      const key = utils.parseKey(context.key.data);
      if (
        context.signature &&
        (key instanceof Error || !context.blob || !key.verify(context.blob, context.signature, context.hashAlgo))
      )
        return context.reject();
      context.accept();
    });
    connection.on('ready', () => {
      this.logins++;
      connection.on('session', (accept) =>
        accept().on('sftp', (acceptSftp) => this.speak(acceptSftp(), () => connection.end())),
      );
    });
  }

  private speak(sftp: SFTPWrapper, cut: () => void): void {
    const handles = new Map<number, Handle>();
    const opened = (id: number, path: string) => {
      const handle = Buffer.alloc(4);
      handle.writeUInt32BE(handles.size);
      handles.set(handles.size, { path, open: true, listed: false });
      sftp.handle(id, handle);
    };
    const at = (handle: Buffer) => handles.get(handle.readUInt32BE(0))?.path ?? '';
    const ok = (id: number) => sftp.status(id, STATUS_CODE.OK);
    sftp.on('REALPATH', (id, path) => sftp.name(id, [entry(posix.resolve('/', path), 0)]));
    sftp.on('OPEN', (id, path, flags) => {
      this.log.push(`OPEN ${path}`);
      if (flags & OPEN_MODE.TRUNC) this.files.set(full(path), Buffer.alloc(0));
      if (this.files.has(full(path))) opened(id, full(path));
      else sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
    });
    sftp.on('WRITE', (id, handle, offset, data) => {
      if (this.cutAt === 'WRITE') return this.cutNow(cut);
      const before = this.files.get(at(handle)) ?? Buffer.alloc(0);
      this.files.set(at(handle), Buffer.concat([before.subarray(0, offset), data]));
      ok(id);
    });
    sftp.on('READ', (id, handle, offset, length) => {
      if (this.silent && offset > 0) return;
      if (this.cutAt === 'READ' && offset > 0) return this.cutNow(cut);
      const data = (this.files.get(at(handle)) ?? Buffer.alloc(0)).subarray(offset, offset + length);
      if (data.length === 0) sftp.status(id, STATUS_CODE.EOF);
      else sftp.data(id, data);
    });
    sftp.on('FSTAT', (id, handle) => sftp.attrs(id, attributes(this.files.get(at(handle))?.length ?? 0)));
    for (const name of ['STAT', 'LSTAT'] as const)
      sftp.on(name, (id: number, path: string) => {
        const file = this.files.get(full(path));
        if (file) sftp.attrs(id, attributes(file.length));
        else sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
      });
    sftp.on('FSETSTAT', ok);
    sftp.on('SETSTAT', ok);
    sftp.on('OPENDIR', (id, path) => opened(id, full(path)));
    sftp.on('READDIR', (id, handle) => {
      const open = handles.get(handle.readUInt32BE(0));
      if (!open || open.listed) return sftp.status(id, STATUS_CODE.EOF);
      open.listed = true;
      const inside = [...this.files].filter(([path]) => posix.dirname(path) === open.path);
      sftp.name(id, inside.map(([path, content]) => entry(posix.basename(path), content.length))); // prettier-ignore
    });
    sftp.on('RENAME', (id, from, to) => {
      this.log.push(`RENAME ${from} ${to}`);
      if (this.cutAt === 'RENAME') return this.cutNow(cut);
      this.files.set(full(to), this.files.get(full(from)) ?? Buffer.alloc(0));
      this.files.delete(full(from));
      if (this.cutAt === 'after RENAME') return this.cutNow(cut);
      ok(id);
    });
    sftp.on('CLOSE', ok);
  }

  private cutNow(cut: () => void): void {
    this.cutAt = null;
    cut();
  }
}

/** A fresh private key as SSH servers and clients take it. */
export function sshKey(): string {
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    type: 'pkcs1',
    format: 'pem',
  }) as string;
}

const full = (path: string): string => posix.resolve('/', path);

function attributes(size: number): Attributes {
  return { mode: 0o100644, uid: 0, gid: 0, size, atime: 0, mtime: 0 };
}

function entry(filename: string, size: number): FileEntry {
  return { filename, longname: `-rw-r--r-- 1 bank bank ${size} Jan 1 00:00 ${filename}`, attrs: attributes(size) };
}
