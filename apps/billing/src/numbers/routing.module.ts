import { Module } from '@nestjs/common';
import { RoutesStore } from './routes.store';

@Module({ providers: [RoutesStore], exports: [RoutesStore] })
export class RoutingModule {}
