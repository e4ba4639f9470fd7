import { Inject, Injectable } from '@nestjs/common';
import { verifyingKey, type VerifyingKey } from '@yidian/security';
import { BlockList, isIPv6 } from 'node:net';
import { SECRETS, type Secrets } from '../platform';
import type { PartnerCaller } from './caller';
import { shareOf, type Share } from './gate-script';
import { ceilingOf, PartnersStore, type PartnerKeyRow, type PartnerRow } from './partners.store';

/** Read-only, and shared by all calls that are made with the key. */
export interface KnownKey {
  partner: PartnerRow;
  key: VerifyingKey;
  caller: PartnerCaller;
  shares: Readonly<Record<'calls' | 'numbers', Share>>;
  /** Where the partner may come from; null: anywhere. */
  addresses: BlockList | null;
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
  private readonly loading = new Map<string, Promise<KnownKey | undefined>>();

  constructor(
    private readonly store: PartnersStore,
    @Inject(SECRETS) private readonly secrets: Secrets,
  ) {}

  /** @returns undefined when no key that is valid now has this id; at once when it is in the cache */
  findKey(keyId: string, now: number = Date.now()): KnownKey | undefined | Promise<KnownKey | undefined> {
    const entry = this.cache.get(keyId);
    if (entry && entry.until > now) return validAt(entry.known, now);
    return this.loadOnce(keyId, now).then((known) => known && validAt(known, now));
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
    this.loading.clear();
  }

  /** Calls that meet an old entry together read it anew together. */
  private async loadOnce(keyId: string, now: number): Promise<KnownKey | undefined> {
    const others = this.loading.get(keyId);
    if (others) return others;
    const loading = this.load(keyId);
    this.loading.set(keyId, loading);
    try {
      const known = await loading;
      // Forgotten while it was read, it may be what was changed.
      if (known && this.loading.get(keyId) === loading) this.keep(keyId, known, now + CACHE_MS);
      return known;
    } finally {
      if (this.loading.get(keyId) === loading) this.loading.delete(keyId);
    }
  }

  private keep(keyId: string, known: KnownKey, until: number): void {
    if (this.cache.size >= MAX_CACHED) this.cache.clear();
    this.cache.set(keyId, { known, until });
  }

  private async load(keyId: string): Promise<KnownKey | undefined> {
    const found = await this.store.findByKey(keyId);
    if (!found) return undefined;
    const { partner, key } = found;
    return {
      partner,
      key: this.keyOf(key),
      caller: callerOf(partner, keyId),
      shares: sharesOf(partner),
      addresses: addressList(partner.addresses),
      notBefore: key.notBefore,
      notAfter: key.notAfter,
    };
  }

  private keyOf(row: PartnerKeyRow): VerifyingKey {
    const material = row.alg === 'hmac-sha256' ? this.secrets.vault.open(row.material, SECRET_PURPOSE) : row.material;
    return verifyingKey(row.keyId, row.alg, material);
  }
}

/** What a partner may spend at once: so many seconds' worth of its rate. */
export const BURST_SECONDS = 2;

function sharesOf({ id, callsPerSecond, numbersPerSecond }: PartnerRow): KnownKey['shares'] {
  const rate = (perSecond: number) => ({ perSecond, burst: perSecond * BURST_SECONDS });
  return {
    calls: shareOf(id, 'calls', rate(callsPerSecond)),
    numbers: shareOf(id, 'numbers', rate(numbersPerSecond)),
  };
}

function callerOf(partner: PartnerRow, keyId: string): PartnerCaller {
  return {
    kind: 'partner',
    id: partner.id,
    keyId,
    provider: partner.provider,
    scopes: partner.scopes,
    acquiringBranch: partner.acquiringBranch,
    exposureLimit: ceilingOf(partner),
    exposureHeld: partner.exposureBasis !== 'date',
  };
}

function validAt(known: KnownKey, now: number): KnownKey | undefined {
  if (known.notBefore.getTime() > now) return undefined;
  return known.notAfter && known.notAfter.getTime() <= now ? undefined : known;
}

/** Addresses and CIDR ranges, read once per partner. */
export function addressList(entries: readonly string[]): BlockList | null {
  if (entries.length === 0) return null;
  const allowed = new BlockList();
  for (const entry of entries) {
    const [ip = '', bits] = entry.split('/');
    const family = isIPv6(ip) ? 'ipv6' : 'ipv4';
    if (bits === undefined) allowed.addAddress(ip, family);
    else allowed.addSubnet(ip, Number.parseInt(bits, 10), family);
  }
  return allowed;
}

export function addressAllowed(allowed: BlockList, address: string): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/, '');
  return allowed.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
}
