import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  binariesOnPath,
  socketFolder,
  startMysql,
  startRedis,
  type Binaries,
  type PrivateServer,
} from './private-servers';

declare global {
  var yidianTestServers: PrivateServer[] | undefined;
}

/** One private database server and Redis per jest run; workers keep apart by schema prefix (TEST_DATABASE_URL may name a server instead). */
export default async function globalSetup(): Promise<void> {
  if (process.env['TEST_DATABASE_URL'] && process.env['TEST_REDIS_URL']) return;
  const binaries = binariesOnPath();
  if (!binaries.mysqld || !binaries.redis)
    throw new Error('Tests need MariaDB and Redis: run them through `npm test`, which brings both.');
  const home = mkdtempSync(join(tmpdir(), 'yd-test-'));
  const sockets = socketFolder();
  const [mysql, redis] = await Promise.all([
    startMysql(binaries as Binaries, join(home, 'mysql'), sockets, 128),
    startRedis(binaries as Binaries, join(home, 'redis'), sockets),
  ]);
  globalThis.yidianTestServers = [mysql, redis];
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void interrupted());
  process.env['TEST_DATABASE_URL'] = mysql.url;
  process.env['TEST_REDIS_URL'] = redis.url;
}

/** A run that is interrupted has no teardown; its servers must not outlive it. */
async function interrupted(): Promise<void> {
  await Promise.all((globalThis.yidianTestServers ?? []).map((server) => server.stop()));
  process.exit(130);
}
