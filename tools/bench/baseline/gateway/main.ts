import 'reflect-metadata';
import { Module, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientProxyFactory, Transport } from '@nestjs/microservices';
import { openDataSource } from '@yidian/database';
import { baselineEnvironment, POOL_SIZE } from '../style';
import { GATEWAY_ENTITIES } from './gateway.entities';
import { BILLING, PaymentsController, STORE } from './payments.controller';
import { RawPaymentsStore, SavePaymentsStore } from './payments.store';

const environment = baselineEnvironment();

/** The baseline's gateway: Nest with Express and class-validator, as its documentation shows it. */
@Module({
  controllers: [PaymentsController],
  providers: [
    {
      provide: BILLING,
      useFactory: () =>
        ClientProxyFactory.create({
          transport: Transport.TCP,
          options: { host: '127.0.0.1', port: Number(environment.BILLING_PORT) },
        }),
    },
    {
      provide: STORE,
      useFactory: async () => {
        const { DATABASE_URL: url, BASELINE_STYLE: style } = environment;
        const dataSource = await openDataSource({ url, poolSize: POOL_SIZE, entities: GATEWAY_ENTITIES });
        return style === 'save' ? new SavePaymentsStore(dataSource) : new RawPaymentsStore(dataSource);
      },
    },
  ],
})
class GatewayModule {}

async function main(): Promise<void> {
  const app = await NestFactory.create(GatewayModule, { logger: ['error', 'warn'] });
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }));
  await app.listen(Number(environment.PORT), '127.0.0.1');
}

void main();
