import { inRange, MoneyError, type Minor } from './money';

/**
 * Decimals of currencies in files of banks, per ISO 4217 (minor unit column). What is not listed has two. This says how a
 * text is read and nothing about what the platform takes: one carrier profile still has one currency.
 */
const DECIMALS: Readonly<Record<string, number>> = {
  ...of(0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'),
  ...of(3, 'BHD IQD JOD KWD LYD OMR TND'),
  ...of(4, 'CLF UYW'),
};

function of(decimals: number, currencies: string): Record<string, number> {
  return Object.fromEntries(currencies.split(' ').map((currency) => [currency, decimals]));
}

export function decimalsOf(currency: string): number {
  return DECIMALS[currency] ?? 2;
}

/**
 * "12", "12.3", "12.", ".5" with an optional sign → minor units, exactly. Decimals beyond the currency's are accepted only
 * when they are zeros (ISO 20022 allows five places for any currency).
 * @throws MoneyError when it is no such number, or lies between two minor units
 */
export function fromDecimal(text: string, decimals: number): Minor {
  const match = /^([-+]?)(?=[.\d])(\d{0,18})(?:\.(\d{0,18}))?$/.exec(text);
  const [, sign = '', whole = '', fraction = ''] = match ?? [];
  if (!match || (whole === '' && fraction === '')) throw new MoneyError('not an amount');
  if (/[1-9]/.test(fraction.slice(decimals))) throw new MoneyError('more decimals than the currency has');
  const minor = BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, '0'));
  return inRange(sign === '-' ? -minor : minor);
}

/** Plain decimal in major units with exactly these decimals: `1234.50`, `-0.05`, `12` where there are none. */
export function toDecimal(amount: bigint, decimals: number): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(decimals + 1, '0');
  const cut = digits.length - decimals;
  const body = decimals === 0 ? digits : `${digits.slice(0, cut)}.${digits.slice(cut)}`;
  return amount < 0n ? `-${body}` : body;
}
