import 'reflect-metadata';
import { ConfigError } from '@yidian/config';
import { createLogger } from '@yidian/telemetry';
import { ProfileError } from './access';
import { createGateway } from './app';
import { gatewayConfig } from './gateway.config';

/** Longest that requests under way may hold up a stop. */
const DRAIN_MS = 4_500;

async function main(): Promise<void> {
  const config = gatewayConfig();
  const app = await createGateway(config);
  await app.startAllMicroservices();
  await app.listen(config.HTTP_PORT, config.HOST);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => setTimeout(() => process.exit(0), DRAIN_MS).unref());
  }
}

main().catch((error: unknown) => {
  const logger = createLogger({ service: 'gateway' });
  if (error instanceof ConfigError || error instanceof ProfileError) logger.fatal(error.message);
  else logger.fatal({ err: error }, 'the gateway could not start');
  process.exit(1);
});
