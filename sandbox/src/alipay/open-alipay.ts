import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { Alipay, ALIPAY_PREFIX, type AlipayPlaces } from './alipay';
import { alipayControl } from './alipay.control';
import { alipayPages } from './alipay.pages';
import { alipayRoutes } from './alipay.routes';

/**
 * Alipay with its doors. Beside its log lies what a carrier's profile must say to speak to it: `alipay.settings.json`,
 * settings of the connector `alipay`.
 */
export function openAlipay(app: FastifyInstance, places: AlipayPlaces): Alipay {
  const alipay = new Alipay(places);
  const settings = alipay.keys.settings(`${places.sandboxUrl}${ALIPAY_PREFIX}/gateway.do`);
  writeFileSync(join(places.dir, 'alipay.settings.json'), `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
  void app.register(
    (door, _options, done) => {
      alipayRoutes(door, alipay);
      done();
    },
    { prefix: ALIPAY_PREFIX },
  );
  alipayPages(app, alipay);
  alipayControl(app, alipay);
  return alipay;
}
