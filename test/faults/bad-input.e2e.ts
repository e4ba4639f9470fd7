import { verifyBooks } from '../../tools/platform/verify-books';
import { json, startStage, type Stage } from '../e2e/stage';
import { CALLBACK_DOOR, PAGES_DOOR, PARTNER_DOOR, SMS_DOOR, type BadInput } from './bad-input';
import { knock, knockTwice } from './doors';
import { lostOrDoubled } from './outside-view';

/**
 * Each public door refuses with its documented code; and since all of it comes before a demo day with its night, a row
 * left behind by a refusal would be tripped on there.
 */
describe('bad input at the public doors', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await startStage('doors', { demoPayments: 120 });
  }, 120_000);

  afterAll(() => stage?.stop());

  const refused = async ({ knock: make, twice, status, code }: BadInput) => {
    const answer = await (twice ? knockTwice : knock)(stage, make(stage));
    expect({ status: answer.status, code: answer.code }).toEqual({ status, code });
    expect(answer.type).toContain('application/problem+json');
    expect(answer.body).toMatchObject({ outcome: 'not_executed', request_id: expect.stringMatching(/^req_/) });
  };

  describe('partners', () =>
    test.each(PARTNER_DOOR.map((each) => [each.name, each] as const))('%s', (_, bad) => refused(bad)));
  describe('providers', () =>
    test.each(CALLBACK_DOOR.map((each) => [each.name, each] as const))('%s', (_, bad) => refused(bad)));
  describe('SMS', () => test.each(SMS_DOOR.map((each) => [each.name, each] as const))('%s', (_, bad) => refused(bad)));
  describe('pages', () =>
    test.each(PAGES_DOOR.map((each) => [each.name, each] as const))('%s', (_, bad) => refused(bad)));

  test('a text that means nothing is answered with help, and pays nothing', async () => {
    const before = await stage.messages('13800001234');
    await json(`${stage.frontDoor}/sandbox/api/phones/send`, { number: '13800001234', text: '天气怎么样' });
    const after = await untilMore(() => stage.messages('13800001234'), before.length + 1);
    expect(after.at(-1)?.way).toBe('in');
  });

  test('the day after all that ends as any other', async () => {
    const result = await stage.playDemoDay();
    expect(result.problems).toEqual([]);
    expect(result).toMatchObject({ ok: true, false: 0, found: result.injected });
    expect(await lostOrDoubled(stage)).toEqual([]);
    expect((await verifyBooks(stage.ports)).checks.filter(({ ok }) => !ok)).toEqual([]);
  }, 300_000);
});

async function untilMore<T>(read: () => Promise<T[]>, count: number): Promise<T[]> {
  for (let tries = 0; tries < 100; tries += 1) {
    const now = await read();
    if (now.length > count) return now;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no more than ${count} came`);
}
