import { Module } from '@nestjs/common';
import { FindingsModule } from '../breaks/findings.module';
import { MatchingModule } from '../matching/matching.module';
import { StatementsModule } from '../statements/statements.module';
import { NightStatus } from './night-status';
import { SignOffsStore } from './sign-offs.store';
import { StepsModule } from './steps.module';

/** How far a night is, for everybody who tells it. */
@Module({
  imports: [FindingsModule, MatchingModule, StatementsModule, StepsModule],
  providers: [NightStatus, SignOffsStore],
  exports: [NightStatus, SignOffsStore],
})
export class StatusModule {}
