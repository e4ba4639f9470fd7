import { Module, type DynamicModule } from '@nestjs/common';
import { AccessModule } from './access';
import { DocsModule } from './channels/docs/docs.module';
import { FinanceModule } from './channels/finance/finance.module';
import { PartnerApiModule } from './channels/partner-api/partner-api.module';
import type { GatewayConfig } from './gateway.config';
import { HealthController } from './health.controller';
import { PlatformModule } from './platform.module';

/** The only door to the street. */
@Module({
  imports: [AccessModule, PartnerApiModule, FinanceModule, DocsModule.of(() => GatewayModule)],
  controllers: [HealthController],
})
export class GatewayModule {
  static with(config: GatewayConfig): DynamicModule {
    return { module: GatewayModule, imports: [PlatformModule.with(config)] };
  }
}
