import { Module } from '@nestjs/common';
import { AgreementByText } from './agreement-by-text';
import { HandleText } from './handle-text';
import { MobileOriginatedController } from './mobile-originated.controller';
import { OwnBalance } from './own-balance';
import { PayByText } from './pay-by-text';
import { SmsInboxStore } from './sms-inbox.store';
import { TakeText } from './take-text';
import { TextsJob } from './texts.job';

@Module({
  controllers: [MobileOriginatedController],
  providers: [SmsInboxStore, TakeText, HandleText, PayByText, AgreementByText, OwnBalance, TextsJob],
})
export class SmsModule {}
