import { join } from 'node:path';
import { signingKey } from '@yidian/security';
import { Bank } from './bank/bank';
import { BankBook } from './bank/bank-book';
import { Courier } from './bank/courier';
import type { DemoFile, PartnerId, ProviderCode } from './demo/demo-file';
import { NdjsonLog } from './journal/ndjson-log';
import { Partner } from './partners/partner';
import { PartnerBook } from './partners/partner-book';
import { Phones } from './phones/phones';
import { Smsc } from './phones/smsc';
import { SmppCentre } from './smsc/smpp-centre';
import { GatewayKeys } from './wire/our-keys';
import { SignedClient } from './wire/signed-client';
import type { StatementSource } from './bank/statement-source';

export interface WorldPlaces {
  gatewayUrl: string;
  /** The platform's own name for itself: what signatures are made over. */
  gatewayPublicUrl: string;
  /** Where browsers reach the sandbox, for pages of the bank. */
  sandboxUrl: string;
  dir: string;
  /** Texts go by SMPP; without it by the gateway's signed door. */
  smpp?: boolean;
  smppPassword?: string | undefined;
}

/** Everything outside the platform: one bank, two collecting partners, all phones. */
export interface World {
  demoFile: DemoFile;
  places: WorldPlaces;
  keys: GatewayKeys;
  bank: Bank;
  courier: Courier;
  partners: Record<PartnerId, Partner>;
  phones: Phones;
  smsc: Smsc;
  smpp: SmppCentre | null;
  source(code: string): StatementSource | undefined;
  stop(): void;
}

export function makeWorld(demoFile: DemoFile, places: WorldPlaces): World {
  const logs: NdjsonLog<never>[] = [];
  const open = <E>(name: string): NdjsonLog<E> => {
    const log = new NdjsonLog<E>(join(places.dir, `${name}.ndjson`));
    logs.push(log as NdjsonLog<never>);
    return log;
  };
  const keys = new GatewayKeys(places.gatewayUrl);
  const platform = { url: places.gatewayUrl, publicUrl: places.gatewayPublicUrl };
  const courier = new Courier(open('bank_a.callbacks'), platform, '/callbacks/bank_a', providerKey(demoFile, 'bank_a'));
  const book = new BankBook(open('bank_a'), demoFile.firstBusinessDate);
  const bank = new Bank('bank_a', book, courier, `${places.sandboxUrl}/providers/bank_a/pages`);
  const partner = (id: PartnerId, letter: string): Partner => {
    const { keyId, privateKeyPem } = demoFile.partners[id];
    const api = new SignedClient(platform, signingKey(keyId, 'ed25519', privateKeyPem), keys);
    return new Partner(id, new PartnerBook(open(id), demoFile.firstBusinessDate, letter), api);
  };
  const partners = { demo_bank: partner('demo_bank', 'C'), demo_shop: partner('demo_shop', 'S') };
  const phones = new Phones(open('phones'));
  const smpp = places.smpp ? new SmppCentre(phones, demoFile.smscSecret, places.smppPassword) : null;
  const sources: Record<ProviderCode, StatementSource> = { bank_a: bank, ...partners };
  return {
    demoFile,
    places,
    keys,
    bank,
    courier,
    partners,
    phones,
    smsc: new Smsc(phones, places.gatewayUrl, demoFile.smscSecret, smpp),
    smpp,
    source: (code) => (Object.hasOwn(sources, code) ? sources[code as ProviderCode] : undefined),
    stop: () => {
      bank.settler.stop();
      courier.stop();
      void smpp?.close();
      for (const log of logs) log.close();
    },
  };
}

export function providerKey(demoFile: DemoFile, code: ProviderCode): ReturnType<typeof signingKey> {
  const { keyId, privateKeyPem } = demoFile.providers[code];
  return signingKey(keyId, 'ed25519', privateKeyPem);
}
