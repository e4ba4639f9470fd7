import { parseYuan } from '../../../kit/money';
import type { Adjustment } from './settle-api';

type Original = Adjustment['original'];
type Translate = (key: string, values?: Record<string, string>) => string;

/** A leg as it is typed: yuan with a sign. */
export interface TypedLeg {
  account: 'due' | 'payable' | 'clearing' | 'hq';
  party: string;
  amount: string;
  payment_no?: string;
}

/** Yuan with or without a sign to fen; null when it is no amount. */
export function signedYuan(text: string): number | null {
  const typed = text.trim().replace('−', '-');
  const fen = parseYuan(typed.replace(/^[+-]/, ''));
  if (fen === null) return null;
  return typed.startsWith('-') ? -fen : fen;
}

/** What the typed legs add up to in fen; null while one of them is no amount. */
export function sumOf(legs: readonly (Partial<TypedLeg> | undefined)[]): number | null {
  const amounts = legs.map((leg) => signedYuan(leg?.amount ?? ''));
  return amounts.reduce((sum, amount) => (sum === null || amount === null ? null : sum + amount), 0);
}

export const legsOf = (typed: readonly TypedLeg[]): object[] =>
  typed.map(({ account, party, amount, payment_no: paymentNo }) => ({
    ...{ account, party: party.trim(), amount: signedYuan(amount) },
    ...(paymentNo?.trim() ? { payment_no: paymentNo.trim() } : {}),
  }));

/** "bank_a 2026-11-22", "2026-11-22, all providers" or "2026-11" */
export function originalWords({ kind, provider = '', date = '', month = '' }: Original, t: Translate): string {
  if (kind === 'month') return month;
  return kind === 'provider_day' ? `${provider} ${date}` : t('c.adj.wholeDay', { date });
}

export const accountWords = (account: string, party: string, t: Translate): string =>
  account === 'hq' ? t(`c.adj.hq.${party}`) : `${t(`c.adj.account.${account}`)} ${party}`;
