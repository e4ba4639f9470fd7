import type { ServiceName } from '@yidian/contracts';
import type { VerifyResult } from '@yidian/ledger';

export type Check = VerifyResult['checks'][number];

export interface ServiceReport {
  service: ServiceName;
  ok: boolean;
  checks: Check[];
  rows: number;
  ms: number;
}
