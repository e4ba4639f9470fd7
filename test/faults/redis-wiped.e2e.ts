import { redisConnection } from '@yidian/messaging';
import { verifyBooks } from '../../tools/platform/verify-books';
import { startStage, type Stage } from '../e2e/stage';
import { interruptedDay, type Blow } from './interrupted-day';
import { lostOrDoubled } from './outside-view';

/** Redis is a hint: whatever it held, nonces, sessions, bells, is made again or asked for again. */
const wiped = (when: Blow['when']): Blow => ({
  name: `Redis wiped at ${when}`,
  when,
  strike: async () => {
    const redis = redisConnection(process.env['TEST_REDIS_URL'] ?? '', false);
    await redis.flushall();
    redis.disconnect();
  },
});

describe('a day on which Redis loses everything, again and again', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await startStage('wiped', { demoPayments: 100 });
  }, 120_000);

  afterAll(() => stage?.stop());

  test('nothing is lost, nothing is doubled, and the night finds exactly what was put in', async () => {
    const result = await interruptedDay(stage, [wiped(0.2), wiped(0.5), wiped(0.8), wiped('night')]);
    expect(result.problems).toEqual([]);
    expect(result).toMatchObject({ ok: true, false: 0, found: result.injected });
    expect(await lostOrDoubled(stage)).toEqual([]);
    expect((await verifyBooks(stage.ports)).checks.filter(({ ok }) => !ok)).toEqual([]);
  }, 480_000);
});
