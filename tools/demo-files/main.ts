import { ensureDemoFiles } from '../platform/demo-files';
import { makePlaces, placesOf } from '../platform/places';
import { demoFilesConfig } from './demo-files.config';

/** For docker compose with the sandbox: makes the demo's keys, operators and secrets once, where services read them. */
async function main(): Promise<void> {
  const config = demoFilesConfig();
  const places = placesOf(process.cwd(), config.CONFIG_DIR);
  makePlaces(places);
  const { profile } = await ensureDemoFiles(places, config.SANDBOX_URL, {
    firstBusinessDate: config.FIRST_BUSINESS_DATE,
    smscSecret: config.SMSC_SECRET,
  });
  process.stdout.write(`${profile} is there\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
