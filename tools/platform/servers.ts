import { rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { connectionOptions } from '@yidian/database';
import { redisConnection } from '@yidian/messaging';
import { socketFolder, startMysql, startRedis, type Binaries, type PrivateServer } from '@yidian/testing';
import { findBinaries } from './runtime';
import { inStep, PlainError, type Screen } from './progress';
import type { Places } from './places';
import type { RunEntry } from './run-file';

/** The database and Redis that a platform stands on, private ones or those the caller named. */
export interface Servers {
  adminUrl: string;
  redisUrl: string;
  /** Processes of ours, for the run file. */
  children: RunEntry[];
  stop(): Promise<void>;
}

export interface GivenServers {
  databaseUrl?: string;
  redisUrl?: string;
}

/** Starts what was not given. On a failure nothing of it stays running. */
export async function openServers(
  places: Places,
  given: GivenServers,
  screen: Screen,
  signal?: AbortSignal,
  where = 'private, in .data, socket only',
): Promise<Servers> {
  const started: PrivateServer[] = [];
  const children: RunEntry[] = [];
  const sockets = socketFolder();
  const stop = async () => {
    await Promise.all(started.map((server) => server.stop()));
    rmSync(sockets, { recursive: true, force: true });
  };
  try {
    const binaries = await programs(places, given, screen, signal);
    const adminUrl =
      given.databaseUrl ??
      (await inStep(
        screen,
        'MariaDB',
        () => keep(startMysql(binaries, join(places.data, 'mysql'), sockets), 'MariaDB'),
        () => where,
      ));
    if (given.databaseUrl) await named(screen, 'MariaDB', 'DATABASE_URL', () => pingMysql(adminUrl));
    const redisUrl =
      given.redisUrl ??
      (await inStep(
        screen,
        'Redis',
        () => keep(startRedis(binaries, join(places.data, 'redis'), sockets), 'Redis'),
        () => where,
      ));
    if (given.redisUrl) await named(screen, 'Redis', 'REDIS_URL', () => pingRedis(redisUrl));
    return { adminUrl, redisUrl, children, stop };
  } catch (error) {
    await stop();
    throw error;
  }

  async function keep(starting: Promise<PrivateServer>, name: string): Promise<string> {
    const server = await starting.catch((error: unknown) => {
      throw new PlainError(diskIsFull(places.data) ?? (error instanceof Error ? error.message : String(error)));
    });
    started.push(server);
    children.push({ name, pid: server.pid, marker: sockets }); // both show their socket on the command line
    return server.url;
  }
}

/** A database that finds no room says so in a dozen lines of its own; people need one. */
function diskIsFull(folder: string): string | undefined {
  const { bavail, bsize } = statfsSync(folder);
  const free = Math.floor((bavail * bsize) / 1_000_000);
  return free < 150 ? `The disk has only ${free} MB left: free some space, then start again.` : undefined;
}

async function programs(places: Places, given: GivenServers, screen: Screen, signal?: AbortSignal): Promise<Binaries> {
  const needs = { mysql: !given.databaseUrl, redis: !given.redisUrl };
  const step = screen.step('servers');
  try {
    const binaries = await findBinaries(needs, places.runtime, step, signal);
    const unpacked = binaries.mysqld.startsWith(places.runtime);
    step.done(unpacked ? 'signed Debian packages in .data/runtime' : 'programs found on this machine');
    return binaries;
  } catch (error) {
    step.fail();
    throw error;
  }
}

async function named(screen: Screen, name: string, variable: string, ping: () => Promise<void>): Promise<void> {
  await inStep(
    screen,
    name,
    async () => {
      try {
        await ping();
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new PlainError(`${name} named by ${variable} does not answer (${reason}).`);
      }
    },
    () => `as named by ${variable}`,
  );
}

async function pingMysql(url: string): Promise<void> {
  const connection = await mysql.createConnection(connectionOptions(url));
  try {
    await connection.query('SELECT 1');
  } finally {
    await connection.end();
  }
}

async function pingRedis(url: string): Promise<void> {
  const redis = redisConnection(url, false);
  try {
    await redis.ping();
  } finally {
    redis.disconnect();
  }
}
