import type { NumberingRow, NumberingVersion } from '@yidian/contracts';
import { createHash } from 'node:crypto';
import { billingFixture, GUANGDONG, HUBEI, HUNAN, type BillingFixture } from '../testing/billing-fixture';
import { SweepPorts } from './sweep-ports';

const noon = (day: string): string => `${day}T12:00:00+08:00`;
const segment = (prefix: string, branch: string, carrier = 1): NumberingRow => [prefix, branch, carrier, null, null];
const port = (msisdn: string, branch: string | null, from: string, until: string | null = null): NumberingRow => [
  msisdn,
  branch,
  0,
  from,
  until,
];

describe('imported numbers', () => {
  let billing: BillingFixture;
  beforeAll(async () => (billing = await billingFixture()));
  afterAll(() => billing.close());

  const begin = (rows: readonly NumberingRow[], over: Record<string, unknown> = {}): Promise<NumberingVersion> =>
    billing.client.call('numbering.begin', {
      kind: 'segments',
      format: 'csv',
      sha256: createHash('sha256')
        .update(JSON.stringify([rows, over]))
        .digest('hex'),
      fileName: 'segments.csv',
      from: '2026-01-01',
      wholeTable: false,
      actor: 'ops',
      total: rows.length,
      badLines: 0,
      findings: [],
      ...over,
    });
  const send = (version: number, offset: number, rows: NumberingRow[]) =>
    billing.client.call('numbering.rows', { version, offset, rows });
  async function apply(version: number): Promise<NumberingVersion> {
    for (;;) {
      const now = await billing.client.call('numbering.apply', { version });
      if (now.state === 'applied') return now;
    }
  }
  async function take(rows: NumberingRow[], over: Record<string, unknown> = {}): Promise<NumberingVersion> {
    const { version } = await begin(rows, over);
    await send(version, 0, rows);
    return apply(version);
  }
  const routes = async (day: string, ...msisdns: string[]) =>
    (
      await billing.client.call('numbers.owner_at', { items: msisdns.map((msisdn) => ({ msisdn, at: noon(day) })) })
    ).items.map(({ route }) => route);

  test('a file, then a newer one: what changed ends and begins, what did not stays, the past is as it was', async () => {
    const first = [segment('1330000', HUBEI), segment('1330001', HUBEI), segment('13300023', HUNAN)];
    expect(await take(first)).toMatchObject({ state: 'applied', opened: 3, closed: 0, received: 3, applied: 3 });
    const second = [segment('1330000', HUBEI), segment('1330001', GUANGDONG), segment('1330003', HUNAN)];
    expect(await take(second, { from: '2026-06-01' })).toMatchObject({ opened: 2, closed: 1 });
    const numbers = ['13300001111', '13300011111', '13300023999', '13300031111'];
    expect(await routes('2026-05-31', ...numbers)).toEqual([HUBEI, HUBEI, HUNAN, undefined]);
    expect(await routes('2026-06-01', ...numbers)).toEqual([HUBEI, GUANGDONG, HUNAN, HUNAN]);
  });

  test('the whole table: what is not in it ends, but what a registration opened', async () => {
    await billing.register({ msisdn: '13400009999', branch: HUNAN });
    const rows = [segment('1330000', HUBEI), segment('1330003', GUANGDONG)];
    expect(await take(rows, { from: '2026-07-01', wholeTable: true })).toMatchObject({ opened: 1, closed: 3 });
    expect(await routes('2026-07-01', '13300011111', '13300023999', '13300031111')).toEqual([
      undefined,
      undefined,
      GUANGDONG,
    ]);
    const now = new Date().toISOString();
    const { items } = await billing.client.call('numbers.owner_at', { items: [{ msisdn: '13400001111', at: now }] });
    expect(items[0]?.route).toBe(HUNAN);
  });

  test('the same file again changes nothing; an older one is refused', async () => {
    const rows = [segment('1330010', HUBEI)];
    const first = await take(rows, { from: '2026-08-01' });
    expect(await begin(rows, { from: '2026-08-01' })).toEqual(first);
    await expect(begin(rows, { from: '2026-07-31' })).rejects.toThrow(/would rewrite history/);
  });

  test('corrected on its own day by a younger file', async () => {
    await take([segment('1330020', HUBEI)], { from: '2026-08-02' });
    expect(await take([segment('1330020', HUNAN)], { from: '2026-08-02' })).toMatchObject({ opened: 1, closed: 1 });
    expect(await routes('2026-08-02', '13300201111')).toEqual([HUNAN]);
  });

  test('interrupted anywhere: rows sent twice are taken once, and it goes on where it stopped', async () => {
    const rows = Array.from({ length: 60 }, (_, n) => segment(`13311${String(n).padStart(2, '0')}`, HUBEI));
    const { version } = await begin(rows, { from: '2026-08-03' });
    await send(version, 0, rows.slice(0, 20));
    expect(await send(version, 0, rows.slice(0, 20))).toMatchObject({ received: 20 });
    await expect(send(version, 40, rows.slice(40))).rejects.toThrow(/has 20 rows of 60/);
    await expect(billing.client.call('numbering.apply', { version })).rejects.toThrow(/has 20 rows of 60/);
    expect(await begin(rows, { from: '2026-08-03' })).toMatchObject({ version, received: 20, state: 'open' });
    await send(version, 20, rows.slice(20));
    const other = await billing.sibling();
    await billing.client.call('numbering.apply', { version });
    await Promise.all([
      billing.client.call('numbering.apply', { version }),
      other.call('numbering.apply', { version }),
    ]);
    expect(await apply(version)).toMatchObject({ opened: 60, applied: 60 });
    expect(await billing.database.db.select('SELECT version FROM numbering_row')).toEqual([]);
  });

  test('a file that contradicts itself is refused whole', async () => {
    const rows = [segment('1332000', HUBEI), segment('1332001', HUBEI), segment('1332000', HUNAN)];
    const { version } = await begin(rows, { from: '2026-08-04' });
    await send(version, 0, rows.slice(0, 2));
    expect(await send(version, 2, rows.slice(2))).toMatchObject({
      state: 'refused',
      findings: [expect.stringMatching(/another row/)],
    });
    expect(await billing.client.call('numbering.apply', { version })).toMatchObject({ state: 'refused', opened: 0 });
    expect(await routes('2026-08-04', '13320001111')).toEqual([undefined]);
  });

  test('rows of another kind of file, of no branch, and no version at all', async () => {
    const { version } = await begin([segment('1333000', HUBEI)], { from: '2026-08-05' });
    for (const row of [
      segment('13330001111', HUBEI),
      segment('1333000', '999999'),
      ['1333000', null, 1, null, null] as NumberingRow,
    ])
      await expect(send(version, 0, [row])).rejects.toThrow(/none of this kind/);
    await expect(send(9_999, 0, [segment('1333000', HUBEI)])).rejects.toThrow(/No version/);
  });

  test('ported numbers: dated, and their holders are told when the day has come', async () => {
    const [out, away, kept] = ['13900007001', '13900007002', '13900007003'];
    for (const msisdn of [out, away, kept]) await billing.register({ msisdn });
    await billing.database.db.run("UPDATE number_owner SET valid_from = '2026-01-01'");
    const later = new Date(Date.now() + 50 * 3_600_000).toISOString().slice(0, 10);
    const rows = [
      port(out, null, '2026-09-01'),
      port(away, HUNAN, '2026-09-01'),
      port(kept, null, later),
      port('13977777777', null, '2026-09-01', '2026-10-01'),
    ];
    expect(await take(rows, { kind: 'ports' })).toMatchObject({ opened: 4, skipped: 0 });
    expect(await routes('2026-09-15', '13977777777')).toEqual([null]);
    expect(await routes('2026-10-01', '13977777777')).toEqual([undefined]);
    await billing.running().app.get(SweepPorts, { strict: false }).sweep();
    const { items } = await billing.client.call('numbers.lookup', {
      items: [out, away, kept].map((msisdn) => ({ msisdn })),
    });
    expect(items).toMatchObject([
      { portedOut: true },
      { found: { branch: { code: HUNAN }, owner: '*' } },
      { found: { branch: { code: HUBEI } } },
    ]);
    const { events } = await billing.client.call('subscriber_events.pull', { after: '0', limit: 500 });
    expect(events.filter(({ source }) => source === 'import').map(({ kind, msisdn }) => [kind, msisdn])).toEqual([
      ['ported_out', out],
      ['ported_in', away],
    ]);
    const { versions } = await billing.client.call('numbering.versions', { limit: 1 });
    expect(versions[0]).toMatchObject({ kind: 'ports', state: 'applied', actor: 'ops' });
  });

  test('20,000 segments in frames of 4,000', async () => {
    const rows = Array.from({ length: 20_000 }, (_, n) => segment(`18${String(n).padStart(5, '0')}`, HUBEI));
    const { version } = await begin(rows, { from: '2026-11-01' });
    for (let from = 0; from < rows.length; from += 4_000) await send(version, from, rows.slice(from, from + 4_000));
    expect(await apply(version)).toMatchObject({ opened: 20_000, applied: 20_000 });
  });
});
