import { decimalsOf, toDecimal } from '@yidian/money';
import { element, leaf } from './xml-writer';

/** An account in a file, with its holder and its bank. */
export interface FileAccount {
  /** Holder as the bank knows him. */
  name: string;
  /** Account number, or IBAN. */
  account: string;
  /** BIC of its bank; '' where the bank knows it from the account. */
  bic: string;
}

/** A batch that no bank could take. Says which rule, never a value. */
export class BatchRefused extends Error {
  override readonly name = 'BatchRefused';
}

/** More in one file is cut up by whoever makes it. */
export const MOST_IN_FILE = 100_000;

interface Order {
  number: string;
  amount: bigint;
}

/** @throws BatchRefused; the numbers of a file are what its answers are told apart by */
export function checkOrders(orders: readonly Order[]): void {
  if (orders.length === 0) throw new BatchRefused('a file without orders');
  if (orders.length > MOST_IN_FILE) throw new BatchRefused(`more than ${MOST_IN_FILE} orders in one file`);
  if (orders.some(({ amount }) => amount <= 0n)) throw new BatchRefused('an amount that is not positive');
  if (orders.some(({ number }) => !/^[A-Za-z0-9/?:().,'+ -]{1,35}$/.test(number)))
    throw new BatchRefused('a number that banks do not carry');
  if (new Set(orders.map(({ number }) => number)).size !== orders.length)
    throw new BatchRefused('one number for two orders');
}

/** Count and control sum. The sum is one decimal number over all orders, whole in minor units until it is printed. */
export function controlSums(orders: readonly Order[], currency: string): string {
  const sum = orders.reduce((total, { amount }) => total + amount, 0n);
  return leaf('NbOfTxs', String(orders.length)) + leaf('CtrlSum', toDecimal(sum, decimalsOf(currency)));
}

export function accountId({ account }: Pick<FileAccount, 'account'>): string {
  const iban = /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(account);
  return element('Id', iban ? leaf('IBAN', account) : element('Othr', leaf('Id', account)));
}

/** @param modern from version 08 (pain.008) and 09 (pain.001) on the BIC's element has another name */
export function agent(name: string, bic: string, modern: boolean): string {
  const id = bic === '' ? element('Othr', leaf('Id', 'NOTPROVIDED')) : leaf(modern ? 'BICFI' : 'BIC', bic);
  return element(name, element('FinInstnId', id));
}

/** Texts on statements are short, and longer ones make banks refuse the file. */
export const shortened = (text: string, letters: number): string => [...text].slice(0, letters).join('');

/** Local time of the file with its zone, whole seconds: `2026-11-22T20:00:00+08:00`. */
export function fileTime(at: Date): string {
  return `${new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
}
