import { setTimeout as sleep } from 'node:timers/promises';
import { RpcClient } from '@yidian/messaging';
import { verifyBooks } from '../../tools/platform/verify-books';
import { CALLBACK_DOOR, PAGES_DOOR, PARTNER_DOOR, SMS_DOOR, type BadInput } from '../faults/bad-input';
import { knock, knockTwice } from '../faults/doors';
import { lostOrDoubled } from '../faults/outside-view';
import { json, startStage, type Stage } from './stage';

const ZHANG = '13800001234';
const MOTHER = '13900000000';
const HUBEI = '420000';

/**
 * The main job, whole. First each public door refuses bad input with its documented code; then comes a day with its
 * night, on which a row left behind by a refusal would be tripped on; then the story that must work: Zhang in Guangdong
 * pays for his mother's Hubei number by a text message; then everything is stopped and started again.
 */
describe('the main job', () => {
  let stage: Stage;
  let billing: RpcClient<'billing'>;

  beforeAll(async () => {
    stage = await startStage('main', { demoPayments: 100 });
    billing = new RpcClient('billing', '127.0.0.1', stage.ports.billingRpc);
  }, 120_000);

  afterAll(async () => {
    billing?.close();
    await stage?.stop();
  });

  const creditsOfHubei = async () => {
    const { branches } = await billing.call('ledger.branches', {});
    return BigInt(branches.find(({ branch }) => branch === HUBEI)?.credits ?? '0');
  };

  /** The same text twice within a minute would be asked about, not paid: each test takes an amount of its own. */
  const pay = async (yuan: number) => {
    const heard = { zhang: await stage.messages(ZHANG), mother: await stage.messages(MOTHER) };
    const started = Date.now();
    await json(`${stage.frontDoor}/sandbox/api/phones/send`, { number: ZHANG, text: `给妈妈充${yuan}` });
    const receipt = await fresh(stage, ZHANG, heard.zhang.length, `${yuan}.00`);
    const notice = await fresh(stage, MOTHER, heard.mother.length, `${yuan}.00`);
    return { receipt, notice, ms: Date.now() - started };
  };

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

  test('a day and its night end with balanced books', async () => {
    const result = await stage.playDemoDay();
    expect(result.problems).toEqual([]);
    expect(result).toMatchObject({ ok: true, false: 0, found: result.injected, branchesOk: 31 });
    expect(await lostOrDoubled(stage)).toEqual([]);
    expect((await verifyBooks(stage.ports)).ok).toBe(true);
  }, 300_000);

  test('给妈妈充50: both phones ring within seconds, and Hubei is credited 50 yuan', async () => {
    const before = await creditsOfHubei();
    const { receipt, notice, ms } = await pay(50);
    expect(receipt).toContain('妈妈');
    expect(receipt).not.toContain(MOTHER);
    expect(notice).not.toContain(ZHANG);
    expect((await creditsOfHubei()) - before).toBe(5_000n);
    expect(ms).toBeLessThan(5_000);
  });

  test('everything stopped and started again knows everybody, and the story goes on', async () => {
    const before = await creditsOfHubei();
    await stage.platform.stop();
    expect(stage.platform.running()).toEqual([]);
    await stage.platform.start();
    await pay(30);
    expect((await creditsOfHubei()) - before).toBe(3_000n);
    expect((await verifyBooks(stage.ports)).ok).toBe(true);
  }, 60_000);
});

/** The first message that came after the first `seen` and holds the words. */
async function fresh(stage: Stage, number: string, seen: number, words: string): Promise<string> {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = (await stage.messages(number))
      .slice(seen)
      .find(({ way, text }) => way === 'in' && text.includes(words));
    if (found) return found.text;
    await sleep(50);
  }
  throw new Error(`no message with ${words} came to ${number.slice(0, 3)}****${number.slice(-4)}`);
}

async function untilMore<T>(read: () => Promise<T[]>, count: number): Promise<T[]> {
  for (let tries = 0; tries < 100; tries += 1) {
    const now = await read();
    if (now.length > count) return now;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no more than ${count} came`);
}
