import type {
  AgreementsCompared,
  BreakView,
  CreditFileReply,
  NumbersCompared,
  ResolutionAction,
} from '@yidian/contracts';
import { BankEntriesJob } from './bank-entries.job';
import { CreditRunsJob } from './credit-runs.job';
import { NumberSweepsStore } from './number-sweeps.store';
import { SweepNumbersJob } from './sweep-numbers.job';
import { BANK, DATE, FakeWorld, fileNotReady } from '../testing/fake-world';

const NEXT = '2026-11-23';
const PAYMENT = '26112200000000000001';

describe('what is compared beside statements', () => {
  const world = new FakeWorld();
  beforeAll(async () => {
    world.payouts = [
      {
        class: 'payout_short',
        dates: [{ date: '2026-11-20', dueDay: '2026-11-21', amount: '4970' }],
        lines: [],
        entries: [{ entryId: 'E1', valueDay: '2026-11-21', amount: '4900' }],
        difference: '-70',
      },
      { class: 'matched', dates: [], lines: [], entries: [], difference: '0' },
    ];
    const there = { agreementNo: 'B77', agreementId: null, branch: '', detail: 'signed there', frozen: false };
    const here = { agreementNo: 'B78', agreementId: 'agr_1', branch: '420000', detail: 'not there', frozen: true };
    const breaks: AgreementsCompared['breaks'] = [
      { id: 'a'.repeat(32), class: 'only_there', ...there },
      { id: 'b'.repeat(32), class: 'only_here', ...here },
    ];
    world.agreements = { state: 'compared', breaks, next: null };
    await world.start();
    world.paymentBook.add('paid', PAYMENT, 5000n, { refNo: `${PAYMENT}01`, providerTxnId: 'T1' });
    world.creditBook.add('credited', PAYMENT, 5000n);
    world.writeStatement([{ ref: `${PAYMENT}01`, txn: 'T1', amount: 5000n }]);
  });
  afterAll(() => world.stop());

  const breaks = async (): Promise<BreakView[]> => (await world.client.call('breaks.list', { state: 'any' })).data;
  const shown = async () => (await breaks()).map(({ class: cls, state, date }) => `${cls} ${state} ${date}`).sort();
  const find = async (cls: BreakView['class']): Promise<BreakView> => {
    const row = (await breaks()).find((one) => one.class === cls);
    if (!row) throw new Error(`no ${cls}`);
    return row;
  };
  const decide = async (cls: BreakView['class'], action: ResolutionAction) => {
    const { id, version } = await find(cls);
    const proposed = { id, version, action, reason: 'seen', evidence: 'letter 12' };
    const first = (await world.client.call('breaks.propose', { items: [proposed], actor: 'clerk.a' })).items[0];
    if (first?.outcome !== 'ok') return first?.outcome;
    const items = [{ id, version: version + 1, decision: 'approve' as const, reason: 'seen' }];
    return (await world.client.call('breaks.decide', { items, actor: 'clerk.b' })).items[0]?.outcome;
  };
  const ended = async (cls: BreakView['class'], state: BreakView['state']) => {
    for (const deadline = Date.now() + 15_000; Date.now() < deadline;) {
      const row = await find(cls);
      if (row.state === state) return row;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return find(cls);
  };

  test('the night makes breaks of them, each with its sum and its next step', async () => {
    await world.night();
    expect(await shown()).toEqual([`only_here open ${DATE}`, `only_there open ${DATE}`, `payout_short open ${DATE}`]);
    expect(await find('payout_short')).toMatchObject({ atStake: '-70', pAmount: '4900', suggested: 'claim_provider' });
    expect(await find('only_there')).toMatchObject({ providerTxnId: 'B77', suggested: 'claim_provider', gState: null });
    expect(await find('only_here')).toMatchObject({
      ...{ refNo: 'agr_1', branch: '420000', suggested: 'requery', gState: 'frozen', auto: false },
    });
    expect(world.settlement.requests('payouts_in.match')).toEqual([{ provider: BANK, asOf: DATE }]);
  });

  test('a run of the day anew closes none of them, and finds them as they are', async () => {
    const before = (await breaks()).map(({ id, version }) => [id, version]);
    await world.night();
    expect((await breaks()).map(({ id, version }) => [id, version])).toEqual(before);
  });

  test('somebody takes one; two people give up its difference, once, through settlement', async () => {
    const { id, version } = await find('payout_short');
    const items = [{ id, version, owner: 'clerk.c', dueOn: '2026-11-27' }];
    expect((await world.client.call('breaks.assign', { items, actor: 'clerk.a' })).items[0]?.outcome).toBe('ok');
    expect(await decide('payout_short', 'write_off')).toBe('ok');
    expect(await ended('payout_short', 'resolved')).toMatchObject({ owner: 'clerk.c', resolution: { by: 'clerk.b' } });
    expect(world.settlement.requests('differences.post')).toMatchObject([
      { provider: BANK, date: '2026-11-20', difference: '-70', proposedBy: 'clerk.a', actor: 'clerk.b' },
    ]);
  });

  test('what its class allows stands in each, and only while it may be proposed', async () => {
    expect((await find('only_there')).allowed).toEqual(['confirm_declined', 'claim_provider', 'carry', 'accept']);
    expect((await find('only_here')).allowed).toContain('requery');
    expect((await find('payout_short')).allowed).toEqual([]);
  });

  test('what two people say of an agreement goes to the gateway; what its class does not allow is refused', async () => {
    expect(await decide('only_there', 'requery')).toBe('state_conflict');
    expect(await decide('only_there', 'confirm_declined')).toBe('ok');
    expect(await ended('only_there', 'resolved')).toMatchObject({ resolution: { action: 'confirm_declined' } });
    expect(world.gateway.requests('agreement_breaks.decide')).toMatchObject([
      { id: 'a'.repeat(32), how: 'end', actor: 'clerk.b' },
    ]);
  });

  test('the next date shows one no more: it is over; a claim that was made for it too', async () => {
    const [short] = world.payouts;
    if (!short) throw new Error('there is no payout');
    world.payouts = [{ ...short, class: 'payout_missing', entries: [], difference: '-4970' }];
    world.agreements = { state: 'compared', breaks: [], next: null };
    world.writeStatement([], NEXT);
    await world.night(NEXT);
    expect(await find('only_here')).toMatchObject({ state: 'resolved', resolution: { by: 'rule:not_found_again' } });
    expect(await find('payout_missing')).toMatchObject({ state: 'open', date: NEXT });
    expect(await decide('payout_missing', 'claim_provider')).toBe('ok');
    await ended('payout_missing', 'resolving');
    world.payouts = [];
    await world.night(DATE);
    expect(world.settlement.requests('payouts_in.match').at(-1)).toEqual({ provider: BANK, asOf: NEXT });
    expect(await find('payout_missing')).toMatchObject({ state: 'resolved', resolution: { by: 'rule:other_half' } });
  });

  test('who does not answer is told about, and the money is settled all the same', async () => {
    world.agreements = { state: 'compared' } as AgreementsCompared;
    await world.night(NEXT);
    const { alarms } = await world.client.call('alarms.list', { from: NEXT, to: NEXT, limit: 10 });
    expect(alarms).toMatchObject([
      { kind: 'compare_failed', provider: BANK, detail: expect.stringMatching(/^agreement: /) },
    ]);
  });

  test('what came to our bank and nobody explains is a break, until it is explained', async () => {
    const parties = { counterparty: 'somebody', note: 'thanks', bankRef: 'N1', ourRef: '' };
    const entry = { entryId: 'E9', account: 'main', valueDay: NEXT, amount: '900', ...parties };
    const waiting = { state: 'open', meaning: '', provider: '', proposedBy: '' } as const;
    const job = world.running.app.get(BankEntriesJob, { strict: false });
    const older = { ...entry, entryId: 'E8', amount: '1' };
    world.bankEntries = [
      { ...older, ...waiting },
      { ...entry, ...waiting },
    ];
    await job.execute(NEXT);
    expect((await breaks()).filter(({ class: cls }) => cls === 'payout_unknown')).toHaveLength(2);
    world.bankEntries = [{ ...entry, ...waiting }];
    await job.execute('2026-11-24');
    const unknown = (await breaks()).filter(({ class: cls }) => cls === 'payout_unknown');
    expect(unknown.map(({ providerTxnId, state }) => [providerTxnId, state]).sort()).toEqual([
      ['E8', 'resolved'],
      ['E9', 'open'],
    ]);
    expect(unknown.find(({ providerTxnId }) => providerTxnId === 'E9')).toMatchObject({
      ...{ provider: 'treasury', date: NEXT, atStake: '900' },
    });
    world.bankEntries = [];
    await job.execute('2026-11-25');
    const over = (await breaks()).filter(({ class: cls }) => cls === 'payout_unknown');
    expect(over.map(({ state }) => state)).toEqual(['resolved', 'resolved']);
  });

  const HUNAN = '430000';
  const province = (date: string, more: Partial<CreditFileReply>): CreditFileReply => ({
    ...fileNotReady(HUNAN, date),
    ...{ state: 'ready', version: 1, sha256: 'c'.repeat(64), agrees: true },
    ...more,
  });
  const theirs = async () =>
    (await breaks())
      .filter(({ provider }) => provider === 'bss_430000')
      .map(({ class: cls, state, date, atStake }) => `${cls} ${state} ${date} ${atStake}`)
      .sort();

  test('a province’s own file is the book of its branch: each difference is a break, the bridge is 0', async () => {
    const asked = { branch: HUNAN, date: DATE };
    await expect(world.client.call('credit_runs.run', asked)).rejects.toThrow(/No province/);
    world.provinces.set(HUNAN, fileNotReady(HUNAN, DATE));
    expect(await world.client.call('credit_runs.run', asked)).toEqual({ run: null });
    const credit = { kind: 'CREDIT', ourState: 'done', ourAmount: '5000', theirAmount: '5000' } as const;
    const strange = { ...credit, class: 'not_asked_for', reference: PAYMENT, ourState: null, ourAmount: null } as const;
    const absent = { ...credit, class: 'not_there', reference: `${PAYMENT}`, theirAmount: null } as const;
    const back = { ...credit, class: 'not_there', kind: 'REVERSAL', reference: `${PAYMENT}R01` } as const;
    const differences = [strange, absent, { ...back, ourAmount: '-2000', theirAmount: null }];
    world.provinces.set(HUNAN, province(DATE, { lines: 1, amount: '5000', ours: '3000', differences }));
    const phone = { subscriberId: 'sub_1', number: '139****0102', ours: '王*兰', theirs: '李*' };
    world.numbers = { ...world.numbers, asked: 2, differences: [{ ...phone, class: 'number_owner' }] };
    const { run } = await world.client.call('credit_runs.run', asked);
    expect(run).toMatchObject({ state: 'ready', residual: '0', found: 3, numbersAsked: 2 });
    expect(run?.parts).toEqual([
      { name: 'not_asked_for', amount: '5000', count: 1 },
      { name: 'not_there', amount: '-3000', count: 2 },
    ]);
    const all = [
      ...[`number_owner open ${DATE} 0`, `uncredited open ${DATE} -5000`, `unpaid_credit open ${DATE} 5000`],
      `unreversed_credit open ${DATE} 2000`,
    ];
    expect(await theirs()).toEqual(all);
    const found = (await breaks()).filter(({ provider }) => provider === 'bss_430000');
    expect(found.every(({ suggested, allowed }) => allowed.includes(suggested))).toBe(true);
    await world.client.call('credit_runs.run', asked);
    expect(await theirs()).toEqual(all);
    world.pageOfDifferences = 2;
    const again = await world.client.call('credit_runs.run', asked);
    expect(again.run?.parts).toEqual(run?.parts);
    expect(await theirs()).toEqual(all);
  });

  test('another date leaves the credits of this one alone; a number that was not answered stays; what agrees is over', async () => {
    world.provinces.set(HUNAN, province(NEXT, { lines: 0 }));
    world.numbers = { ...world.numbers, unanswered: ['sub_1'], differences: [] };
    await world.client.call('credit_runs.run', { branch: HUNAN, date: NEXT });
    expect(await theirs()).toHaveLength(4);
    expect((await theirs())[0]).toBe(`number_owner open ${DATE} 0`);
    expect(world.billing.requests('bss.compare_numbers').at(-1)).toMatchObject({ also: ['sub_1'] });
    world.numbers = { ...world.numbers, unanswered: [] };
    world.provinces.set(HUNAN, province(DATE, { version: 2, lines: 1, amount: '3000', ours: '3000' }));
    await world.client.call('credit_runs.run', { branch: HUNAN, date: DATE, refetch: true });
    expect((await theirs()).every((one) => one.includes(' resolved '))).toBe(true);
  });

  test('all numbers of a province are compared in rounds, so many a night, and go on where they were', async () => {
    const differs = { ours: 'active', theirs: 'suspended', class: 'number_status' } as const;
    const phone = (n: number) => ({ subscriberId: `sub_${n}`, number: `139****010${n}`, ...differs });
    const pages: Record<string, NumbersCompared> = {
      '': { asked: 2, unanswered: [], same: ['sub_1'], differences: [phone(2)], next: '13900000102' },
      '13900000102': { asked: 2, unanswered: ['sub_3'], same: [], differences: [phone(4)], next: '13900000104' },
      '13900000104': { asked: 1, unanswered: [], same: ['sub_5'], differences: [], next: null },
    };
    let silentFrom = '13900000104';
    const silence = { asked: 1, unanswered: ['sub_5'], same: [], differences: [], next: null };
    world.everyNumber = (after) => (after === silentFrom ? silence : (pages[after] ?? silence));
    const job = world.running.app.get(SweepNumbersJob, { strict: false });
    const store = world.running.app.get(NumberSweepsStore, { strict: false });
    const numbers = async () => (await theirs()).filter((one) => one.startsWith('number_status')).sort();
    await job.execute(new Date('2026-11-23T03:00:00+08:00'));
    expect(await numbers()).toEqual([`number_status open ${NEXT} 0`, `number_status open ${NEXT} 0`]);
    expect(await store.all()).toMatchObject([
      { branch: HUNAN, round: 1, after: '13900000104', asked: 4, unanswered: 1, different: 2, wholeOn: null },
    ]);
    silentFrom = 'never';
    await job.execute(new Date('2026-11-23T03:05:00+08:00'));
    await job.execute(new Date('2026-11-23T03:10:00+08:00'));
    expect(await store.all()).toMatchObject([
      { round: 2, after: '', asked: 0, askedTonight: 5, wholeOn: NEXT, wholeAsked: 5 },
    ]);
    pages[''] = { asked: 2, unanswered: [], same: ['sub_1', 'sub_2'], differences: [], next: '13900000102' };
    silentFrom = '13900000102';
    await job.execute(new Date('2026-11-24T03:00:00+08:00'));
    expect(await numbers()).toEqual([`number_status open ${NEXT} 0`, `number_status resolved ${NEXT} 0`]);
    expect(await store.all()).toMatchObject([{ round: 2, after: '13900000102', night: '2026-11-24', askedTonight: 2 }]);
    const { sweeps } = await world.client.call('number_sweeps.list', {});
    expect(sweeps).toMatchObject([{ branch: HUNAN, round: 2, asked: 2, wholeAsked: 5, wholeOn: NEXT }]);
  });

  test('what has no name is an alarm and holds the day up; a missing file too, until two people accept that', async () => {
    const check = async () => {
      const { checks } = await world.client.call('day.signOff', { date: DATE, actor: 'clerk.b' });
      return checks.find(({ name }) => name === 'credit_files');
    };
    world.invariantsOk = false;
    world.provinces.set(HUNAN, province(DATE, { version: 3, lines: 1, amount: '3001', ours: '3000' }));
    await world.client.call('credit_runs.run', { branch: HUNAN, date: DATE });
    expect(await check()).toMatchObject({ ok: false, detail: '430000: 1 fen without a name' });
    world.provinces.set('440000', fileNotReady('440000', DATE));
    await world.client.call('credit_runs.run', { branch: '440000', date: DATE });
    world.provinces.set(HUNAN, province(DATE, { version: 4, lines: 1, amount: '3000', ours: '3000' }));
    await world.client.call('credit_runs.run', { branch: HUNAN, date: DATE });
    expect(await check()).toMatchObject({ ok: false, detail: '440000: not there' });
    const job = world.running.app.get(CreditRunsJob, { strict: false });
    await job.execute(new Date('2026-11-23T11:59:00+08:00'));
    expect((await breaks()).filter(({ provider }) => provider === 'bss_440000')).toEqual([]);
    await job.execute(new Date('2026-11-23T12:00:00+08:00'));
    expect(await check()).toMatchObject({ ok: false });
    expect(await decide('control_total', 'accept')).toBe('ok');
    await ended('control_total', 'resolved');
    expect(await check()).toMatchObject({ ok: true, detail: '1 compared, 1 waived' });
    const { runs } = await world.client.call('credit_runs.list', { from: DATE, to: DATE });
    expect(runs.map(({ branch, state, residual }) => [branch, state, residual])).toEqual([
      [HUNAN, 'ready', '0'],
      ['440000', 'wanted', '0'],
    ]);
    const { alarms } = await world.client.call('alarms.list', { from: DATE, to: DATE, limit: 10 });
    expect(alarms.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['credit_residual', 'credit_file_late']));
    const { files } = await world.client.call('report.files', { date: DATE });
    const bridge = files.find(({ name }) => name === 'bridge.csv')?.contentBase64 ?? '';
    const lines = Buffer.from(bridge, 'base64').toString().split('\r\n');
    expect(lines.filter((line) => line.startsWith('bss_430000'))).toEqual([
      'bss_430000,credit_file,statement,,30.00,3000,湖南省方账,Hunan’s book,省方账,Province’s book,对方合计,Statement',
      'bss_430000,credit_file,book,,30.00,3000,湖南省方账,Hunan’s book,省方账,Province’s book,我方合计,Book',
      'bss_430000,credit_file,residual,,0.00,0,湖南省方账,Hunan’s book,省方账,Province’s book,未解释,Residual',
    ]);
  });
});
