import { Inject, Injectable } from '@nestjs/common';
import { verifyingKey, type VerifyingKey } from '@yidian/security';
import { BlockList, isIPv6 } from 'node:net';
import { SECRETS, type Secrets } from '../platform';
import { PartnersStore, type PartnerKeyRow, type PartnerRow } from './partners.store';

export interface KnownKey {
  partner: PartnerRow;
  key: VerifyingKey;
  notBefore: Date;
  notAfter: Date | null;
}

/** A revoked key works at most this long on a replica that has seen it. */
const CACHE_MS = 5_000;
const MAX_CACHED = 5_000;

export const SECRET_PURPOSE = 'partner_key.secret';

/** Keys by id, read through a short cache. Unknown ids are not cached: a stranger could fill it. */
@Injectable()
export class Partners {
  private readonly cache = new Map<string, { known: KnownKey; until: number }>();

  constructor(
    private readonly store: PartnersStore,
    @Inject(SECRETS) private readonly secrets: Secrets,
  ) {}

  /** @returns undefined when no key that is valid now has this id */
  async findKey(keyId: string, now: number = Date.now()): Promise<KnownKey | undefined> {
    const known = this.cached(keyId, now) ?? (await this.load(keyId, now));
    if (!known || known.notBefore.getTime() > now) return undefined;
    return known.notAfter && known.notAfter.getTime() <= now ? undefined : known;
  }

  /** @returns false when there is no such key. Other replicas follow within the cache's life. */
  async endKey(keyId: string, at: Date): Promise<boolean> {
    const ended = await this.store.endKey(keyId, at);
    this.forget();
    return ended;
  }

  /** After a change that must not wait for the cache. */
  forget(): void {
    this.cache.clear();
  }

  private cached(keyId: string, now: number): KnownKey | undefined {
    const entry = this.cache.get(keyId);
    return entry && entry.until > now ? entry.known : undefined;
  }

  private async load(keyId: string, now: number): Promise<KnownKey | undefined> {
    const found = await this.store.findByKey(keyId);
    if (!found) return undefined;
    const { notBefore, notAfter } = found.key;
    const known = { partner: found.partner, key: this.keyOf(found.key), notBefore, notAfter };
    if (this.cache.size >= MAX_CACHED) this.cache.clear();
    this.cache.set(keyId, { known, until: now + CACHE_MS });
    return known;
  }

  private keyOf(row: PartnerKeyRow): VerifyingKey {
    const material = row.alg === 'hmac-sha256' ? this.secrets.vault.open(row.material, SECRET_PURPOSE) : row.material;
    return verifyingKey(row.keyId, row.alg, material);
  }
}

/** True when the list is empty or holds the address. Ranges are CIDR. */
export function addressAllowed(list: readonly string[], address: string): boolean {
  if (list.length === 0) return true;
  const allowed = new BlockList();
  for (const entry of list) {
    const [ip = '', bits] = entry.split('/');
    const family = isIPv6(ip) ? 'ipv6' : 'ipv4';
    if (bits === undefined) allowed.addAddress(ip, family);
    else allowed.addSubnet(ip, Number.parseInt(bits, 10), family);
  }
  const plain = address.replace(/^::ffff:(?=\d+\.)/, '');
  return allowed.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
}
