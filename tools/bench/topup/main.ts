import { join } from 'node:path';
import type { Screen } from '../../platform/progress';
import { Session } from '../../platform/session';
import { startBenchServers } from '../stage/bench-servers';
import { CommitCounter } from '../stage/commit-counts.store';
import { durabilityLine } from '../stage/durability';
import { fsyncPerSecond } from '../stage/fsync-rate';
import { machineLine } from '../stage/machine';
import { printJson } from '../stage/report';
import { GeneratorProcess } from './generator-process';
import { killDrill } from './kill-drill';
import { topupOptions } from './options';
import { runTopups } from './run-topups';

export interface BenchInput {
  root: string;
  screen: Screen;
  args: readonly string[];
}

/** `npm run bench:topup`: from a partner's signed request to the credited number, durable at every step. */
export async function run({ root, screen, args }: BenchInput): Promise<number> {
  const options = topupOptions(args);
  const session = new Session(() => screen.say('\n stopping …'));
  try {
    const { poolMb } = options;
    const servers = await startBenchServers({ name: 'topup', root, screen, session, poolMb });
    const fsync = fsyncPerSecond(servers.places.data);
    screen.say(`   ${machineLine()}`);
    screen.say(`   ${durabilityLine(servers.settings)}`);
    screen.say(`   fsync ${fsync} per s`);
    const generator = new GeneratorProcess(root);
    session.add(() => generator.stop());
    session.signal.addEventListener('abort', () => void generator.stop()); // a run ends at once, not when its time is up
    const commits = await CommitCounter.open(servers.adminUrl);
    session.add(() => commits.close());
    const around = {
      root,
      screen,
      session,
      servers,
      generator,
      commits,
      options,
      journal: join(servers.places.data, 'journal'),
    };
    const { clean, json } = options.kill ? await killDrill(around, options.kill) : await runTopups(around);
    if (options.json) printJson({ ...json, fsync_per_s: fsync });
    return clean ? 0 : 1;
  } finally {
    await session.stop();
  }
}
