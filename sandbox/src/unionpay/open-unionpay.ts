import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { UNIONPAY_PREFIX, UnionPay, type UnionPayPlaces } from './unionpay';
import { unionPayControl } from './unionpay.control';
import { unionPayPages } from './unionpay.pages';
import { unionPayRoutes } from './unionpay.routes';

/**
 * UnionPay with its doors. Beside its log lies what a carrier's profile must say to speak to it: `unionpay.settings.json`,
 * settings of the connector `unionpay`.
 */
export function openUnionPay(app: FastifyInstance, places: UnionPayPlaces): UnionPay {
  const unionPay = new UnionPay(places);
  const settings = unionPay.keys.settings(places.sandboxUrl + UNIONPAY_PREFIX);
  writeFileSync(join(places.dir, 'unionpay.settings.json'), `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
  void app.register(
    (door, _options, done) => {
      unionPayRoutes(door, unionPay);
      done();
    },
    { prefix: UNIONPAY_PREFIX },
  );
  unionPayPages(app, unionPay);
  unionPayControl(app, unionPay);
  return unionPay;
}
