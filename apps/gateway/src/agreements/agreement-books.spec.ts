import { writeAgreementFile, type BankAgreement } from '@yidian/connectors/bank-direct';
import { PlayedGateway, until } from '../testing/played-gateway';
import { AgreementRunsStore } from './agreement-runs.store';
import type { AgreementRow } from './agreements.store';
import { AgreementsSweepJob } from './agreements-sweep.job';
import { ComparedAgreementsController } from './compared-agreements.controller';
import { ImportAgreements } from './import-agreements';
import { IMPORT_HEADER } from './import-format';
import { ReconcileAgreements } from './reconcile-agreements';
import { ResolveAgreementBreak } from './resolve-agreement-break';

const DATE = '2026-11-28';

describe('agreements that come in and are compared', () => {
  let gateway: PlayedGateway;
  let serial = 0;
  beforeAll(async () => (gateway = await PlayedGateway.start()));
  afterAll(() => gateway.close());
  beforeEach(() => gateway.bank.play('succeed'));

  const newNumber = (): string => {
    const msisdn = `1372000${String(++serial).padStart(4, '0')}`;
    gateway.billing.state.addNumber(msisdn);
    return msisdn;
  };
  const rows = async (where: string, value: string) =>
    (await gateway.database.db.select(`SELECT * FROM agreement WHERE ${where} = ?`, [
      value,
    ])) as unknown as AgreementRow[];
  const get = <T>(type: new (...args: never[]) => T): T => gateway.app.get(type, { strict: false });

  test('a branch’s agreements of old: each pays only after its bank has confirmed that account', async () => {
    const [good, other, gone] = [newNumber(), newNumber(), newNumber()];
    const line = (number: string, no: string, tail: string) =>
      `${number},${no},${tail},甲银行,2024-05-01,20000,50000,100000`;
    const text = [
      IMPORT_HEADER,
      line(good, 'OLD1', '1001'),
      line(other, 'OLD2', '1002'),
      line(gone, 'OLD3', '1003'),
      line('13899998888', 'OLD4', '1004'),
      'not a line',
    ].join('\n');
    const known = (no: string) => ({ agreement_no: no, agreement_ref: `R${no}`, bank_name: '甲银行' });
    gateway.bank.answerBy((_, { agreement_no: no }) => {
      if (no === 'OLD1') return { body: { ...known('OLD1'), status: 'active', account_tail: '1001' } };
      if (no === 'OLD2') return { body: { ...known('OLD2'), status: 'active', account_tail: '9999' } };
      return { body: { agreement_no: no, status: 'ended' } };
    });
    const imports = get(ImportAgreements);
    const file = { provider: 'bank_a', branch: '420000', text };
    const { row, counts } = await imports.execute(file, 'clerk');
    expect(counts).toMatchObject({ unreadable: 1 });
    await get(AgreementsSweepJob).sweep();
    await until(async () => (await imports.state(row.id)).counts.waiting === 0);
    expect(await imports.state(row.id)).toMatchObject({
      counts: { waiting: 0, confirmed: 1, refused: 3, unreadable: 1 },
      refused: [
        { line: 3, code: 'other_account' },
        { line: 4, code: 'bank_a was asked' },
        { line: 5, code: 'number_unknown' },
        { line: 6, code: 'number of fields' },
      ],
    });
    const [agreement] = await rows('provider_no', 'OLD1');
    expect(agreement).toMatchObject({ state: 'active', signed_by: 'import', cooling_until: null });
    expect(agreement?.signed_at?.toISOString()).toBe('2024-05-01T00:00:00.000Z');
    expect((await imports.execute(file, 'clerk')).row.id).toBe(row.id);
    expect(await rows('provider_no', 'OLD1')).toHaveLength(1);
    await expect(imports.execute({ ...file, text: 'number;name' }, 'clerk')).rejects.toMatchObject({
      code: 'field_invalid',
    });
  });

  test('the bank’s list: what differs is a break each, what could take money wrongly rests, the rest is people’s', async () => {
    const [same, tail, gone, missing, mine] = [newNumber(), newNumber(), newNumber(), newNumber(), newNumber()];
    const fresh = newNumber();
    const ids = new Map<string, string>();
    for (const number of [same, tail, gone, missing, mine, fresh]) ids.set(number, await gateway.agreement(number));
    const id = (number: string) => ids.get(number) ?? '';
    gateway.bank.answerBy(() => null);
    await gateway.text(mine, 'JB');
    await until(async () => (await rows('id', id(mine)))[0]?.unsign === 'unknown');
    const one = (number: string, over: Partial<BankAgreement> = {}): BankAgreement => ({
      ...{ agreementNo: id(number), agreementRef: 'AR1', state: 'active', accountTail: '8812', bankName: '甲银行' },
      ...{ signedOn: '2026-11-20', endedOn: '' },
      ...over,
    });
    const list = [
      one(same),
      one(tail, { accountTail: '4444' }),
      one(gone, { state: 'ended', endedOn: '2026-11-27' }),
      one(mine),
      { ...one(same), agreementNo: 'STRANGE', agreementRef: 'X' },
      { ...one(same), agreementNo: 'OLD1', agreementRef: 'ROLD1', accountTail: '1001' },
    ];
    const content = Buffer.from(writeAgreementFile('bank_a', DATE, list));
    const at = (day: string) => new Date(`${day}T23:59:59+08:00`);
    const date = (number: string, day: string) =>
      gateway.database.db.run('UPDATE agreement SET signed_at = ?, updated_at = ? WHERE id = ?', [
        ...[at(day), at(day), id(number)],
      ]);
    for (const number of [same, tail, gone, missing, mine]) await date(number, DATE);
    await date(fresh, '2026-11-29');
    const reconcile = get(ReconcileAgreements);
    const run = await reconcile.compare('bank_a', DATE, content);
    expect(run).toMatchObject({ agrees: 1, theirs: 6, found: 5, unreadable: 0 });
    const open = async () =>
      new Map((await get(AgreementRunsStore).open(50)).map((found) => [found.agreement_no, found]));
    const found = await open();
    expect([...found].map(([no, { class: kind }]) => [no, kind]).sort()).toEqual(
      [
        [id(tail), 'other_account'],
        [id(gone), 'ended_one_side'],
        [id(missing), 'only_here'],
        [id(mine), 'ended_one_side'],
        ['STRANGE', 'only_there'],
      ].sort(),
    );
    const state = async (number: string) => (await rows('id', id(number)))[0];
    expect((await state(same))?.state).toBe('active');
    expect((await state(fresh))?.state).toBe('active');
    for (const number of [tail, gone, missing])
      expect(await state(number)).toMatchObject({ state: 'frozen', frozen_by: 'bank_file', frozen_until: null });
    expect((await state(mine))?.state).toBe('ended');
    await reconcile.compare('bank_a', DATE, content);
    expect((await open()).size).toBe(5);
    const resolve = get(ResolveAgreementBreak);
    const idOf = (no: string) => found.get(no)?.id ?? '';
    await resolve.execute(idOf(id(gone)), 'end', 'ops', 'the bank says so');
    expect((await state(gone))?.state).toBe('ended');
    await resolve.execute(idOf(id(missing)), 'release', 'ops', 'the bank found it');
    expect((await state(missing))?.state).toBe('active');
    gateway.bank.answerBy((_, { agreement_no }) => ({ body: { agreement_no, status: 'ended' } }));
    await resolve.execute(idOf(id(mine)), 'end_there', 'ops', 'asked again');
    expect((await state(mine))?.unsign).toBe('done');
    await resolve.execute(idOf('STRANGE'), 'end_there', 'ops', 'nobody agreed to it here');
    expect(gateway.bank.received('/v1/agreements/end').at(-1)).toEqual({ agreement_no: 'STRANGE' });
    expect([...(await open()).keys()]).toEqual([id(tail)]);
    await expect(resolve.execute(idOf('STRANGE'), 'dismiss', 'ops', 'twice')).rejects.toMatchObject({
      code: 'state_conflict',
    });
  });

  test('a list that is cut off proves nothing missing', async () => {
    const number = newNumber();
    const agreement = await gateway.agreement(number);
    const whole = writeAgreementFile('bank_a', '2026-11-29', []);
    const run = await get(ReconcileAgreements).compare(
      'bank_a',
      '2026-11-29',
      Buffer.from(whole.replace(/T\|.*\n/, '')),
    );
    expect(run).toMatchObject({ agrees: 0, found: 0 });
    expect((await rows('id', agreement))[0]?.state).toBe('active');
  });

  test('the night asks what is open, page by page, and brings what two people decided', async () => {
    const door = get(ComparedAgreementsController);
    const ask = (more: object) => door.compare({ provider: 'bank_a', date: DATE, ...more });
    const [tail] = (await ask({})).breaks;
    expect(tail).toMatchObject({ class: 'other_account', branch: '420000', frozen: true });
    const date = '2026-11-30';
    const list = ['S1', 'S2', 'S3'].map((no): BankAgreement => ({
      ...{ agreementNo: no, agreementRef: `R${no}`, state: 'active', accountTail: '8812', bankName: '甲银行' },
      ...{ signedOn: '2026-11-20', endedOn: '' },
    }));
    const compare = (some: BankAgreement[]) =>
      get(ReconcileAgreements).compare('bank_a', date, Buffer.from(writeAgreementFile('bank_a', date, some)));
    await compare(list);
    const first = await ask({ date, limit: 2 });
    const second = await ask({ date, limit: 200, after: first.next });
    const all = [...first.breaks, ...second.breaks];
    expect(second.next).toBeNull();
    const there = new Map(all.flatMap((one) => (one.class === 'only_there' ? [[one.agreementNo, one.id]] : [])));
    expect([...there.keys()].sort()).toEqual(['S1', 'S2', 'S3']);
    const decide = (no: string, how: string) =>
      door.decide({ id: there.get(no) ?? no, how, reason: 'brk_1', actor: 'clerk.b' });
    expect(await decide('S1', 'ask')).toEqual({ outcome: 'refused', reason: 'state_conflict' });
    expect(await decide('S1', 'dismiss')).toEqual({ outcome: 'done' });
    gateway.bank.answerBy((_, { agreement_no }) => ({ body: { agreement_no, status: 'ended' } }));
    expect(await decide('S2', 'end')).toEqual({ outcome: 'done' });
    expect(await decide('S2', 'end')).toEqual({ outcome: 'done' });
    expect(await decide('none', 'end')).toEqual({ outcome: 'refused', reason: 'not_found' });
    await compare([]);
    const open = (await ask({ date })).breaks;
    expect(open.map((one) => one.agreementNo)).not.toContain('S3');
    expect(open.map((one) => one.id)).toContain(tail?.id);
    await compare(list);
    expect((await ask({ date })).breaks.map((one) => one.agreementNo)).toContain('S3');
    await expect(door.compare({ provider: 'nobody', date })).rejects.toMatchObject({ code: 'provider_unknown' });
  });

  test('a list that is not there yet says nothing', async () => {
    gateway.bank.answerBy(() => ({ status: 404, body: { code: 'not_ready' } }));
    const asked = await get(ComparedAgreementsController).compare({ provider: 'bank_a', date: '2026-12-24' });
    expect(asked).toEqual({ state: 'not_ready', breaks: [], next: null });
  });
});
