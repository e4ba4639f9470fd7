import { Inject, Injectable } from '@nestjs/common';
import type { Row } from '@yidian/database';
import type { SignatureAlgorithm } from '@yidian/security';
import { DB, type Db } from '../platform';
import type { Scope } from './caller';

/** What a partner may hold: per business date; of all it has not remitted; or of what it paid beforehand. */
export const EXPOSURE_BASES = ['date', 'held', 'prefund'] as const;
export type ExposureBasis = (typeof EXPOSURE_BASES)[number];

export interface PartnerRow {
  id: string;
  name: string;
  provider: string | null;
  acquiringBranch: string;
  scopes: Scope[];
  exposureLimit: bigint | null;
  exposureBasis: ExposureBasis;
  /** Deposits and remittances that were booked, in fen. */
  received: bigint;
  /** Addresses or CIDR ranges it may come from; empty: any. */
  addresses: string[];
  callsPerSecond: number;
  numbersPerSecond: number;
  state: 'active' | 'stopped';
}
export interface PartnerKeyRow {
  keyId: string;
  partner: string;
  alg: SignatureAlgorithm;
  /** Public key in PEM; a shared secret is sealed. */
  material: string;
  notBefore: Date;
  notAfter: Date | null;
}

@Injectable()
export class PartnersStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async findByKey(keyId: string): Promise<{ partner: PartnerRow; key: PartnerKeyRow } | undefined> {
    const [row] = await this.db.select(
      `SELECT p.id, p.name, p.provider, p.acquiring_branch, p.scopes, p.exposure_limit, p.exposure_basis, p.received, p.addresses, p.calls_per_second,
              p.numbers_per_second, p.state, k.key_id, k.alg, k.material, k.not_before, k.not_after
         FROM partner_key k JOIN partner p ON p.id = k.partner WHERE k.key_id = ?`,
      [keyId],
    );
    return row && { partner: partnerOf(row), key: keyOf(row) };
  }

  /** Leaves an existing partner as it is: the console may have changed it since. */
  async insertMissing(partner: Omit<PartnerRow, 'received'>, demo: boolean, now: Date): Promise<void> {
    await this.db.run(
      `INSERT INTO partner (id, name, provider, acquiring_branch, scopes, exposure_limit, exposure_basis, addresses,
                            calls_per_second, numbers_per_second, state, demo, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE id = id`,
      [
        partner.id,
        partner.name,
        partner.provider,
        partner.acquiringBranch,
        JSON.stringify(partner.scopes),
        partner.exposureLimit,
        partner.exposureBasis,
        JSON.stringify(partner.addresses),
        partner.callsPerSecond,
        partner.numbersPerSecond,
        partner.state,
        demo,
        now,
      ],
    );
  }

  /** First partner or key that belongs to a demonstration, or null. */
  async findDemo(): Promise<string | null> {
    const [partner] = await this.db.select('SELECT id FROM partner WHERE demo = 1 LIMIT 1');
    if (partner) return `partner ${String(partner['id'])}`;
    const [key] = await this.db.select("SELECT key_id FROM partner_key WHERE key_id LIKE 'test%' LIMIT 1");
    return key ? `key ${String(key['key_id'])}` : null;
  }

  async insertMissingKey(key: PartnerKeyRow, now: Date): Promise<void> {
    await this.db.run(
      `INSERT INTO partner_key (key_id, partner, alg, material, not_before, not_after, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE key_id = key_id`,
      [key.keyId, key.partner, key.alg, key.material, key.notBefore, key.notAfter, now],
    );
  }

  /** Ends one key of a partner; others go on, so that keys rotate with overlap. */
  async endKey(keyId: string, at: Date): Promise<boolean> {
    return (await this.db.run('UPDATE partner_key SET not_after = ? WHERE key_id = ?', [at, keyId])) === 1;
  }
}

function partnerOf(row: Row): PartnerRow {
  return {
    id: String(row['id']),
    name: String(row['name']),
    provider: row['provider'] as string | null,
    acquiringBranch: String(row['acquiring_branch']),
    scopes: JSON.parse(String(row['scopes'])) as Scope[],
    exposureLimit: row['exposure_limit'] as bigint | null,
    exposureBasis: row['exposure_basis'] as ExposureBasis,
    received: row['received'] as bigint,
    addresses: JSON.parse(String(row['addresses'])) as string[],
    callsPerSecond: row['calls_per_second'] as number,
    numbersPerSecond: row['numbers_per_second'] as number,
    state: row['state'] as PartnerRow['state'],
  };
}

function keyOf(row: Row): PartnerKeyRow {
  return {
    keyId: String(row['key_id']),
    partner: String(row['id']),
    alg: row['alg'] as SignatureAlgorithm,
    material: String(row['material']),
    notBefore: row['not_before'] as Date,
    notAfter: row['not_after'] as Date | null,
  };
}

/** Most that the partner's counter may stand at; null: no limit. What it has paid in stands beside its limit. */
export function ceilingOf({ exposureBasis, exposureLimit, received }: PartnerRow): bigint | null {
  if (exposureBasis === 'prefund') return (exposureLimit ?? 0n) + received;
  return exposureBasis === 'held' && exposureLimit !== null ? exposureLimit + received : exposureLimit;
}
