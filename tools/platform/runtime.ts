import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { binariesOnPath, type Binaries } from '@yidian/testing';
import { canUnpack, unpackDebian } from './debian';
import { PlainError, type Step } from './progress';

/** Debian 12's names; a name that the host's release does not know is left out. */
const WANTED = ['mariadb-server-core', 'mariadb-client-core', 'redis-server', 'redis-tools'];
const LIBRARIES = [
  'libjemalloc2',
  'liblzf1',
  'liburing2',
  'libaio1',
  'libnuma1',
  'libsnappy1v5',
  'liblzo2-2',
  'libhiredis0.14',
  'liblua5.1-0',
  'libatomic1',
];

export interface DatabaseNeeds {
  mysql: boolean;
  redis: boolean;
}

/** Programs for a private MariaDB and Redis: from the PATH, else unpacked; throws one sentence when neither can be. */
export async function findBinaries(
  needs: DatabaseNeeds,
  runtime: string,
  step: Step,
  signal?: AbortSignal,
): Promise<Binaries> {
  const found = binariesOnPath();
  if ((found.mysqld || !needs.mysql) && (found.redis || !needs.redis)) return complete(found);
  const missing = [needs.mysql && !found.mysqld && 'MariaDB', needs.redis && !found.redis && 'Redis'].filter(Boolean);
  const root = join(runtime, 'servers');
  if (!canUnpack()) throw new PlainError(`${missing.join(' and ')} not found: ${advice(missing.length)}`);
  try {
    await unpackDebian({ wanted: WANTED, libraries: LIBRARIES, into: root }, step, signal);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PlainError(`${missing.join(' and ')} could not be fetched (${reason}): ${advice(missing.length)}`);
  }
  return unpacked(root, found);
}

function advice(count: number): string {
  const url =
    count > 1 ? 'DATABASE_URL and REDIS_URL to running servers' : 'DATABASE_URL or REDIS_URL to a running one';
  return `install ${count > 1 ? 'them' : 'it'} (mariadb-server, redis-server; macOS: brew install mariadb redis), or set ${url}.`;
}

const complete = (found: Partial<Binaries>): Binaries => ({
  mysqld: found.mysqld ?? '',
  installDb: found.installDb,
  redis: found.redis ?? '',
  env: found.env ?? process.env,
  mysqldOptions: found.mysqldOptions ?? [],
});

/** What lies unpacked; a program that the host has is taken from the host, with the host's libraries. */
function unpacked(root: string, found: Partial<Binaries>): Binaries {
  const share = join(root, 'usr/share/mysql');
  return {
    mysqld: join(root, 'usr/sbin/mariadbd'),
    installDb: join(root, 'usr/bin/mariadb-install-db'),
    redis: found.redis ?? join(root, 'usr/bin/redis-server'),
    env: withLibraries(root),
    mysqldOptions: [
      `--basedir=${join(root, 'usr')}`,
      `--lc-messages-dir=${share}`,
      `--character-sets-dir=${join(share, 'charsets')}`,
      `--plugin-dir=${join(root, 'usr/lib/mysql/plugin')}`,
    ],
  };
}

/** The environment in which programs under `root` find their own libraries first. */
export function withLibraries(root: string): NodeJS.ProcessEnv {
  const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  const libraries = [join(root, 'usr/lib', triplet), join(root, 'lib', triplet)].flatMap(libraryFolders);
  const own = [join(root, 'usr/sbin'), join(root, 'usr/bin')];
  return {
    ...process.env,
    PATH: [...own, process.env['PATH'] ?? ''].join(':'),
    LD_LIBRARY_PATH: [...libraries, process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':'),
  };
}

/** A folder and those below it that hold libraries: some packages keep private ones apart (libpulsecommon). */
function libraryFolders(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const below = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name))
    .filter((path) => readdirSync(path).some((name) => /\.so(\.|$)/.test(name)));
  return [folder, ...below];
}
