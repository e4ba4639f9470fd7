import { totalmem } from 'node:os';
import { provision, openDb, type Db } from '@yidian/database';
import { Books } from '@yidian/journal';
import { schema } from '../../../apps/billing/src/schema';
import { inStep, PlainError, type Screen } from '../../platform/progress';
import { Session } from '../../platform/session';
import { startBenchServers } from '../stage/bench-servers';
import { durabilityLine } from '../stage/durability';
import { fsyncPerSecond } from '../stage/fsync-rate';
import { machineLine } from '../stage/machine';
import { printJson } from '../stage/report';
import { Sums } from './checks.store';
import { benchOptions, type LedgerBenchOptions } from './options';
import { loadLedger } from './load.store';
import { contest, type Field } from './contest';
import { DAY, PROVIDER } from './workload';
import { resultOf, tell } from './result';

/** Room for what is loaded, but never more than a quarter of the machine. */
const POOL_MB = Math.min(2_048, Math.floor(totalmem() / 2 ** 22));

interface BenchRun {
  root: string;
  screen: Screen;
  args: readonly string[];
}

/** `npm run bench:ledger`: the write door beside two ordinary ways to do the same, on one private durable database. */
export async function run({ root, screen, args }: BenchRun): Promise<number> {
  const options = benchOptions(args);
  const session = new Session(() => screen.say('\n stopping …'));
  try {
    const servers = await startBenchServers({ name: 'ledger', root, screen, session, poolMb: POOL_MB, redis: false });
    const fsync = fsyncPerSecond(servers.places.data);
    screen.say(`   ${machineLine()}`);
    screen.say(`   ${durabilityLine(servers.settings)}`);
    screen.say(`   the disk forces ${fsync} writes/s one after the other`);
    const { url } = await session.part(() => provision(servers.adminUrl, 'bench', schema, 'bench-password'));
    const db = await openDb({ url, poolSize: 2 });
    session.add(() => db.close());
    const sums = await session.part(() => prepare(servers.adminUrl, url, db, options, screen));
    session.add(() => sums.close());
    const field: Field = { url, db, sums, serverPid: servers.databasePid, options, screen, session };
    const rows = await contest(field);
    const result = resultOf(rows, options, fsync);
    tell(screen, rows, result);
    screen.say(`   ${machineLine()}`);
    await session.stop();
    if (options.json) printJson(result);
    return 0;
  } catch (error) {
    await session.stop();
    throw error;
  }
}

async function prepare(
  adminUrl: string,
  url: string,
  db: Db,
  options: LedgerBenchOptions,
  screen: Screen,
): Promise<Sums> {
  await new Books(db).ensureProvider(PROVIDER, DAY);
  if (options.loaded < options.accounts) throw new PlainError('--loaded must be at least 10 000.');
  const admin = new URL(adminUrl);
  admin.pathname = '/bench_billing';
  await inStep(
    screen,
    'loading',
    (step) =>
      loadLedger(admin.toString(), options.loaded, options.accounts, (done) => step.progress(done, options.loaded)),
    () => `${options.loaded} postings and transfers, ${options.accounts} accounts`,
  );
  return inStep(
    screen,
    'sums',
    (step) => openSums(url, db, (read) => step.progress(read, options.loaded)),
    () => 'every balance is the sum of its transfers',
  );
}

async function openSums(url: string, db: Db, progress: (read: number) => void): Promise<Sums> {
  const sums = await Sums.open(url, db, progress);
  const { accounts, total } = await sums.off();
  if (accounts > 0 || total !== 0n)
    throw new PlainError(`What was loaded does not add up: ${accounts} balances are off, the sum is ${total}.`);
  return sums;
}
