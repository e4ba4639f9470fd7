import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { FrameServer } from '@yidian/messaging';
import { createLogger, nestLogger } from '@yidian/telemetry';
import type { AddressInfo, Server } from 'node:net';
import 'reflect-metadata';
import type { SettlementConfig } from './settlement.config';
import { SettlementModule } from './settlement.module';

export interface RunningSettlement {
  app: INestMicroservice;
  rpcPort: number;
}

/** One process of settlement: RPC on TCP, health on HTTP. Port 0 takes a free one. `app.close()` drains. */
export async function startSettlement(config: SettlementConfig): Promise<RunningSettlement> {
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(SettlementModule.with(config), {
    strategy: new FrameServer({ host: config.HOST, port: config.RPC_PORT }),
    logger: nestLogger(createLogger({ service: 'settlement', level: config.LOG_LEVEL })),
    abortOnError: false,
  });
  try {
    await app.listen();
  } catch (error) {
    await app.close(); // a lane left open would hold up whoever waits for all lanes
    throw error;
  }
  return { app, rpcPort: (app.unwrap<Server>().address() as AddressInfo).port };
}
