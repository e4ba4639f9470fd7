import { Module } from '@nestjs/common';
import { BreaksStore } from './breaks.store';
import { FindingsStore } from './findings.store';

/** The rows of breaks, for the rooms that find them. */
@Module({ providers: [BreaksStore, FindingsStore], exports: [BreaksStore, FindingsStore] })
export class FindingsModule {}
