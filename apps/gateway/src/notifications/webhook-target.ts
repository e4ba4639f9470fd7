import { lookup as resolve, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Not of the public internet, by the registries of RFC 6890 and RFC 8190. */
const INWARD_V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
/** Of the global unicast block, what holds another address inside or is for documents. */
const INWARD_V6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const inwardV4 = blockList('ipv4', INWARD_V4);
const inwardV6 = blockList('ipv6', INWARD_V6);
const globalV6 = blockList('ipv6', [['2000::', 3]]);

function blockList(family: 'ipv4' | 'ipv6', nets: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [net, bits] of nets) list.addSubnet(net, bits, family);
  return list;
}

/** An address that nobody but the public internet answers at. IPv6 that carries an IPv4 address is none. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !inwardV4.check(address, 'ipv4');
  return family === 6 && globalV6.check(address, 'ipv6') && !inwardV6.check(address, 'ipv6');
}

/** What is wrong with an address that a partner names, or null. In test mode the receiver may be on this machine. */
export function faultOfTarget(url: string, livemode: boolean): string | null {
  const target = URL.canParse(url) ? new URL(url) : null;
  if (!target || !/^https?:$/.test(target.protocol)) return 'not an https address';
  if (target.username !== '' || target.password !== '') return 'holds a user or password';
  if (!livemode) return null;
  if (target.protocol !== 'https:') return 'not an https address';
  const host = target.hostname.replace(/^\[|\]$/g, '');
  return isIP(host) !== 0 && !isPublicAddress(host) ? 'not a public address' : null;
}

/** Looked at when the connection is made, so that a name that is moved between look and call leads nowhere inward. */
export const publicLookup: LookupFunction = (host, options, done) => {
  resolve(host, { ...options, all: true }, (error, found) => {
    const addresses: LookupAddress[] = error ? [] : found;
    const inward = addresses.find(({ address }) => !isPublicAddress(address));
    const [first] = addresses;
    if (error || !first) return done(error ?? new Error('the name has no address'), '', 0);
    if (inward) return done(new Error('the name leads to an address that is not public'), '', 0);
    if (options.all) return done(null, addresses);
    return done(null, first.address, first.family);
  });
};
