/**
 * Decimals of currencies as Stripe counts minor units: what its API takes for "the smallest unit" and what its reports
 * print in whole units must be the same money. It differs from ISO 4217 for the ariary (none), and for the króna and the
 * Ugandan shilling, which the API still takes in hundredths.
 */
const NONE = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '));
const THREE = new Set('BHD JOD KWD OMR TND'.split(' '));

/** @param currency upper case */
export function stripeDecimals(currency: string): number {
  return NONE.has(currency) ? 0 : THREE.has(currency) ? 3 : 2;
}
