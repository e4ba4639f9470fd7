import { loadConfig } from '@yidian/config';
import { settlementConfig } from './settlement.config';
import { startSettlement } from './start-settlement';

/** Longer than a drain takes; whoever started us would kill us soon after. */
const LAST_CALL_MS = 4_500;

async function main(): Promise<void> {
  const { app } = await startSettlement(loadConfig(settlementConfig));
  const end = () => {
    setTimeout(() => process.exit(1), LAST_CALL_MS).unref();
    app.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, end);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
