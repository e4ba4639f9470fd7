import { Module, type DynamicModule } from '@nestjs/common';
import { AccessModule } from './access';
import { AgreementsModule } from './agreements/agreements.module';
import { AutoTopupModule } from './auto-topup/auto-topup.module';
import { DocsModule } from './channels/docs/docs.module';
import { FinanceModule } from './channels/finance/finance.module';
import { PartnerApiModule } from './channels/partner-api/partner-api.module';
import { PortalModule } from './channels/portal/portal.module';
import { SmsModule } from './channels/sms/sms.module';
import { DoubtsModule } from './doubts/doubts.module';
import type { GatewayConfig } from './gateway.config';
import { ExposureModule } from './exposure/exposure.module';
import { HealthController } from './health.controller';
import { NotificationsModule } from './notifications/notifications.module';
import { PartnerStatementsModule } from './partner-statements/partner-statements.module';
import { PaymentsModule } from './payments/payments.module';
import { PlatformModule } from './platform.module';
import { ProvidersModule } from './providers/providers.module';
import { RiskModule } from './risk/risk.module';
import { RoutingModule } from './routing/routing.module';

/** The only door to the street. */
@Module({
  imports: [
    AccessModule,
    RoutingModule,
    ProvidersModule,
    PaymentsModule,
    RiskModule,
    AgreementsModule,
    AutoTopupModule,
    DoubtsModule,
    NotificationsModule,
    ExposureModule,
    PartnerStatementsModule,
    PartnerApiModule,
    PortalModule,
    SmsModule,
    FinanceModule,
    DocsModule.of(() => GatewayModule),
  ],
  controllers: [HealthController],
})
export class GatewayModule {
  static with(config: GatewayConfig): DynamicModule {
    return { module: GatewayModule, imports: [PlatformModule.with(config)] };
  }
}
