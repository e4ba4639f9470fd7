import { join } from 'node:path';
import { signingKey, verifyingKey } from '@yidian/security';
import type { FastifyInstance } from 'fastify';
import { Courier } from '../bank/courier';
import { population } from '../demo/population';
import { NdjsonLog } from '../journal/ndjson-log';
import { guardDoor } from '../wire/signed-door';
import { Province } from './province';
import { ProvinceBook } from './province-book';
import { provinceControl } from './province.control';
import type { ProvinceFile } from './province-file';
import { provinceRoutes } from './province.routes';

export interface ProvincePlaces {
  dir: string;
  /** Where billing takes events, and the name it has for itself. */
  billing: { url: string; publicUrl: string };
  seed: string;
}

/** One province with its doors: its interface, which only billing may call, and the levers behind it. */
export function openProvince(app: FastifyInstance, file: ProvinceFile, places: ProvincePlaces): { stop(): void } {
  const key = signingKey(file.keyId, 'ed25519', file.privateKeyPem);
  const logs: { close(): void }[] = [];
  const open = <E>(name: string): NdjsonLog<E> => {
    const log = new NdjsonLog<E>(join(places.dir, `${name}.ndjson`));
    logs.push(log);
    return log;
  };
  const courier = new Courier(open('province.events'), places.billing, `/bss/${file.branch}/events`, key);
  const province = new Province(file.branch, new ProvinceBook(open('province')));
  province.open(
    population(places.seed)
      .subscribers.filter(({ branch }) => branch === file.branch)
      .map(({ msisdn, name, status, balance }) => ({ number: msisdn, name, status, balance })),
  );
  const theirs = verifyingKey(file.billing.keyId, 'ed25519', file.billing.publicKeyPem);
  const keys = { find: async (keyId: string) => (keyId === theirs.keyId ? theirs : undefined) };
  void app.register(
    (door, _options, done) => {
      guardDoor(door, keys, key);
      provinceRoutes(door, province);
      done();
    },
    { prefix: `/provinces/${file.branch}` },
  );
  provinceControl(app, province, courier);
  return {
    stop: () => {
      courier.stop();
      for (const log of logs) log.close();
    },
  };
}
