import type { ServiceName } from '@yidian/contracts';
import { PlainError } from '../platform/progress';

export const SERVICES: readonly ServiceName[] = ['billing', 'settlement', 'gateway', 'reconciliation'];

export interface Options {
  services: readonly ServiceName[];
  json: boolean;
  since: 'start' | 'snapshot';
  exportTo: string | undefined;
  against: string | undefined;
  publicKey: string | undefined;
}

export const USAGE = `npm run verify                                     every hash, every balance, zero sum: all services, from the first row
  -- --service billing|settlement|gateway|reconciliation|all
  -- --since snapshot                             only from the last proved balances
  -- --json                                       the last line of stdout is one JSON object
  -- --export-anchor FILE                         then writes the last signed anchor of each service to a file
  -- --against FILE [--public-key PEM]            also compares with a file exported earlier: nothing before it was rewritten
Exit code 0: all holds. 2: something does not, and is named. 1: it could not be looked at.`;

const WITH_VALUE = ['--service', '--since', '--export-anchor', '--against', '--public-key'];

/** @throws PlainError with the usage when a word is not understood */
export function readOptions(args: readonly string[]): Options {
  const given = new Map<string, string>();
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    if (word === '--json') given.set(word, '');
    else if (WITH_VALUE.includes(word) && args[at + 1] !== undefined) given.set(word, args[++at] ?? '');
    else throw new PlainError(`${word} is not understood.\n${USAGE}`);
  }
  const since = given.get('--since') ?? 'start';
  if (since !== 'start' && since !== 'snapshot') throw new PlainError(`--since takes start or snapshot.\n${USAGE}`);
  return {
    services: servicesOf(given.get('--service') ?? 'all'),
    json: given.has('--json'),
    since: given.has('--against') ? 'start' : since,
    exportTo: given.get('--export-anchor'),
    against: given.get('--against'),
    publicKey: given.get('--public-key'),
  };
}

function servicesOf(name: string): readonly ServiceName[] {
  if (name === 'all') return SERVICES;
  const service = SERVICES.find((one) => one === name);
  if (!service) throw new PlainError(`There is no service ${name}.\n${USAGE}`);
  return [service];
}
