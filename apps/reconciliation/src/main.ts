import { loadConfig } from '@yidian/config';
import { reconciliationConfig } from './reconciliation.config';
import { startReconciliation } from './start-reconciliation';

/** Longer than a drain takes; whoever started us would kill us soon after. */
const LAST_CALL_MS = 4_500;

async function main(): Promise<void> {
  const reconciliation = await startReconciliation(loadConfig(reconciliationConfig));
  const end = () => {
    setTimeout(() => process.exit(1), LAST_CALL_MS).unref();
    reconciliation.stop().then(
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
