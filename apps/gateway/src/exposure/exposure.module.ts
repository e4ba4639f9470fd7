import { Global, Module } from '@nestjs/common';
import { ChangeExposure } from './change-exposure';
import { ExposureStore } from './exposure.store';
import { Exposures } from './exposures';
import { WatchExposureJob } from './watch-exposure.job';

/** What collecting partners may hold. Global: they ask at their door, finance at its own. */
@Global()
@Module({
  providers: [ExposureStore, Exposures, ChangeExposure, WatchExposureJob],
  exports: [Exposures, ChangeExposure],
})
export class ExposureModule {}
