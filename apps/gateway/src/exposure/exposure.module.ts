import { Global, Module } from '@nestjs/common';
import { ChangeExposure } from './change-exposure';
import { ExposureRpcController } from './exposure-rpc.controller';
import { ExposureStore } from './exposure.store';
import { Exposures } from './exposures';
import { ReceiptsStore } from './receipts.store';
import { ReceiveExposure } from './receive-exposure';
import { WatchExposureJob } from './watch-exposure.job';

/** What collecting partners may hold. Global: they ask at their door, finance at its own. */
@Global()
@Module({
  controllers: [ExposureRpcController],
  providers: [ExposureStore, Exposures, ChangeExposure, ReceiptsStore, ReceiveExposure, WatchExposureJob],
  exports: [Exposures, ChangeExposure],
})
export class ExposureModule {}
