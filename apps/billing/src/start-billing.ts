import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { FrameServer } from '@yidian/messaging';
import { createLogger, nestLogger } from '@yidian/telemetry';
import type { AddressInfo, Server } from 'node:net';
import 'reflect-metadata';
import type { BillingConfig } from './billing.config';
import { BillingModule } from './billing.module';
import { Lifecycle } from './resources/lifecycle';

export interface RunningBilling {
  app: INestMicroservice;
  rpcPort: number;
  /** Finishes and answers what was begun, then closes. */
  stop(): Promise<void>;
}

/** One process of billing: RPC on TCP, health on HTTP. Port 0 takes a free one. */
export async function startBilling(config: BillingConfig): Promise<RunningBilling> {
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(BillingModule.with(config), {
    strategy: new FrameServer({ host: config.HOST, port: config.RPC_PORT }),
    abortOnError: false, // the caller says in one sentence why it could not start
    logger: nestLogger(createLogger({ service: 'billing', level: config.LOG_LEVEL })),
  });
  try {
    await app.listen();
  } catch (error) {
    await app.close(); // a lane left open would hold up the next cut
    throw error;
  }
  return {
    app,
    rpcPort: (app.unwrap<Server>().address() as AddressInfo).port,
    stop: async () => {
      await app.get(Lifecycle, { strict: false }).drain();
      await app.close();
    },
  };
}
