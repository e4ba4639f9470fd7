import { Module } from '@nestjs/common';
import { Adapters } from './adapters';
import { AdaptersStore } from './adapters.store';

/** Stands under the other rooms: who keeps a subscriber's balance is asked in many places. */
@Module({ providers: [AdaptersStore, Adapters], exports: [Adapters] })
export class AdaptersModule {}
