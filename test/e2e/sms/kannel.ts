import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { canUnpack } from '../../../tools/platform/debian';

const ROOT = join(__dirname, '../../..');
const INTO = join(ROOT, '.data', 'test', 'kannel');

/** Where Debian's kannel lies, fetched on the first call of this machine; or why it cannot be had. */
export function kannelFiles(): { root: string } | { why: string } {
  if (!canUnpack()) return { why: 'no apt-get and dpkg-deb here' };
  try {
    mkdirSync(INTO, { recursive: true });
    const script = [join(ROOT, 'libs/testing/run-typescript.cjs'), join(__dirname, 'fetch-kannel.ts'), INTO] as const;
    execFileSync(process.execPath, ['-r', ...script], { timeout: 180_000, stdio: ['ignore', 'ignore', 'pipe'] });
    return { root: INTO };
  } catch (error) {
    const said = String((error as { stderr?: Buffer }).stderr ?? '').trim();
    return { why: said === '' ? 'kannel could not be fetched' : said };
  }
}

export interface KannelOptions {
  root: string;
  /** Where smsbox brings texts, with Kannel's own escapes. */
  getUrl: string;
  /** The message centre that bearerbox binds to; without it bearerbox plays one itself, for fakesmsc. */
  centre?: { port: number; user: string; password: string };
}

/** One bearerbox and one smsbox, loopback only but for the port of Kannel's fake centre, which knows no interface. */
export class Kannel {
  readonly said: string[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), 'yd-kannel-'));
  private readonly running: ChildProcess[] = [];
  private ports = { admin: 0, box: 0, fake: 0, send: 0 };

  constructor(private readonly options: KannelOptions) {}

  async start(): Promise<void> {
    const [admin, box, fake, send] = await freePorts(4);
    this.ports = { admin, box, fake, send } as Kannel['ports'];
    mkdirSync(join(this.folder, 'spool'));
    const conf = join(this.folder, 'kannel.conf');
    writeFileSync(conf, this.conf());
    this.run('usr/sbin/bearerbox', ['-v', '2', conf]);
    await sleep(1_500);
    this.run('usr/sbin/smsbox', ['-v', '2', conf]);
    await sleep(1_000);
  }

  /** Texts through the fake centre; it never ends by itself. */
  fakePhone(from: string, to: string, text: string): ChildProcess {
    const message = `${from} ${to} text ${text}`;
    const place = ['-H', '127.0.0.1', '-r', String(this.ports.fake), '-i', '0.2', '-m', '1'];
    return this.run('usr/lib/kannel/test/fakesmsc', [...place, message]);
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.running.map(async (process) => {
        if (process.exitCode !== null || process.signalCode !== null) return;
        const ended = new Promise((resolve) => process.once('exit', resolve));
        process.kill('SIGTERM');
        await Promise.race([ended, sleep(4_000, undefined, { ref: false })]);
        process.kill('SIGKILL');
      }),
    );
    rmSync(this.folder, { recursive: true, force: true });
  }

  private run(program: string, args: string[]): ChildProcess {
    const { root } = this.options;
    const libraries = [join(root, 'usr/lib/x86_64-linux-gnu'), join(root, 'lib/x86_64-linux-gnu')].join(':');
    const child = spawn(join(root, program), args, { cwd: this.folder, env: { LD_LIBRARY_PATH: libraries } });
    const hear = (chunk: Buffer): void => void this.said.push(`${program}: ${chunk.toString()}`);
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('error', (error) => this.said.push(`${program}: ${error.message}`));
    this.running.push(child);
    return child;
  }

  private conf(): string {
    const { getUrl, centre } = this.options;
    const { admin, box, fake, send } = this.ports;
    const smsc = centre
      ? [
          ...['smsc = smpp', 'smsc-id = SMPP', 'host = 127.0.0.1', `port = ${centre.port}`, 'transceiver-mode = true'],
          ...[`smsc-username = ${centre.user}`, `smsc-password = ${centre.password}`, 'system-type = ""'],
          ...['interface-version = 34', 'enquire-link-interval = 5', 'reconnect-delay = 1', 'wait-ack = 5'],
        ]
      : ['smsc = fake', 'smsc-id = FAKE', `port = ${fake}`, 'connect-allow-ip = 127.0.0.1'];
    return groups({
      core: [
        ...[`admin-port = ${admin}`, 'admin-interface = 127.0.0.1', 'admin-password = adm'],
        ...['admin-deny-ip = "*.*.*.*"', 'admin-allow-ip = "127.0.0.1"'],
        ...[
          `smsbox-port = ${box}`,
          'smsbox-interface = 127.0.0.1',
          'box-deny-ip = "*.*.*.*"',
          'box-allow-ip = "127.0.0.1"',
        ],
        ...['store-type = spool', `store-location = ${join(this.folder, 'spool')}`, 'dlr-storage = internal'],
      ],
      smsc,
      smsbox: [
        ...['bearerbox-host = 127.0.0.1', `sendsms-port = ${send}`, 'sendsms-interface = 127.0.0.1'],
        ...['global-sender = 10086', 'http-request-retry = 3', 'http-queue-delay = 1', 'mo-recode = true'],
        ...['reply-couldnotfetch = "TRY LATER"', 'reply-requestfailed = "REFUSED"', 'reply-emptymessage = ""'],
      ],
      'sendsms-user': ['username = pay', 'password = pay', 'user-allow-ip = "127.0.0.1"'],
      'sms-service': [
        ...['keyword = default', 'catch-all = true', `get-url = "${getUrl}"`],
        ...['max-messages = 3', 'omit-empty = true', 'accept-x-kannel-headers = true'],
      ],
    });
  }
}

const groups = (all: Record<string, string[]>): string =>
  Object.entries(all)
    .map(([name, lines]) => [`group = ${name}`, ...lines, ''].join('\n'))
    .join('\n');

/** Below the range from which the kernel takes ports for outgoing connections. */
async function freePorts(count: number): Promise<number[]> {
  const found: number[] = [];
  for (let port = 15_000 + (process.pid % 1_000) * 10; found.length < count; port += 1) {
    const free = await new Promise<boolean>((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
    if (free) found.push(port);
  }
  return found;
}
