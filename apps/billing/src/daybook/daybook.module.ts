import { Module } from '@nestjs/common';
import { DaybookController } from './daybook.controller';
import { KnownProviders } from './known-providers';

@Module({ controllers: [DaybookController], providers: [KnownProviders], exports: [KnownProviders] })
export class DaybookModule {}
