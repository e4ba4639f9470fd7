import { setTimeout as sleep } from 'node:timers/promises';
import { openDb, type Db } from '@yidian/database';
import { redisConnection } from '@yidian/messaging';
import { json, startStage, type Stage } from '../e2e/stage';

const ZHANG = '13800001234';
/** How long after the time has come the gateway dies, each in a round of its own. */
const BLOWS_MS = [0, 15, 40, 80, 150, 300, 600];

/**
 * Between the trigger of an automatic top-up and its payment the gateway is killed with SIGKILL and Redis loses everything:
 * one occasion is one payment, one debit at the bank, one credit.
 */
describe('an automatic top-up while the gateway is killed and Redis is wiped', () => {
  let stage: Stage;
  let gateway: Db;

  beforeAll(async () => {
    stage = await startStage('auto', { demoPayments: 1 });
    gateway = await openDb({ url: stage.schemaUrl('gateway'), poolSize: 2 });
  }, 120_000);

  afterAll(async () => {
    await gateway?.close();
    await stage?.stop();
  });

  const until = async (holds: () => Promise<boolean>, what: string) => {
    for (const deadline = Date.now() + 60_000; !(await holds().catch(() => false)); await sleep(100))
      if (Date.now() > deadline) throw new Error(`it did not happen: ${what}`);
  };
  const one = async <T>(sql: string, params: unknown[] = []) =>
    (await gateway.select(sql, params))[0] as unknown as T | undefined;

  /** A browser of Zhang's. */
  const signIn = async () => {
    const headers = { 'content-type': 'application/json', 'x-requested-with': 'portal' };
    const seen = (await stage.messages(ZHANG)).length;
    const post = (path: string, body: object, cookie = '') =>
      fetch(`${stage.gateway}/v1/portal/${path}`, {
        method: 'POST',
        headers: { ...headers, ...(cookie ? { cookie } : {}) },
        body: JSON.stringify(body),
      });
    await post('codes', { number: ZHANG });
    const code = await stage.nextCode(ZHANG, seen);
    const session = await post('sessions', { number: ZHANG, code });
    const cookie = session.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    return (path: string, body: object) => post(path, body, cookie);
  };

  const wipeRedis = async () => {
    const redis = redisConnection(process.env['TEST_REDIS_URL'] ?? '', false);
    await redis.flushall();
    redis.disconnect();
  };

  test('one occasion, one payment, however often and whenever', async () => {
    await json(`${stage.frontDoor}/sandbox/api/bank/agreements`, {
      number: ZHANG,
      limits: { payment: 50_000, day: 900_000, month: 900_000 },
    });
    const agreement = "SELECT id FROM agreement WHERE signed_by = 'bank' AND state = 'active'";
    await until(async () => (await one(agreement)) !== undefined, 'the agreement that was signed at the bank stands');
    const portal = await signIn();
    const set = await portal('auto_topups', {
      target: { type: 'self' },
      rule: { kind: 'calendar', day_of_month: 1, amount: 1_000 },
      currency: 'CNY',
    });
    expect(set.status).toBe(200);
    const { id: rule } = (await set.json()) as { id: string };
    await gateway.run('UPDATE auto_rule SET month_cap = 1000000, due_at = NULL WHERE id = ?', [rule]);
    for (const [round, ms] of BLOWS_MS.entries()) await strike(rule, round, ms);
    const rows = await gateway.select<{ occasion: string; state: string; payment_no: string }>(
      'SELECT occasion, state, payment_no FROM auto_occasion WHERE rule_id = ? ORDER BY occasion',
      [rule],
    );
    expect(rows.map(({ state }) => state)).toEqual(BLOWS_MS.map(() => 'done'));
    expect(new Set(rows.map(({ payment_no: no }) => no)).size).toBe(BLOWS_MS.length);
    const paid = await one<{ n: bigint }>(
      "SELECT COUNT(*) AS n FROM payment WHERE channel = 'auto' AND state = 'completed'",
    );
    expect(paid?.n).toBe(BigInt(BLOWS_MS.length));
    const { orders } = await json<{ orders: { status: string; amount: string; attemptNo: string }[] }>(
      `${stage.frontDoor}/sandbox/api/bank`,
    );
    // The one way to a second number: the first try surely took nothing, so its occasion tried again. The bank's book proves it.
    const others = await gateway.select<{ payment_no: string; state: string }>(
      "SELECT payment_no, state FROM payment WHERE channel = 'auto' AND state <> 'completed'",
    );
    for (const { payment_no: no, state } of others) {
      expect(['closed', 'declined']).toContain(state);
      expect(orders.filter((order) => order.attemptNo.startsWith(no) && order.status === 'succeeded')).toEqual([]);
    }
    const taken = orders.filter(({ status, amount }) => status === 'succeeded' && amount === '1000');
    expect(taken).toHaveLength(BLOWS_MS.length);
    const numbers = taken.map(({ attemptNo }) => attemptNo.slice(0, 20));
    expect(numbers.sort()).toEqual(rows.map(({ payment_no: no }) => no).sort());
  }, 300_000);

  /** The occasion stands; its time comes, and so much later the gateway dies and Redis forgets; both come back. */
  async function strike(rule: string, round: number, ms: number): Promise<void> {
    await gateway.run(
      `INSERT INTO auto_occasion (id, rule_id, occasion, state, msisdn_blind, amount, try_no, day, due_at, created_at, updated_at)
        SELECT CONCAT('occ_round_', ?), id, CONCAT('R-', ?), 'noticed', msisdn_blind, 1000, 1, CURRENT_DATE,
          UTC_TIMESTAMP(3), UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) FROM auto_rule WHERE id = ?`,
      [round, round, rule],
    );
    const taken = "SELECT 1 FROM auto_occasion WHERE id = ? AND (state <> 'noticed' OR due_at > UTC_TIMESTAMP(3))";
    await until(async () => (await one(taken, [`occ_round_${round}`])) !== undefined, 'it is taken up');
    await sleep(ms);
    await stage.platform.kill('gateway');
    await wipeRedis();
    await stage.platform.restart('gateway');
    // A lease that died with the process would run out by itself; the test does not wait for it.
    const free = 'UPDATE auto_occasion SET due_at = UTC_TIMESTAMP(3) WHERE id = ? AND due_at IS NOT NULL';
    const done = "SELECT 1 FROM auto_occasion WHERE id = ? AND state = 'done'";
    await until(async () => {
      await gateway.run(free, [`occ_round_${round}`]);
      return (await one(done, [`occ_round_${round}`])) !== undefined;
    }, `round ${round} is done`);
  }
});
