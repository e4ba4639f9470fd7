import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect, isDeepStrictEqual } from 'node:util';
import { binariesOnPath } from '@yidian/testing/private-servers';
import { freePort } from '../../apps/gateway/src/testing/played-billing';
import { PlayedGateway, SMSC_SECRET, success, until } from '../../apps/gateway/src/testing/played-gateway';
import { NdjsonLog } from '../../sandbox/src/journal/ndjson-log';
import { Phones } from '../../sandbox/src/phones/phones';
import { smppUrl } from '../../sandbox/src/smsc/smpp-account';
import { SmppCentre } from '../../sandbox/src/smsc/smpp-centre';
import { DeafPort, listening, PATIENCE_MS, Struck } from './sms/struck';

const ROOT = join(__dirname, '../..');
const ZHANG = '13800001234';
const SECRET = 'a secret of the tests';

/**
 * One text, one payment, one end that is told once, whatever is killed between the text and the payment, the payment and the
 * reply. The world outside waits at each point until the blow has fallen, so that each point has one end and no other.
 */
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
      () => listening(redisPort),
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
        .map((body) => body['attempt_no']),
    );
  /** Texts to the payer that name the sum and fit. */
  const told = (amount: number, fits: RegExp) =>
    phones.inbox(ZHANG).filter(({ way, text }) => way === 'in' && text.includes(`${amount}.00元`) && fits.test(text));
  const payments = (amount: number) =>
    rows<{ state: string; payment_no: string }>('SELECT * FROM payment WHERE charged = ?', [amount * 100]);

  /** A bank knows what reached it, and of anything else that it never came. */
  const honest = (path: string, body: Record<string, unknown>) => {
    const { attempt_no } = body;
    const debit = world.bank.received('/v1/debits').find((known) => known['attempt_no'] === attempt_no);
    if (!path.startsWith('/v1/debits')) return { body };
    if (!debit) return { body: { attempt_no, status: 'not_found' } };
    return { body: success({ attempt_no, amount: debit['amount'] }) };
  };

  /** All that is known of a payment, for whoever reads why it did not end as it must. */
  async function everything(amount: number): Promise<string> {
    const ofOne = async (table: string) =>
      rows(`SELECT * FROM ${table} WHERE payment_no IN (SELECT payment_no FROM payment WHERE charged = ?)`, [
        amount * 100,
      ]);
    const stand = {
      ...{
        payments: await payments(amount),
        attempts: await ofOne('attempt'),
        history: await ofOne('payment_history'),
      },
      ...{ texts: await rows('SELECT id, state, tries, due_at, payment_no, received_at FROM sms_inbound', []) },
      ...{ inbox: phones.inbox(ZHANG), debits: [...debits(amount)] },
    };
    return JSON.stringify(stand, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value), 1);
  }

  async function happens(holds: () => Promise<boolean>, amount: number): Promise<void> {
    await until(holds, () => '', PATIENCE_MS).catch(async (cause: unknown) => {
      throw new Error(`it did not happen\n${await everything(amount)}`, { cause });
    });
  }

  interface End {
    state: string;
    debits: number;
    /** What tells the payer that it has ended, and what may not be told beside it. */
    told: RegExp;
    never: RegExp;
  }
  const CHARGED: End = { state: 'completed', debits: 1, told: /已充/, never: /没有扣款/ };
  const NOT_CHARGED: End = { state: 'closed', debits: 0, told: /没有扣款/, never: /已充/ };

  async function ends(amount: number, end: End, before: bigint): Promise<void> {
    const finished = async () => {
      const open = await rows("SELECT id FROM sms_inbound WHERE state <> 'done'", []);
      return open.length === 0 && (await payments(amount))[0]?.state === end.state && told(amount, end.told).length > 0;
    };
    await happens(finished, amount);
    await sleep(1_000); // what would come twice comes now
    const stand = {
      ...{ states: (await payments(amount)).map(({ state }) => state), debits: debits(amount).size },
      ...{ told: told(amount, end.told).length, untrue: told(amount, end.never).length },
      ...{ silences: told(amount, /银行还没答复/).length <= 1 },
      credited: world.billing.state.balance(`s${ZHANG}`) - before,
    };
    const must = {
      ...{ states: [end.state], debits: end.debits, told: 1, untrue: 0, silences: true },
      credited: end === CHARGED ? BigInt(amount) * 100n : 0n,
    };
    if (!isDeepStrictEqual(stand, must))
      throw new Error(`${inspect(stand)}, not ${inspect(must)}\n${await everything(amount)}`);
    expect(stand).toEqual(must);
  }

  /** Readies the world, and says how to wait for the point and what is let go once the program was struck. */
  type Point = (amount: number) => Promise<{ reached: () => Promise<boolean>; letGo?: () => Promise<void> | void }>;
  const ready = (point: Awaited<ReturnType<Point>>) => Promise.resolve(point);
  const has = async (amount: number, state: string) => (await payments(amount))[0]?.state === state;

  /** Billing says nothing about the number, so no payment can stand. */
  const noPaymentYet: Point = () => {
    world.billing.state.silent = true;
    const taken = "SELECT 1 FROM sms_inbound WHERE state = 'new' AND tries > 0";
    return ready({
      reached: async () => (await rows(taken, [])).length > 0,
      letGo: () => void (world.billing.state.silent = false),
    });
  };
  /** The order for the debit is on its way and never reaches the bank. */
  const beforeTheBank: Point = async () => {
    const port = Number(new URL(world.bank.baseUrl).port);
    await world.bank.vanish();
    const deaf = await DeafPort.listen(port);
    return {
      reached: () => Promise.resolve(deaf.called),
      letGo: async () => {
        await deaf.close();
        await world.bank.comeBack();
      },
    };
  };
  /** The bank has taken the money and its answer is lost. */
  const atTheBank: Point = (amount) => {
    world.bank.answerBy((path, body) => (path === '/v1/debits' ? null : honest(path, body)));
    return ready({
      reached: () => Promise.resolve(debits(amount).size > 0),
      letGo: () => world.bank.answerBy(honest),
    });
  };
  /** Money is there, and billing says nothing about the credit. */
  const whenPaid: Point = (amount) => {
    world.bank.answerBy((path, body) => {
      world.billing.state.silent = true;
      return honest(path, body);
    });
    return ready({
      reached: () => has(amount, 'paid'),
      letGo: () => {
        world.bank.answerBy(honest);
        world.billing.state.silent = false;
      },
    });
  };
  const atTheReply: Point = (amount) => ready({ reached: () => Promise.resolve(told(amount, /已充/).length > 0) });
  const textTaken: Point = () => ready({ reached: () => Promise.resolve(true) });
  const debitSeen: Point = (amount) => ready({ reached: () => Promise.resolve(debits(amount).size > 0) });

  test.each([
    ['gateway', 'before the payment stood', 61, noPaymentYet, CHARGED],
    ['gateway', 'before the bank heard of it', 62, beforeTheBank, NOT_CHARGED],
    ['gateway', 'while the bank works', 63, atTheBank, CHARGED],
    ['gateway', 'before the credit', 64, whenPaid, CHARGED],
    ['gateway', 'while the receipt was on the line', 65, atTheReply, CHARGED],
    ['redis', 'after the text was taken', 66, textTaken, CHARGED],
    ['redis', 'while the bank works', 67, debitSeen, CHARGED],
    ['redis', 'while the receipt was on the line', 68, atTheReply, CHARGED],
  ] as [who: 'gateway' | 'redis', when: string, amount: number, point: Point, end: End][])(
    '%s, %s: one payment, one end, told once',
    async (who, _, amount, point, end) => {
      const struck = who === 'gateway' ? gateway : redis;
      const before = world.billing.state.balance(`s${ZHANG}`);
      world.bank.answerBy(honest);
      const { reached, letGo } = await point(amount);
      const brought = centre.bring(`text-${amount}`, ZHANG, `充值${amount}`);
      if (point === textTaken) await brought;
      await happens(reached, amount);
      await struck.kill();
      await letGo?.();
      await struck.start();
      await brought;
      await ends(amount, end, before);
    },
    240_000,
  );
});
