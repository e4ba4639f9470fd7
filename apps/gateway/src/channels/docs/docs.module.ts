import { Module, type DynamicModule } from '@nestjs/common';
import { ApiDescription } from './api-description';
import { DocsController } from './docs.controller';

@Module({ controllers: [DocsController] })
export class DocsModule {
  /** @param app the module whose routes are described */
  static of(app: () => new (...args: never[]) => object): DynamicModule {
    return {
      module: DocsModule,
      providers: [{ provide: ApiDescription, useFactory: () => new ApiDescription(app()) }],
    };
  }
}
