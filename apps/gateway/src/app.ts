import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { httpServer, ProblemFilter } from '@yidian/http';
import { FrameServer } from '@yidian/messaging';
import { createLogger, nestLogger } from '@yidian/telemetry';
import type { GatewayConfig } from './gateway.config';
import { GatewayModule } from './gateway.module';
import { SECRETS, type Secrets } from './platform';
import { signAnswers } from './signed-answers';
import { serveSites } from './web-sites';

/** The gateway with its HTTP door and its RPC door, not listening yet. Tests and `main` build the same thing. */
export async function createGateway(config: GatewayConfig): Promise<NestFastifyApplication> {
  const logger = createLogger({ service: 'gateway', level: config.LOG_LEVEL });
  const http = httpServer({
    publicUrl: config.PUBLIC_URL,
    formsLeave: '/portal/', // UnionPay's page is reached by a form that the payer's browser posts
    trustProxy: config.TRUST_PROXY,
    logger,
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    GatewayModule.with(config),
    // Nest brings an older Fastify of its own; ours is faster and its type is another one.
    new FastifyAdapter(http.instance as unknown as ConstructorParameters<typeof FastifyAdapter>[0]),
    { logger: nestLogger(logger), bodyParser: false, abortOnError: false },
  );
  const problems = new ProblemFilter(config.PUBLIC_URL, http.routes, logger);
  app.useGlobalFilters(problems);
  const sign = signAnswers(http, app.get<Secrets>(SECRETS).signingKey, config.PUBLIC_URL);
  http.direct.begin({ sign, tell: (thrown, call, answer) => problems.tell(thrown, call, answer) });
  if (config.WEB_DIR) await serveSites(http.instance, config.WEB_DIR);
  app.connectMicroservice<MicroserviceOptions>({
    strategy: new FrameServer({ host: config.HOST, port: config.RPC_PORT }),
  });
  app.enableShutdownHooks();
  return app;
}
