import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { binariesOnPath } from '@yidian/testing/private-servers';
import { freePort } from '../../apps/gateway/src/testing/played-billing';
import { PlayedGateway, SMSC_SECRET, until } from '../../apps/gateway/src/testing/played-gateway';
import { NdjsonLog } from '../../sandbox/src/journal/ndjson-log';
import { Phones } from '../../sandbox/src/phones/phones';
import { smppUrl } from '../../sandbox/src/smsc/smpp-account';
import { SmppCentre } from '../../sandbox/src/smsc/smpp-centre';

const ROOT = join(__dirname, '../..');
const ZHANG = '13800001234';
const SECRET = 'a secret of the tests';
const PATIENCE_MS = 60_000;

/** A program of the test's own that is struck by SIGKILL and started again. */
class Struck {
  private child: ChildProcess | undefined;

  constructor(
    private readonly command: () => ChildProcess,
    private readonly ready: () => Promise<boolean>,
  ) {}

  async start(): Promise<void> {
    this.child = this.command();
    await until(this.ready, () => 'it does not start', PATIENCE_MS);
  }

  async kill(): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }
}

/** One text, one payment, one receipt: whatever is killed between the text and the payment, the payment and the reply. */
describe('the gateway or Redis killed while a text is worked on', () => {
  let world: PlayedGateway;
  let phones: Phones;
  let centre: SmppCentre;
  let gateway: Struck;
  let redis: Struck;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'yd-killed-'));
    phones = new Phones(new NdjsonLog(join(folder, 'phones.ndjson')));
    centre = new SmppCentre(phones, SECRET);
    const smpp = await centre.listen(0, '127.0.0.1');
    // The world outside, a database, and an agreement; then its gateway goes, and one that can be killed takes its place.
    world = await PlayedGateway.start();
    world.billing.state.addNumber(ZHANG);
    await world.agreement(ZHANG);
    await world.app.close();
    const [redisPort, http, rpc] = [await freePort(), await freePort(), await freePort()];
    const profile = world['folder'];
    redis = new Struck(
      () => {
        const place = ['--port', String(redisPort), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
        return spawn(binariesOnPath().redis ?? 'redis-server', place, { stdio: 'ignore' });
      },
      async () => {
        const { connect } = await import('node:net');
        return new Promise((resolve) => {
          const socket = connect(redisPort, '127.0.0.1', () => resolve(true));
          socket.on('error', () => resolve(false));
          socket.on('connect', () => socket.destroy());
        });
      },
    );
    gateway = new Struck(
      () =>
        spawn(process.execPath, ['-r', join(ROOT, 'libs/testing/run-typescript.cjs'), 'apps/gateway/src/main.ts'], {
          cwd: ROOT,
          stdio: ['ignore', 'ignore', 'inherit'],
          env: {
            ...{ PATH: process.env['PATH'], MODE: 'test', LOG_LEVEL: 'fatal', COOLING_HOURS: '0' },
            ...{ HTTP_PORT: `${http}`, RPC_PORT: `${rpc}`, PUBLIC_URL: `http://127.0.0.1:${http}` },
            ...{ DATABASE_URL: world.database.url, REDIS_URL: `redis://127.0.0.1:${redisPort}`, DATA_DIR: profile },
            ...{ BILLING_RPC: `127.0.0.1:${world.billing.port}`, RECONCILIATION_RPC: '127.0.0.1:1' },
            ...{ SETTLEMENT_RPC: '127.0.0.1:1', PROFILE: join(profile, 'profile.json') },
            ...{
              SECRETS_FILE: join(profile, 'secrets.json'),
              SMSC_SECRET,
              SMPP_URL: smppUrl(SECRET, '127.0.0.1', smpp),
            },
          },
        }),
      () =>
        fetch(`http://127.0.0.1:${http}/health/ready`).then(
          (answer) => answer.ok,
          () => false,
        ),
    );
    await redis.start();
    await gateway.start();
  }, 120_000);

  afterAll(async () => {
    await gateway?.kill();
    await redis?.kill();
    await centre?.close();
    // Its gateway was closed before; what is left of the world is closed piece by piece.
    world?.['smsc'].closeAllConnections();
    world?.['smsc'].close();
    await Promise.all([world?.bank.close(), world?.billing.close(), world?.database.close()]);
    rmSync(folder, { recursive: true, force: true });
  }, 30_000);

  const rows = async <T extends object>(sql: string, params: unknown[]) =>
    (await world.database.db.select(sql, params)) as unknown as T[];
  const debits = (amount: number) =>
    new Set(
      world.bank
        .received('/v1/debits')
        .filter((body) => body['amount'] === amount * 100)
        .map((body) => body['attempt_no'] ?? body['order_no'] ?? JSON.stringify(body)),
    );
  const receipts = (amount: number) =>
    phones.inbox(ZHANG).filter(({ way, text }) => way === 'in' && text.includes(`已充${amount}.00元`));

  async function settled(amount: number): Promise<void> {
    const tell = () =>
      phones
        .inbox(ZHANG)
        .map(({ text }) => text)
        .join('\n');
    await until(() => Promise.resolve(receipts(amount).length > 0), tell, PATIENCE_MS);
    const done = "SELECT id FROM sms_inbound WHERE state <> 'done'";
    await until(async () => (await rows(done, [])).length === 0, tell, PATIENCE_MS);
    await sleep(1_000); // what would come twice comes now
    const paid = await rows<{ state: string }>('SELECT state FROM payment WHERE charged = ?', [amount * 100]);
    expect(paid.map(({ state }) => state)).toEqual(['completed']);
    expect(debits(amount).size).toBe(1);
    expect(receipts(amount)).toHaveLength(1);
  }

  /** Ends when the program that is to be struck was struck at that point. */
  type Point = (amount: number) => Promise<void>;
  const atOnce: Point = () => Promise.resolve();
  const atTheBank: Point = (amount) =>
    until(
      () => Promise.resolve(debits(amount).size > 0),
      () => 'no debit',
      PATIENCE_MS,
    );
  const whenPaid: Point = (amount) =>
    until(
      async () =>
        (await rows('SELECT 1 FROM payment WHERE charged = ? AND state <> ?', [amount * 100, 'created'])).length > 0,
      () => 'no payment',
      PATIENCE_MS,
    );
  const atTheReply: Point = async (amount) => {
    await phones.waitFor(ZHANG, 0, (text) => text.includes(`已充${amount}.00元`), PATIENCE_MS);
  };

  test.each([
    ['gateway', 'after the text was taken', 61, atOnce],
    ['gateway', 'while the bank works', 62, atTheBank],
    ['gateway', 'after the payment stood', 63, whenPaid],
    ['gateway', 'while the receipt was on the line', 64, atTheReply],
    ['redis', 'after the text was taken', 65, atOnce],
    ['redis', 'while the bank works', 66, atTheBank],
    ['redis', 'while the receipt was on the line', 67, atTheReply],
  ] as [who: 'gateway' | 'redis', when: string, amount: number, point: Point][])(
    '%s, %s: one payment, one receipt',
    async (who, _, amount, point) => {
      const struck = who === 'gateway' ? gateway : redis;
      const brought = centre.bring(`text-${amount}`, ZHANG, `充值${amount}`);
      if (point === atOnce) await brought;
      else await point(amount);
      await struck.kill();
      await sleep(500);
      await struck.start();
      await brought;
      await settled(amount);
    },
    150_000,
  );
});
