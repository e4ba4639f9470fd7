import { Injectable } from '@nestjs/common';
import { Audit } from '@yidian/journal';
import type { OperatorCaller } from '../../access';

/** What an operator does is written before it is done: an act that cannot be recorded does not happen. */
@Injectable()
export class OperatorAudit {
  constructor(private readonly audit: Audit) {}

  /** @param after holds no full number, account or key */
  async record(operator: OperatorCaller, action: string, object: string, after: object | null = null): Promise<void> {
    await this.audit.append({
      actor: operator.username,
      action,
      object,
      before: null,
      after: after && JSON.stringify(after),
    });
  }
}
