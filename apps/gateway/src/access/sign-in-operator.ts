import { Inject, Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { Audit } from '@yidian/journal';
import { totpStep, verifyPassword } from '@yidian/security';
import { SECRETS, type Secrets } from '../platform';
import { OperatorsStore, type OperatorRow } from './operators.store';

export const TOTP_PURPOSE = 'operator.totp';

/** Five free failures, then 30 s, doubled each time up to a quarter of an hour. */
export function lockSeconds(failures: number): number {
  return failures < 5 ? 0 : Math.min(900, 30 * 2 ** (failures - 5));
}

/** Password and one-time code together; the answer never says which was wrong, nor whether the name exists. */
@Injectable()
export class SignInOperator {
  constructor(
    private readonly store: OperatorsStore,
    private readonly audit: Audit,
    @Inject(SECRETS) private readonly secrets: Secrets,
  ) {}

  /** @throws Problem sign_in_failed, rate_limited */
  async execute(username: string, password: string, totp: string, now: Date = new Date()): Promise<OperatorRow> {
    const subject = `operator:${username}`;
    const lockedUntil = await this.store.lockedUntil(subject);
    if (lockedUntil && lockedUntil > now) {
      throw new Problem('rate_limited', { retryAfter: (lockedUntil.getTime() - now.getTime()) / 1000 });
    }
    const operator = await this.store.find(username);
    const rightPassword = await verifyPassword(operator?.passwordHash, password);
    const entered = operator?.state === 'active' && rightPassword && (await this.useCode(operator, totp, now));
    if (!entered) {
      await this.store.countFailure(subject, now, lockSeconds);
      throw new Problem('sign_in_failed');
    }
    await this.store.clearFailures(subject);
    await this.audit.append({
      actor: username,
      action: 'operator.sign_in',
      object: `operator/${username}`,
      before: null,
      after: null,
    });
    return operator;
  }

  private async useCode(operator: OperatorRow, totp: string, now: Date): Promise<boolean> {
    const secret = this.secrets.vault.open(operator.totpSealed, TOTP_PURPOSE);
    const step = totpStep(secret, totp, now.getTime());
    return step !== null && (await this.store.useTotpStep(operator.username, step));
  }
}
