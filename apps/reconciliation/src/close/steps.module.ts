import { Module } from '@nestjs/common';
import { StepsStore } from './steps.store';

@Module({ providers: [StepsStore], exports: [StepsStore] })
export class StepsModule {}
