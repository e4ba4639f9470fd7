import { BANK, DATE, FakeWorld } from '../testing/fake-world';

const no = (n: number): string => `261122${String(n).padStart(14, '0')}`;
const OTHER = 'bank_b';
const head = (provider: string, date = DATE) => `H|YD1|${provider}|${date}|CNY`;

const line = (n: number, ref: string) => `D|${n}|PAY|${ref}|T${n}||5000|30|CNY|${DATE}T12:00:00+08:00|SUCCESS`;

interface Bad {
  /** Null: nothing. */
  file: string | null;
  why: RegExp;
  state?: string;
  breaks?: string[];
}
const held = (file: string, why: RegExp): Bad => ({ file, why });

/** What the other bank sends, and what its day says of it. */
const BAD: Record<string, Bad> = {
  'a line that cannot be read': {
    file: [head(OTHER), line(1, no(9)), 'D|2|PAY|???', 'T|2|10000|60', ''].join('\n'),
    ...{ why: /1 unreadable lines wait for people/, state: 'matched', breaks: ['platform_missing', 'unreadable_line'] },
  },
  'an empty file': held('', /empty_file/),
  'something else': held('<html>502</html>', /not_a_statement/),
  'a truncated file': held(head(OTHER), /truncated/),
  'a wrong control total': held(`${head(OTHER)}\nT|1|1|1\n`, /control_total/),
  'the file of another date': held(`${head(OTHER, '2026-11-21')}\nT|0|0|0\n`, /other_date/),
  'no file at all': { file: null, why: /not there yet/, state: 'cut', breaks: [] },
};

describe.each(Object.entries(BAD))('a night in which one bank sends %s', (_what, bad) => {
  const { file, why, state = 'statement_in', breaks = ['control_total'] } = bad;
  const world = new FakeWorld();

  beforeAll(async () => {
    await world.start([{ code: OTHER, statement: () => file }]);
    const attempt = { refNo: `${no(1)}01` };
    world.paymentBook.add('paid', no(1), 5000n, { ...attempt, providerTxnId: 'T1' });
    world.creditBook.add('credited', no(1), 5000n);
    world.writeStatement([{ ref: `${no(1)}01`, txn: 'T1', amount: 5000n }]);
  });
  afterAll(() => world.stop());

  test('the other bank is settled all the same, and the bad file has its finding', async () => {
    await world.client.call('night.run', { date: DATE, actor: 'clerk.a' });
    await world.until(
      DATE,
      (steps) => steps.filter((step) => step.name === 'notify' && step.state === 'done').length > 0,
    );
    await world.until(DATE, (steps) => steps.some((step) => why.test(step.error ?? '')));
    const { providers } = await world.client.call('night.status', { date: DATE });
    const states = Object.fromEntries(providers.map(({ provider, state }) => [provider, state]));
    expect(states).toEqual({ [BANK]: 'settled', [OTHER]: state });
    const { data } = await world.client.call('breaks.list', { date: DATE, state: 'any' });
    expect(data.map((row) => [row.provider, row.class]).sort()).toEqual(breaks.map((cls) => [OTHER, cls]));
  });
});
