import { fromDigits, toJson } from '@yidian/money';

/** Members of the services' replies that are amounts: digit strings there, integers of fen in public JSON. */
const AMOUNTS = new Set([
  'residual',
  'atStake',
  'pAmount',
  'gAmount',
  'bAmount',
  'amount',
  'statementTotal',
  'bookTotal',
  'principal',
  'refunds',
  'fees',
  'fee',
  'commission',
  'commissionGiven',
  'commissionEarned',
  'adjustments',
  'net',
  'gross',
  'due',
  'settledInBilling',
  'receivable',
  'openItems',
  'paid',
  'opening',
  'closing',
  'total',
  'difference',
  'held',
  'clearing',
  'left',
  'open',
]);

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A service's reply as public JSON: snake_case names, integer fen. The route's schema then keeps what is documented. */
export function publicView(value: unknown, name = ''): unknown {
  if (typeof value === 'string' && AMOUNTS.has(name)) return toJson(fromDigits(value));
  if (Array.isArray(value)) return value.map((one) => publicView(one, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [snake(key), publicView(member, key)]));
}
