import { Module, type DynamicModule } from '@nestjs/common';
import { AccessModule } from './access';
import type { GatewayConfig } from './gateway.config';
import { PlatformModule } from './platform.module';

/** The only door to the street. */
@Module({})
export class GatewayModule {
  static with(config: GatewayConfig): DynamicModule {
    return { module: GatewayModule, imports: [PlatformModule.with(config), AccessModule] };
  }
}
