import { Module } from '@nestjs/common';

/** The customer's portal: a session by one-time code, own and linked numbers, payments and their live state. */
@Module({})
export class PortalModule {}
