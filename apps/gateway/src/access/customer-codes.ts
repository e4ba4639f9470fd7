import { Inject, Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { newCode } from '@yidian/security';
import { SECRETS, type Secrets } from '../platform';
import { CustomerCodesStore, type CodeRow } from './customer-codes.store';

const LIFE_MS = 5 * 60_000;
const BETWEEN_MS = 5_000;
const WINDOW_MS = 60 * 60_000;
const MAX_SENT = 20;
const MAX_TRIES = 5;
const PURPOSE = 'portal_code.msisdn';

/** One-time codes of customers. Only a keyed hash is stored: six digits alone could be guessed from a plain one. */
@Injectable()
export class CustomerCodes {
  constructor(
    private readonly store: CustomerCodesStore,
    @Inject(SECRETS) private readonly secrets: Secrets,
  ) {}

  /**
   * @returns six digits for the caller to send by SMS; an earlier code of the number ends
   * @throws Problem rate_limited
   */
  async create(msisdn: string, now: Date = new Date()): Promise<string> {
    const code = newCode(6);
    const codeHash = this.hash(msisdn, code);
    await this.store.replace(this.secrets.vault.blind(msisdn, PURPOSE), (before) => next(before, codeHash, now));
    return code;
  }

  /** Good once. @throws Problem sign_in_failed */
  async check(msisdn: string, code: string, now: Date = new Date()): Promise<void> {
    const blind = this.secrets.vault.blind(msisdn, PURPOSE);
    const mayTry = await this.store.countTry(blind, now, MAX_TRIES);
    if (mayTry && (await this.store.use(blind, this.hash(msisdn, code), now))) return;
    throw new Problem('sign_in_failed');
  }

  private hash(msisdn: string, code: string): string {
    return this.secrets.vault.blind(`${msisdn}:${code}`, PURPOSE);
  }
}

function next(before: CodeRow | undefined, codeHash: string, now: Date): CodeRow {
  const since = before ? now.getTime() - before.sentAt.getTime() : BETWEEN_MS;
  if (since < BETWEEN_MS) throw new Problem('rate_limited', { retryAfter: (BETWEEN_MS - since) / 1000 });
  const sameWindow = before !== undefined && now.getTime() - before.windowFrom.getTime() < WINDOW_MS;
  const sent = sameWindow ? before.sent + 1 : 1;
  const windowFrom = sameWindow ? before.windowFrom : now;
  if (sent > MAX_SENT) {
    throw new Problem('rate_limited', { retryAfter: (windowFrom.getTime() + WINDOW_MS - now.getTime()) / 1000 });
  }
  return { codeHash, tries: 0, sent, windowFrom, sentAt: now, expiresAt: new Date(now.getTime() + LIFE_MS) };
}
