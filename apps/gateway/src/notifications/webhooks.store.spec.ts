import { PlayedGateway, until } from '../testing/played-gateway';
import { WebhookSender } from './webhook-sender';

describe('webhooks', () => {
  let gateway: PlayedGateway;
  beforeAll(async () => {
    gateway = await PlayedGateway.start();
    gateway.billing.state.addNumber('13900000000');
  });
  afterAll(() => gateway.close());

  const collect = async (reference: string) => {
    const funding = { type: 'collected', taken_at: '2026-11-22T04:00:00.000Z' };
    const body = { reference, number: '13900000000', amount: 5000, currency: 'CNY', funding };
    return (await gateway.call<{ id: string }>('POST', '/v1/payments', body, { key: reference })).body.id;
  };
  const hooksOf = (id: string) =>
    gateway.hooks.filter(
      ({ event }) => (event as unknown as { data: { object: { id: string } } }).data.object.id === id,
    );

  test('an event is sent signed, with the whole object, under the id it also has when pulled', async () => {
    const id = await collect('W1');
    await until(() => Promise.resolve(hooksOf(id).length > 0));
    const [hook] = hooksOf(id);
    expect(hook).toMatchObject({
      verified: true,
      event: { object: 'event', type: 'payment.completed', api_version: 'v1', livemode: false },
    });
    const pulled = await gateway.call<{ data: { id: string }[] }>('GET', '/v1/events');
    expect(pulled.body.data.map((event) => event.id)).toContain(hook?.event.id);
  });

  test('a failed try is kept and made again under the same id, until it is taken', async () => {
    gateway.hookStatus = 500;
    const id = await collect('W2');
    await until(() => Promise.resolve(hooksOf(id).length === 1));
    gateway.hookStatus = 204;
    await gateway.database.db.run("UPDATE webhook_delivery SET due_at = NOW(3) WHERE state = 'new'");
    await gateway.app.get(WebhookSender).sweep();
    await until(() => Promise.resolve(hooksOf(id).length === 2));
    expect(new Set(hooksOf(id).map(({ event }) => event.id)).size).toBe(1);
    const tries = () => gateway.database.db.select('SELECT status FROM webhook_try ORDER BY at DESC LIMIT 2');
    await until(async () => (await tries())[0]?.['status'] === 204);
    expect((await tries()).map((row) => row['status'])).toEqual([204, 500]);
  });

  test('two senders at once send each event once', async () => {
    const before = gateway.hooks.length;
    const sender = gateway.app.get(WebhookSender);
    await collect('W3');
    await Promise.all([sender.sweep(), sender.sweep(), sender.sweep()]);
    await until(() => Promise.resolve(gateway.hooks.length > before));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(gateway.hooks.length).toBe(before + 1);
  });
});
