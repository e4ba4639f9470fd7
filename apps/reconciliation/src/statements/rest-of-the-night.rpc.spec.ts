import { BANK, DATE, FakeWorld } from '../testing/fake-world';

const no = (n: number): string => `261122${String(n).padStart(14, '0')}`;
const OTHER = 'bank_b';
const head = (provider: string, date = DATE) => `H|YD1|${provider}|${date}|CNY`;

/** What the other bank sends, and what its day says of it. Null: nothing. */
const BAD: Record<string, [file: string | null, why: RegExp]> = {
  'an empty file': ['', /empty_file/],
  'something else': ['<html>502</html>', /not_a_statement/],
  'a truncated file': [head(OTHER), /truncated/],
  'a wrong control total': [`${head(OTHER)}\nT|1|1|1\n`, /control_total/],
  'the file of another date': [`${head(OTHER, '2026-11-21')}\nT|0|0|0\n`, /other_date/],
  'no file at all': [null, /not there yet/],
};

describe.each(Object.keys(BAD))('a night in which one bank sends %s', (name) => {
  const [file, why] = BAD[name] ?? ['', /never/];
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
    expect(states).toEqual({ [BANK]: 'settled', [OTHER]: file === null ? 'cut' : 'statement_in' });
    const { data } = await world.client.call('breaks.list', { date: DATE, state: 'any' });
    expect(data.map((row) => [row.provider, row.class])).toEqual(file === null ? [] : [[OTHER, 'control_total']]);
  });
});
