import { formatMajor } from '@yidian/money';
import { DateTime } from 'luxon';

/** Sums in texts: `50.00`. */
export const yuan = (fen: bigint): string => formatMajor(fen);
/** Sums that people type: `50`, `50.50`. */
export const shortYuan = (fen: bigint): string => formatMajor(fen).replace(/\.00$/, '');

/** `甲银行 ··8812` → `甲银行尾号8812`; without an account the money came by a cashier page. */
export function payWords(account: string | null): string {
  const match = account === null ? null : /^(.*?) ?··(\d{4})$/.exec(account);
  if (!match) return '网上收银台';
  return `${(match[1] ?? '').slice(0, 4)}尾号${match[2]}`;
}

/** When it is `seconds` later in Beijing: `06:00`, or `11月30日06:00` where that is another day. */
export function timeWords(now: Date, seconds: number): string {
  const [here, then] = [now, new Date(now.getTime() + seconds * 1000)].map((at) =>
    DateTime.fromJSDate(at).setZone('Asia/Shanghai'),
  ) as [DateTime, DateTime];
  return then.toFormat(here.hasSame(then, 'day') ? 'HH:mm' : 'M月d日HH:mm');
}

export const DECLINES: Readonly<Record<string, string>> = {
  insufficient_funds: '余额不足',
  limit: '超过银行限额',
  account_closed: '账户已不能使用',
  agreement_ended: '签约已解除',
  card_expired: '卡已过期',
  risk_refused: '被银行拒绝',
};
/** Why the bank refused, in at most seven characters. */
export const declineWords = (code: string | null): string => DECLINES[code ?? ''] ?? '被银行拒绝';
