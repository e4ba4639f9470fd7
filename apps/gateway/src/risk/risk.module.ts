import { Global, Module } from '@nestjs/common';
import { BlocksStore } from './blocks.store';

/** What may not be paid, and who looks at it. */
@Global()
@Module({ providers: [BlocksStore], exports: [BlocksStore] })
export class RiskModule {}
