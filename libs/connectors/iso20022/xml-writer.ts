import { createHash } from 'node:crypto';

/** Letters that XML 1.0 cannot carry, not even as numbers. */
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** Text that may stand in an element or in a quoted attribute. */
export function escaped(text: string): string {
  return text.replace(FORBIDDEN, '').replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

/** An element of elements; '' children are left out, and an element that would be empty is not written. */
export function element(name: string, ...children: string[]): string {
  const inside = children.join('');
  return inside === '' ? '' : `<${name}>${inside}</${name}>`;
}

/** An element of text; '' for no text. */
export function leaf(name: string, text: string): string {
  return element(name, escaped(text));
}

/** `<Amt Ccy="CNY">12.00</Amt>` */
export function money(name: string, decimal: string, currency: string): string {
  return `<${name} Ccy="${escaped(currency)}">${escaped(decimal)}</${name}>`;
}

/** A whole message. @param message such as `pain.001.001.03` */
export function document(message: string, ...children: string[]): string {
  const inside = children.join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:${message}">${inside}</Document>\n`;
}

/**
 * A message id made of what the message orders: the same orders have the same id, so that a file sent again after a lost
 * answer is known by the bank as the one it has. At most 35 letters.
 */
export function contentId(prefix: string, orders: readonly (readonly string[])[]): string {
  const hash = createHash('sha256');
  for (const order of orders) hash.update(JSON.stringify(order)).update('\n');
  return prefix + hash.digest('hex').slice(0, 28);
}
