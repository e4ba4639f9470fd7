import { readDemoFile } from '../../sandbox/src/demo/demo-file';
import { silentScreen } from '../platform/progress';
import { seedSubscribers } from '../platform/seed-subscribers';
import { peopleConfig } from './people.config';

/** For docker compose with the sandbox: registers the demo's subscribers at billing. Again changes nothing. */
async function main(): Promise<void> {
  const config = peopleConfig();
  const { seed } = readDemoFile(config.DEMO_FILE);
  const count = await seedSubscribers(config.BILLING_RPC, seed, silentScreen.step('people'));
  process.stdout.write(`${count} subscribers are registered\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
