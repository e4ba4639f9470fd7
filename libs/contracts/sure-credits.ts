import type { TopupItem } from './billing';

/**
 * Whether a credit surely is what `topupsPost` takes. It says yes only where the schema says yes; to everything it is not sure of, the
 * schema answers, and says what is wrong. A credit's members are asked one by one because there are six thousand of them a second.
 *
 * Asked only of an object that has no other members than a credit's: the schema would leave those out.
 */
export function isSurelyCredit(item: Partial<Record<keyof TopupItem, unknown>>): boolean {
  return (
    isDigits(item.key, 20) &&
    isText(item.subscriberId, 1, 32) &&
    (item.ownerVersion === undefined || isWhole(item.ownerVersion, Number.MAX_SAFE_INTEGER)) &&
    isDigits(item.branch, 6) &&
    isProvider(item.provider) &&
    isChannel(item.channel) &&
    isText(item.partner, 0, 32) &&
    isDigits(item.acquiringBranch, 6) &&
    isAmount(item.face) &&
    isAmount(item.charged) &&
    item.discounts === undefined &&
    item.currency === 'CNY' &&
    isText(item.providerTxnId, 0, 64) &&
    (item.businessDate === null || isDate(item.businessDate)) &&
    isWhole(item.ttlMs, 60_000)
  );
}

function isDigits(value: unknown, length: number): boolean {
  return typeof value === 'string' && value.length === length && areDigits(value, 0, length);
}

function areDigits(text: string, from: number, end: number): boolean {
  for (let at = from; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

const isText = (value: unknown, least: number, most: number): boolean =>
  typeof value === 'string' && value.length >= least && value.length <= most;

const isWhole = (value: unknown, most: number): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most;

/** One to 18 digits without a leading zero; what is negative is left to the schema. */
function isAmount(value: unknown): boolean {
  if (typeof value !== 'string' || value.length === 0 || value.length > 18) return false;
  return areDigits(value, 0, value.length) && (value.length === 1 || value.charCodeAt(0) !== 48);
}

function isDate(value: unknown): boolean {
  if (typeof value !== 'string' || value.length !== 10) return false;
  return (
    value[4] === '-' && value[7] === '-' && areDigits(value, 0, 4) && areDigits(value, 5, 7) && areDigits(value, 8, 10)
  );
}

/** A small letter, then 1 to 31 small letters, digits and low lines. */
function isProvider(value: unknown): boolean {
  if (typeof value !== 'string' || value.length < 2 || value.length > 32) return false;
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    const letter = code >= 97 && code <= 122;
    if (!letter && (at === 0 || !(code === 95 || (code >= 48 && code <= 57)))) return false;
  }
  return true;
}

function isChannel(value: unknown): boolean {
  switch (value) {
    case 'partner_api':
    case 'sms':
    case 'portal':
    case 'hall':
    case 'auto':
    case 'batch':
      return true;
    default:
      return false;
  }
}
