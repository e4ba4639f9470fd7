import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { Wechat, WECHAT_PREFIX, type WechatPlaces } from './wechat';
import { wechatControl } from './wechat.control';
import { wechatPages } from './wechat.pages';
import { wechatRoutes } from './wechat.routes';

/**
 * WeChat Pay with its doors. Beside its log lies what a carrier's profile must say to speak to it:
 * `wechat_pay.settings.json`, settings of the connector `wechat-pay`.
 */
export function openWechatPay(app: FastifyInstance, places: WechatPlaces): Wechat {
  const wechat = new Wechat(places);
  const settings = wechat.keys.settings(places.sandboxUrl + WECHAT_PREFIX);
  writeFileSync(join(places.dir, 'wechat_pay.settings.json'), `${JSON.stringify(settings, null, 2)}\n`, {
    mode: 0o600,
  });
  void app.register(
    (door, _options, done) => {
      wechatRoutes(door, wechat, WECHAT_PREFIX);
      done();
    },
    { prefix: WECHAT_PREFIX },
  );
  wechatPages(app, wechat);
  wechatControl(app, wechat);
  return wechat;
}
