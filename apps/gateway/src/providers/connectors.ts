import { bankDirect, COLLECTOR_CAPABILITIES, BANK_DIRECT_CAPABILITIES } from '@yidian/connectors/bank-direct';
import type { Connector } from '@yidian/connectors/contract';
import { verifyingKey, type SigningKey } from '@yidian/security';
import type { ProviderRow } from './providers.store';

type Make = (row: ProviderRow, ourKey: SigningKey) => Connector;

/** A folder of libs/connectors by its name in the carrier's profile. */
const CONNECTORS: Readonly<Record<string, Make>> = {
  'bank-direct': (row, ourKey) =>
    bankDirect({
      provider: row.code,
      baseUrl: row.base_url,
      ourKey: { ...ourKey, keyId: row.our_key_id },
      theirKeys: [verifyingKey(row.their_key_id, 'ed25519', row.their_public_key)],
      capabilities: row.kind === 'bank' ? BANK_DIRECT_CAPABILITIES : COLLECTOR_CAPABILITIES,
    }),
};

/** @throws Error naming a connector that this build does not have */
export function makeConnector(row: ProviderRow, ourKey: SigningKey): Connector {
  const make = CONNECTORS[row.connector];
  if (!make) throw new Error(`provider ${row.code}: there is no connector ${row.connector}`);
  return make(row, ourKey);
}
