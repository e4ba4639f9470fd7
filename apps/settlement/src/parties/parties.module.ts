import { Module } from '@nestjs/common';
import { Directory } from './directory';

@Module({ providers: [Directory], exports: [Directory] })
export class PartiesModule {}
