import { Global, Module } from '@nestjs/common';
import { DecideRules } from './decide-rules';
import { Maintenance } from './maintenance';
import { PlanWindow } from './plan-window';
import { Routes } from './routes';
import { RoutingStore } from './routing.store';
import { SuccessRates } from './success-rates';
import { WindowsStore } from './windows.store';

/** Which provider a payment goes to, and when providers are away. Global: whoever takes money asks. */
@Global()
@Module({
  providers: [RoutingStore, WindowsStore, Maintenance, SuccessRates, Routes, DecideRules, PlanWindow],
  exports: [RoutingStore, Maintenance, Routes, DecideRules, PlanWindow],
})
export class RoutingModule {}
