import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { startMysql, startRedis, socketFolder, type PrivateServer } from '@yidian/testing';
import { makePlaces, placesOf, type Places } from '../../platform/places';
import { inStep, type Screen } from '../../platform/progress';
import { clearStaleRun, writeRun, type RunEntry } from '../../platform/run-file';
import { findBinaries } from '../../platform/runtime';
import type { Session } from '../../platform/session';
import { assertFullDurability } from './durability';

/** A database server of the bench's own, with every durability switch on, asserted; and a Redis when it is wanted. */
export interface BenchServers {
  places: Places;
  /** An administrator's URL without a schema. */
  adminUrl: string;
  databasePid: number;
  redisUrl: string;
  redisPid: number;
  /** What the server itself says about durability and size. */
  settings: Record<string, string>;
  /** Writes down what runs, so that after a SIGKILL of the bench the next one stops it first. */
  note(processes: readonly RunEntry[]): void;
}

export interface BenchServerOptions {
  /** Folder below `.data/bench`; emptied before and after. */
  name: string;
  root: string;
  screen: Screen;
  /** The servers are stopped by this session, whatever ends it. */
  session: Session;
  /** InnoDB's buffer pool. */
  poolMb?: number;
  redis?: boolean;
}

export async function startBenchServers(options: BenchServerOptions): Promise<BenchServers> {
  const { root, name, screen, session, poolMb = 1_024 } = options;
  endOnAccident(session, screen);
  const folder = join(root, '.data', 'bench', name);
  const places = { ...placesOf(root, folder, join(folder, 'out')), runtime: placesOf(root).runtime };
  await session.part(async () => void (await clearStaleRun(places.runFile)));
  rmSync(folder, { recursive: true, force: true });
  makePlaces(places);
  session.add(async () => rmSync(folder, { recursive: true, force: true }));
  const sockets = socketFolder();
  session.add(async () => rmSync(sockets, { recursive: true, force: true }));
  const binaries = await session.part(() =>
    inStep(
      screen,
      'servers',
      (step) => findBinaries({ mysql: true, redis: true }, places.runtime, step, session.signal),
      ({ mysqld }) => mysqld,
    ),
  );
  const started: RunEntry[] = [];
  const keep = async (what: string, starting: Promise<PrivateServer>): Promise<PrivateServer> => {
    const server = await starting;
    session.add(() => server.stop());
    started.push({ name: what, pid: server.pid, marker: sockets });
    return server;
  };
  const sized = { ...binaries, mysqldOptions: [...binaries.mysqldOptions, ...SIZES] };
  const database = await session.part(() => keep('MariaDB', startMysql(sized, join(folder, 'mysql'), sockets, poolMb)));
  const redis =
    options.redis === false
      ? undefined
      : await session.part(() => keep('Redis', startRedis(binaries, join(folder, 'redis'), sockets)));
  const settings = await session.part(() =>
    inStep(
      screen,
      'database',
      () => assertFullDurability(database.url),
      (found) => `${found['version']}, full durability asserted`,
    ),
  );
  const note = (processes: readonly RunEntry[]) =>
    writeRun(places.runFile, {
      address: 'the running benchmark',
      starter: { name: 'bench', pid: process.pid, marker: 'bench.mjs' },
      children: [...started, ...processes],
    });
  note([]);
  return {
    places,
    adminUrl: database.url,
    databasePid: database.pid,
    redisUrl: redis?.url ?? '',
    redisPid: redis?.pid ?? 0,
    settings,
    note,
  };
}

/** What anybody would set on a server that takes money all day; durability is not among it. */
const SIZES = ['--innodb-log-file-size=1G', '--innodb-log-buffer-size=64M', '--max-binlog-size=1G'];

/** An error that nobody waits for must not leave servers behind either. */
function endOnAccident(session: Session, screen: Screen): void {
  process.once('uncaughtException', (error) => {
    screen.say(error.stack);
    void session.stop().then(() => process.exit(1));
  });
}
