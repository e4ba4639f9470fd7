import { join } from 'node:path';
import { openAlipay } from './alipay/open-alipay';
import { openProvince } from './bss/make-province';
import { readProvinceFile } from './bss/province-file';
import { Demo } from './demo/demo';
import { readDemoFile } from './demo/demo-file';
import { DemoJournal } from './demo/demo-journal';
import { demoRoutes } from './demo/demo.routes';
import { Progress } from './demo/progress';
import { doorRoutes } from './front-door/doors.routes';
import { frontDoorRoutes } from './front-door/front-door.routes';
import { storyRoutes } from './front-door/story.routes';
import { NdjsonLog } from './journal/ndjson-log';
import { sandboxConfig } from './sandbox.config';
import { makeServer } from './server';
import { Customers } from './wire/customers';
import { Operators } from './wire/operators';
import { openStripe } from './stripe/open-stripe';
import { openUnionPay } from './unionpay/open-unionpay';
import { openWechatPay } from './wechat-pay/open-wechat';
import { WebClient } from './wire/web-client';
import { makeWorld } from './world';

async function main(): Promise<void> {
  const config = sandboxConfig();
  const own = `http://${config.HOST}:${config.HTTP_PORT}`;
  const demoFile = readDemoFile(config.DEMO_FILE);
  const world = makeWorld(demoFile, {
    gatewayUrl: config.GATEWAY_URL,
    gatewayPublicUrl: config.GATEWAY_PUBLIC_URL ?? config.GATEWAY_URL,
    sandboxUrl: config.PUBLIC_URL ?? own,
    dir: config.SANDBOX_DIR,
    smpp: config.SMPP_PORT !== undefined,
    smppPassword: config.SMPP_PASSWORD,
  });
  const web = new WebClient(config.GATEWAY_URL);
  const operators = new Operators(web, demoFile);
  const customers = new Customers(web, world.phones);
  const journal = new DemoJournal(new NdjsonLog(join(config.SANDBOX_DIR, 'demo.ndjson')));
  const tools = { world, web, operators, customers, journal, progress: new Progress(journal.lastResult), ownUrl: own };
  const app = makeServer(world);
  const demo = new Demo(tools, config.OUT_DIR);
  demoRoutes(app, demo);
  frontDoorRoutes(app, world);
  doorRoutes(app, tools);
  storyRoutes(app, tools);
  const province = config.BSS_FILE
    ? openProvince(app, readProvinceFile(config.BSS_FILE), {
        dir: config.SANDBOX_DIR,
        billing: { url: config.BILLING_URL, publicUrl: config.BILLING_PUBLIC_URL ?? config.BILLING_URL },
        seed: demoFile.seed,
      })
    : null;
  const places = {
    dir: config.SANDBOX_DIR,
    seed: demoFile.seed,
    firstDate: demoFile.firstBusinessDate,
    platform: { url: config.GATEWAY_URL, publicUrl: config.GATEWAY_PUBLIC_URL ?? config.GATEWAY_URL },
    sandboxUrl: config.PUBLIC_URL ?? own,
  };
  const alipay = openAlipay(app, places);
  const wechat = openWechatPay(app, places);
  const stripe = openStripe(app, places);
  const unionPay = openUnionPay(app, places);
  const stop = (): void => {
    world.stop();
    alipay.stop();
    wechat.stop();
    stripe.stop();
    unionPay.stop();
    province?.stop();
    void app.close().finally(() => process.exit(0));
    setTimeout(() => process.exit(0), 3_000).unref();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (config.SMPP_PORT !== undefined) await world.smpp?.listen(config.SMPP_PORT, config.HOST);
  await app.listen({ host: config.HOST, port: config.HTTP_PORT });
  demo.resume();
}

main().catch((error: unknown) => {
  process.stderr.write(`sandbox: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
