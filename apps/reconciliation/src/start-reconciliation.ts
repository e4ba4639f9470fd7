import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import type { Db } from '@yidian/database';
import { assertDurable, Audit, keepAnchors } from '@yidian/journal';
import { FrameServer } from '@yidian/messaging';
import { createLogger, healthServer, nestLogger, type Logger } from '@yidian/telemetry';
import type { AddressInfo, Server } from 'node:net';
import 'reflect-metadata';
import { LOGGER } from './alarms/raise-alarm';
import { DB, type ReconciliationConfig } from './reconciliation.config';
import { ReconciliationModule } from './reconciliation.module';

export interface RunningReconciliation {
  app: INestMicroservice;
  rpcPort: number;
  healthPort: number;
  /** Ends what was begun as far as time allows; the rest is taken over by its lease. */
  stop(): Promise<void>;
}

/** One process of reconciliation: RPC on TCP, health on HTTP, the night's worker and jobs. Port 0 takes a free one. */
export async function startReconciliation(config: ReconciliationConfig): Promise<RunningReconciliation> {
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(ReconciliationModule.with(config), {
    strategy: new FrameServer({ host: config.HOST, port: config.RPC_PORT }),
    abortOnError: false, // the caller says in one sentence why it could not start
    logger: nestLogger(createLogger({ service: 'reconciliation', level: config.LOG_LEVEL })),
  });
  try {
    await app.listen();
    const health = await healthServer(config.HTTP_PORT, checksOf(app), config.HOST);
    const anchors = await keepAnchors(app.get<Db>(DB), {
      service: 'reconciliation',
      keyFile: config.ANCHOR_KEY_FILE,
      onError: (err) => app.get<Logger>(LOGGER).error({ err }, 'no anchor this minute'),
    });
    return {
      app,
      rpcPort: (app.unwrap<Server>().address() as AddressInfo).port,
      healthPort: health.port,
      stop: async () => {
        anchors.stop();
        await health.close();
        await app.close();
      },
    };
  } catch (error) {
    await app.close();
    throw error;
  }
}

function checksOf(app: INestMicroservice) {
  const db = app.get<Db>(DB);
  const audit = app.get(Audit);
  return {
    database: () => assertDurable(db),
    audit: () => {
      if (!audit.ready()) throw new Error('the audit lane is closed');
    },
  };
}
