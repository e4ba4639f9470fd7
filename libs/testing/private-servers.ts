import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { Redis } from 'ioredis';
import { connectionOptions } from '@yidian/database';

/**
 * A private MariaDB/MySQL and Redis: own data folder, unix socket only, started and stopped by whoever needs them.
 * Full durability is on even in tests: readiness checks it, and without the binlog a fact could be read before it is safe.
 */

/** Programs to run, and the environment they need (unpacked packages bring their own libraries). */
export interface Binaries {
  mysqld: string;
  /** Set for MariaDB; MySQL initialises itself. */
  installDb?: string;
  redis: string;
  env: NodeJS.ProcessEnv;
  /** Extra server options, such as where unpacked message files lie. */
  mysqldOptions: string[];
}

export interface PrivateServer {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

export function binariesOnPath(env: NodeJS.ProcessEnv = process.env): Partial<Binaries> {
  const directories = [...(env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/local/sbin'];
  const find = (...names: string[]) =>
    names.flatMap((name) => directories.map((dir) => join(dir, name))).find((path) => existsSync(path));
  return {
    mysqld: find('mariadbd', 'mysqld'),
    installDb: find('mariadb-install-db', 'mysql_install_db'),
    redis: find('redis-server', 'valkey-server'),
    env,
    mysqldOptions: [],
  };
}

/** Unix socket paths end at ~107 bytes, so sockets live in a short temporary folder, not beside the data. */
export function socketFolder(): string {
  return mkdtempSync(join(tmpdir(), 'yd-'));
}

const DURABLE = ['--log-bin=binlog', '--sync-binlog=1', '--innodb-flush-log-at-trx-commit=1', '--server-id=1'];
const HOUSE = [
  '--character-set-server=utf8mb4',
  '--collation-server=utf8mb4_bin',
  '--transaction-isolation=READ-COMMITTED',
  '--sql-mode=STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION',
  '--default-time-zone=+00:00',
  '--skip-networking',
  '--skip-name-resolve',
  '--binlog-expire-logs-seconds=259200',
  '--max-connections=300',
  // A batch of the lanes is larger than the 32 KiB after which its binlog goes through a file; its SQL text is worth nothing there.
  '--binlog-cache-size=4M',
  '--loose-binlog-annotate-row-events=OFF',
  // Key and changed columns say all that a replay needs: a payment's move names 6 columns of 47.
  '--binlog-row-image=MINIMAL',
];

export async function startMysql(
  binaries: Binaries,
  dataDir: string,
  sockets: string,
  poolMb = 256,
): Promise<PrivateServer> {
  const socket = join(sockets, 'mysql.sock');
  const asRoot = process.getuid?.() === 0 ? ['--user=root'] : [];
  if (!existsSync(join(dataDir, 'mysql'))) initialise(binaries, dataDir, asRoot);
  const child = spawn(
    binaries.mysqld,
    [
      '--no-defaults',
      ...binaries.mysqldOptions,
      `--datadir=${dataDir}`,
      `--socket=${socket}`,
      // Of its own: a server that starts clears away what it takes for leftovers, and in a shared folder they are its neighbours'.
      `--tmpdir=${sockets}`,
      `--pid-file=${dataDir}/mysqld.pid`,
      `--log-error=${dataDir}/error.log`,
      `--innodb-buffer-pool-size=${poolMb}M`,
      ...asRoot,
      ...HOUSE,
      ...DURABLE,
    ],
    { env: binaries.env, stdio: 'ignore', detached: true },
  );
  const url = `mysql://root@localhost/?socketPath=${encodeURIComponent(socket)}`;
  await until(child, `MariaDB (see ${dataDir}/error.log)`, async () => {
    if (!existsSync(socket)) throw new Error('no socket yet'); // a refused connect would keep its time-out running
    const connection = await mysql.createConnection(connectionOptions(url));
    await connection.query('SELECT 1');
    await connection.end();
  });
  return { url, pid: child.pid ?? 0, stop: () => stop(child) };
}

function initialise(binaries: Binaries, dataDir: string, asRoot: string[]): void {
  mkdirSync(dataDir, { recursive: true });
  const [program, args] = binaries.installDb
    ? [
        binaries.installDb,
        [
          '--no-defaults',
          '--force', // a host whose own name cannot be looked up is no obstacle: nothing here listens on a network
          '--skip-test-db',
          '--auth-root-authentication-method=normal',
          ...binaries.mysqldOptions,
        ],
      ]
    : [binaries.mysqld, ['--no-defaults', '--initialize-insecure', ...binaries.mysqldOptions]];
  const done = spawnSync(program, [...args, `--datadir=${dataDir}`, ...asRoot], {
    env: binaries.env,
    encoding: 'utf8',
  });
  if (done.status !== 0) {
    rmSync(dataDir, { recursive: true, force: true });
    throw new Error(
      `The database folder could not be made: ${(done.stderr || done.stdout || String(done.error)).trim().slice(-400)}`,
    );
  }
}

export async function startRedis(binaries: Binaries, dataDir: string, sockets: string): Promise<PrivateServer> {
  mkdirSync(dataDir, { recursive: true });
  const socket = join(sockets, 'redis.sock');
  const child = spawn(
    binaries.redis,
    [
      '--port',
      '0',
      '--unixsocket',
      socket,
      '--dir',
      dataDir,
      '--appendonly',
      'yes',
      '--appendfsync',
      'everysec',
      '--save',
      '',
      '--maxmemory-policy',
      'noeviction',
      '--logfile',
      join(dataDir, 'redis.log'),
    ],
    { env: binaries.env, stdio: 'ignore', detached: true },
  );
  await until(child, `Redis (see ${dataDir}/redis.log)`, async () => {
    const redis = new Redis({
      ...{ path: socket, lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null },
      disconnectTimeout: 1, // of each failed try it would keep the process for two seconds
    });
    redis.on('error', () => undefined);
    try {
      await redis.connect();
      await redis.ping();
    } finally {
      redis.disconnect();
    }
  });
  return { url: `unix://${socket}`, pid: child.pid ?? 0, stop: () => stop(child) };
}

async function until(child: ChildProcess, what: string, ready: () => Promise<void>, seconds = 60): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  let spawnError: Error | undefined;
  child.once('error', (error) => (spawnError = error));
  for (;;) {
    try {
      await ready();
      return;
    } catch (error) {
      if (spawnError) throw new Error(`${what} could not be started: ${spawnError.message}`, { cause: spawnError });
      if (child.exitCode !== null)
        throw new Error(`${what} ended at once with code ${child.exitCode}`, { cause: error });
      if (Date.now() > deadline) {
        child.kill('SIGKILL');
        throw new Error(`${what} was not ready after ${seconds} s`, { cause: error });
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await gone;
  clearTimeout(late);
}
