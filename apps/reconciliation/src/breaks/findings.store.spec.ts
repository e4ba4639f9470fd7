import { testDatabase, type TestDatabase } from '@yidian/testing';
import { DAY, History, PROVIDER } from '../matching/histories';
import { matchDay, type DayMatch } from '../matching/match-day';
import { addDays } from '../dates';
import { schema } from '../schema';
import { NamedFindings } from '../matching/named-findings';
import { StatementRowsStore } from '../statements/statement-rows.store';
import { allowed } from './allowed-actions';
import { BreaksStore } from './breaks.store';
import { FindingsStore } from './findings.store';

const NEXT = addDays(DAY, 1);
const THEN = addDays(DAY, 2);

function match(day: History, date = DAY): DayMatch {
  const { lines, facts, prior } = day;
  return matchDay(
    { provider: PROVIDER, date, lines, facts, prior, carried: [] },
    { provider: PROVIDER, date, quote: () => undefined, feeTolerance: 1n, waits: {}, allowsReturns: false },
  );
}

describe('breaks from runs', () => {
  let database: TestDatabase;
  let breaks: BreaksStore;
  let findings: FindingsStore;

  beforeEach(async () => {
    database = await testDatabase(schema);
    breaks = new BreaksStore(database.db);
    findings = new FindingsStore(breaks);
  });

  afterEach(() => database.close());

  const report = (date: string, runId: string, result: Pick<DayMatch, 'findings' | 'closes'>) =>
    breaks.transaction((tx) =>
      findings.report(tx, { provider: PROVIDER, date, runId }, result.findings, result.closes),
    );
  const states = async () =>
    (await breaks.list({ limit: 10 })).map(({ date, class: cls, state, resolved_by: by }) => [date, cls, state, by]);

  const short = (): History => {
    const day = new History();
    day.payment(5000n).gateway('paid').billing('credited');
    return day;
  };

  test('waits in suspense, becomes a break when its wait is over', async () => {
    await report(DAY, 'run1', match(short()));
    expect(await states()).toEqual([[DAY, 'provider_missing', 'suspense', null]]);
    await report(NEXT, 'run2', { findings: [], closes: [] });
    expect(await states()).toEqual([[DAY, 'provider_missing', 'open', null]]);
  });

  test('a line of no payment waits its date and is a break then; one that is charged is a break at once', async () => {
    const rows = new StatementRowsStore(database.db);
    const { items } = await rows.begin({ provider: PROVIDER, date: DAY, version: 1 });
    const line = { line: 1, ourRef: '', origTxnId: '', fee: 0n, currency: 'CNY', at: `${DAY}T04:00:00.000Z` };
    const named = { ...line, state: 'success' as const, raw: 'raw' };
    await items.add({ ...named, kind: 'return', txnId: 'WON', amount: 700n });
    await items.add({ ...named, kind: 'fee', txnId: 'F1', amount: -100n });
    await items.end();
    const profile = { waits: {}, feeTolerancePerLine: '1' };
    const place = { provider: PROVIDER, date: DAY, file: { version: 1 }, info: { profile } };
    const found = await new NamedFindings(rows).execute(place);
    await report(DAY, 'run1', { findings: found, closes: [] });
    const of = async (cls: string) => (await states()).filter((state) => state[1] === cls);
    expect(await of('platform_missing')).toEqual([[DAY, 'platform_missing', 'suspense', null]]);
    expect(await of('fee_mismatch')).toEqual([[DAY, 'fee_mismatch', 'open', null]]);
    await report(NEXT, 'run2', { findings: [], closes: [] });
    expect(await of('platform_missing')).toEqual([[DAY, 'platform_missing', 'open', null]]);
    const open = await breaks.list({ limit: 10 });
    for (const row of open) expect([allowed(row, 'accept'), allowed(row, 'claim_provider')]).toEqual([true, true]);
    expect(open.map((row) => row.item_id?.split('/')[0]).sort()).toEqual(['fee', 'return']);
  });

  test('its other half on the next date closes it', async () => {
    const day = short();
    await report(DAY, 'run1', match(day));
    const [first] = await breaks.list({ limit: 1 });
    expect(await breaks.carriedKeys(PROVIDER, NEXT)).toEqual([first?.group_key]);
    day.line('payment', { ourRef: `${first?.payment_no}01`, txnId: `T${first?.payment_no}`, amount: 5000n });
    const result = match(day, NEXT);
    expect(result.findings).toEqual([]);
    expect(result.items).toMatchObject([{ class: 'date_mismatch', matched: true }]);
    await report(NEXT, 'run2', result);
    expect(await states()).toEqual([[DAY, 'provider_missing', 'resolved', 'rule:other_half']]);
    await report(THEN, 'run3', { findings: [], closes: [] });
    expect(await states()).toEqual([[DAY, 'provider_missing', 'resolved', 'rule:other_half']]);
  });

  test('found again by a re-run: one row, its proposal stays; changed under it: a new version', async () => {
    const day = new History();
    const payment = day.payment(5000n).gateway('paid').pay();
    await report(DAY, 'run1', match(day));
    const [row] = await breaks.list({ limit: 1 });
    if (!row) throw new Error('nothing found');
    const proposal = { to: 'proposed', what: 'proposed', actor: 'clerk.a', detail: 'credit' } as const;
    await breaks.transaction((tx) => breaks.move(tx, row, { ...proposal, set: { proposed_by: 'clerk.a' } }));
    await report(DAY, 'run1', match(day));
    expect(await breaks.get(row.id)).toMatchObject({ state: 'proposed', version: 2 });
    payment.billing('credit_rejected');
    await report(DAY, 'run2', match(day));
    expect(await breaks.get(row.id)).toMatchObject({ state: 'proposed', class: 'credit_rejected', version: 3 });
    const events = await database.db.select('SELECT what FROM break_event WHERE break_id = ? ORDER BY version', [
      row.id,
    ]);
    expect(events.map((event) => event['what'])).toEqual(['found', 'proposed', 'changed']);
  });

  test('a move from a version that has passed is refused, and history is never rewritten', async () => {
    await report(DAY, 'run1', match(short()));
    const [row] = await breaks.list({ limit: 1 });
    if (!row) throw new Error('nothing found');
    const open = { to: 'open', what: 'wait_over', actor: 'system', detail: '' } as const;
    const moves = await Promise.all([1, 2, 3, 4].map(() => breaks.transaction((tx) => breaks.move(tx, row, open))));
    expect(moves.filter(Boolean)).toHaveLength(1);
    await expect(database.db.run("UPDATE break_event SET actor = 'x'")).rejects.toThrow(/denied/);
  });
});
