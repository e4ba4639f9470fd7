import { declined, type DeclineReason, type Outcome } from '../contract';
import { errorOf } from './words';
import type { LinkAnswer } from './link';

/** Explicit refusals by their code: the request was understood and nothing was taken or given. */
const DECLINES: Readonly<Record<string, DeclineReason>> = {
  NOT_ENOUGH: 'insufficient_funds',
  NOTENOUGH: 'insufficient_funds',
  RULE_LIMIT: 'limit',
  RULELIMIT: 'limit',
  QUOTA_EXCEED: 'limit',
  ACCOUNT_ERROR: 'account_closed',
  ACCOUNTERROR: 'account_closed',
  USER_ACCOUNT_ABNORMAL: 'account_closed',
  USER_NOT_EXISTS: 'account_closed',
  CONTRACT_NOT_EXIST: 'agreement_ended',
  CONTRACT_NOT_EXISTS: 'agreement_ended',
  CONTRACT_TERMINATED: 'agreement_ended',
  CONTRACT_EXPIRED: 'agreement_ended',
  CONTRACT_ERROR: 'agreement_ended',
  OPENID_MISMATCH: 'authentication_failed',
  TRADE_OVERDUE: 'other',
};

/** The request itself does not fit, so that it can never have been carried out, now or when it was sent before. */
const NEVER_DONE = new Set([
  'PARAM_ERROR',
  'NO_AUTH',
  'NOAUTH',
  'APPID_MCHID_NOT_MATCH',
  'MCH_NOT_EXISTS',
  'MCH_NOT_EXIST',
]);

/**
 * An answer that is no 2xx, signed by WeChat Pay. What is not listed (a system error, a limit of calls, a number that was
 * used before) says nothing certain about the order and stays unknown: the query decides.
 */
export function refusal({ status, body }: LinkAnswer): Outcome<never> {
  const { code } = errorOf(body);
  if (status >= 400 && status < 500) {
    const reason = DECLINES[code];
    if (reason !== undefined) return declined(reason);
    if (NEVER_DONE.has(code)) return { outcome: 'not_executed', cause: code };
  }
  return { outcome: 'unknown', cause: `HTTP ${status}${code === '' ? '' : ` ${code}`}` };
}

/** The same for pages and agreements, where nobody's money is refused. */
export function refusedPage(answer: LinkAnswer): { outcome: 'not_executed' | 'unknown'; cause: string } {
  const outcome = refusal(answer);
  if (outcome.outcome === 'not_executed') return outcome;
  return { outcome: 'unknown', cause: `HTTP ${answer.status} ${errorOf(answer.body).code}`.trim() };
}

const NOT_FOUND = new Set(['ORDER_NOT_EXIST', 'ORDERNOTEXIST', 'ORDER_NOT_EXISTS', 'RESOURCE_NOT_EXISTS']);

export const isNotFound = ({ status, body }: LinkAnswer): boolean =>
  status === 404 && NOT_FOUND.has(errorOf(body).code);

/** A failed payment is explained in words only. */
const WORDS: readonly [RegExp, DeclineReason][] = [
  [/余额不足|零钱不足/, 'insufficient_funds'],
  [/限额|超限|上限/, 'limit'],
  [/解约|协议|未签约/, 'agreement_ended'],
  [/过期|有效期/, 'card_expired'],
  [/注销|销户|冻结/, 'account_closed'],
  [/密码|验证失败|实名/, 'authentication_failed'],
  [/取消/, 'payer_cancelled'],
  [/风险|风控/, 'risk_refused'],
];

export const reasonOf = (words: string | null | undefined): DeclineReason =>
  WORDS.find(([pattern]) => pattern.test(words ?? ''))?.[1] ?? 'other';
