import { Inject, Injectable } from '@nestjs/common';
import { Audit } from '@yidian/journal';
import type { Logger } from '@yidian/telemetry';
import { LOGGER } from '../alarms/raise-alarm';

export interface Decision {
  actor: string;
  action:
    | 'night_run'
    | 'statement_uploaded'
    | 'resolution_proposed'
    | 'resolution_approved'
    | 'resolution_rejected'
    | 'day_signed_off'
    | 'break_assigned'
    | 'rule_proposed'
    | 'rule_approved'
    | 'rule_rejected'
    | 'backfill_begun';
  object: string;
  before: Record<string, string | null>;
  after: Record<string, string | null>;
}

/**
 * Writes what a person decided on the audit lane. The decision itself is a row with its own history by then: an audit that
 * cannot be written is logged with all it says and undoes nothing.
 */
@Injectable()
export class WriteAudit {
  constructor(
    private readonly audit: Audit,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async execute({ actor, action, object, before, after }: Decision): Promise<void> {
    try {
      await this.audit.append({ actor, action, object, before: JSON.stringify(before), after: JSON.stringify(after) });
    } catch (error) {
      this.logger.error({ err: error, actor, action, object, before, after }, 'the audit could not be written');
    }
  }
}
