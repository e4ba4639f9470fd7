import { Global, Module } from '@nestjs/common';
import { Treasury } from './treasury';

/** The treasury profile: asked by whoever pays, is paid, or counts working days. */
@Global()
@Module({ providers: [Treasury], exports: [Treasury] })
export class TreasuryModule {}
