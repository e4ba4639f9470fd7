import { loadConfig } from '@yidian/config';
import { billingConfig } from './billing.config';
import { startBilling } from './start-billing';

startBilling(loadConfig(billingConfig)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
