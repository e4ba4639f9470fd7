import { Inject, Injectable } from '@nestjs/common';
import { Busy, Expired, OutcomeUnknown, Poison } from '@yidian/journal';
import { MoneyError } from '@yidian/money';
import type { Logger } from '@yidian/telemetry';
import { LOGGER } from '../resources/logger';

/**
 * busy, expired: surely not executed, worth sending again · internal: surely not executed, and never will be ·
 * unknown: everything else. No answer is never "failed".
 */
export type Doubt = 'busy' | 'expired' | 'internal' | 'unknown';

@Injectable()
export class Doubts {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  /** What an error of the write door means for the key that was asked. */
  of(key: string, error: unknown): Doubt {
    if (error instanceof Expired) return 'expired';
    if (error instanceof Busy) return 'busy';
    const doubt = error instanceof Poison || error instanceof MoneyError ? 'internal' : 'unknown';
    this.logger[error instanceof OutcomeUnknown ? 'warn' : 'error']({ key, doubt, err: error }, 'not answered');
    return doubt;
  }
}
