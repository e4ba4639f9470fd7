import { Module } from '@nestjs/common';

/** Customers' text messages: stored as they come, read by a strict grammar, answered by text. */
@Module({})
export class SmsModule {}
