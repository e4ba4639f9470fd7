import 'reflect-metadata';
import { Controller, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern, Payload, Transport, type MicroserviceOptions } from '@nestjs/microservices';
import { openDataSource } from '@yidian/database';
import { baselineEnvironment, POOL_SIZE } from '../style';
import { TOPUP, type TopupCall, type TopupReply } from '../topup-call';
import { BILLING_ENTITIES } from './billing.entities';
import { RawTopupsStore, SaveTopupsStore, type TopupsStore } from './topups.store';

const environment = baselineEnvironment();
const STORE = Symbol('topups');

@Controller()
class TopupsController {
  constructor(@Inject(STORE) private readonly store: TopupsStore) {}

  @MessagePattern(TOPUP)
  post(@Payload() call: TopupCall): Promise<TopupReply> {
    return this.store.post(call);
  }
}

/** The baseline's billing: Nest's TCP transport, one call and one transaction per top-up. */
@Module({
  controllers: [TopupsController],
  providers: [
    {
      provide: STORE,
      useFactory: async () => {
        const { DATABASE_URL: url, BASELINE_STYLE: style } = environment;
        const dataSource = await openDataSource({ url, poolSize: POOL_SIZE, entities: BILLING_ENTITIES });
        return style === 'save' ? new SaveTopupsStore(dataSource) : new RawTopupsStore(dataSource);
      },
    },
  ],
})
class BillingModule {}

async function main(): Promise<void> {
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(BillingModule, {
    transport: Transport.TCP,
    options: { host: '127.0.0.1', port: Number(environment.PORT) },
    logger: ['error', 'warn'],
  });
  await app.listen();
}

void main();
