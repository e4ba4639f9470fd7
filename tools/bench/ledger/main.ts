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
import { benchOptions, type LedgerBenchOptions } from './options';
import { loadLedger } from './load.store';
import { contest, type Field } from './contest';
import { DAY, PROVIDER } from './workload';
import { resultOf, tell } from './result';

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
    const servers = await startBenchServers({ name: 'ledger', root, screen, session, poolMb: 2_048, redis: false });
    const fsync = fsyncPerSecond(servers.places.data);
    screen.say(`   ${machineLine()}`);
    screen.say(`   ${durabilityLine(servers.settings)}`);
    screen.say(`   the disk forces ${fsync} writes/s one after the other`);
    const { url } = await session.part(() => provision(servers.adminUrl, 'bench', schema, 'bench-password'));
    const db = await openDb({ url, poolSize: 2 });
    session.add(() => db.close());
    await session.part(() => prepare(servers.adminUrl, db, options, screen));
    const field: Field = { url, db, serverPid: servers.databasePid, options, screen, session };
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

async function prepare(adminUrl: string, db: Db, options: LedgerBenchOptions, screen: Screen): Promise<void> {
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
}
