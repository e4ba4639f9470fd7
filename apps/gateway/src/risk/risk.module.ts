import { Global, Module } from '@nestjs/common';
import { BlocksStore } from './blocks.store';
import { DecisionsStore } from './decisions.store';

const STORES = [BlocksStore, DecisionsStore];

/** What may not be paid, and who looks at it. */
@Global()
@Module({ providers: STORES, exports: STORES })
export class RiskModule {}
