import { BlockList, isIP } from 'node:net';

/** Names that stand for ranges, as Fastify knows them. */
const RANGES: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

export type TrustsProxy = (address: string) => boolean;

/**
 * Whose X-Forwarded-For is believed; null: nobody's.
 * @param entries addresses, CIDR ranges, or the names above
 * @throws Error for anything else
 */
export function trustedProxies(entries: readonly string[] = []): TrustsProxy | null {
  if (entries.length === 0) return null;
  const trusted = new BlockList();
  for (const entry of entries.flatMap((one) => RANGES[one] ?? [one])) {
    const [ip = '', bits] = entry.split('/');
    if (isIP(ip) === 0) throw new Error('a trusted proxy is an address or a range of addresses');
    if (bits === undefined) trusted.addAddress(ip, familyOf(ip));
    else trusted.addSubnet(ip, Number.parseInt(bits, 10), familyOf(ip));
  }
  return (address) => {
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
    return isIP(plain) !== 0 && trusted.check(plain, familyOf(plain));
  };
}

const familyOf = (ip: string): 'ipv4' | 'ipv6' => (isIP(ip) === 6 ? 'ipv6' : 'ipv4');

/** The nearest address that is no trusted proxy's; what stands to the left of it anybody may have written. */
export function callerAddress(peer: string, forwardedFor: string | undefined, trusts: TrustsProxy | null): string {
  if (!trusts || forwardedFor === undefined) return peer;
  const named = forwardedFor.split(',').map((one) => one.trim());
  let address = peer;
  for (const next of named.filter((one) => one !== '').reverse()) {
    if (!trusts(address)) break;
    address = next;
  }
  return address;
}
