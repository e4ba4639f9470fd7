import { DirectoryArchive } from '@yidian/archive';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Plan } from '../../provider-days/plan';
import { sumGroups } from '../../provider-days/sum-groups';
import { plan, schedule } from '../../testing/contracts';
import { line } from '../../testing/lines';
import { Pricing } from '../pricing';
import { settlePayment, paymentLegs } from '../settle-payment';
import { AT, WORDS, matchedRecords } from './matched-lines';
import { settleSegments } from './settle-segments';
import { SettledSegment } from './settled-lines';

const TERMS = { provider: 'bank_a', date: '2026-11-22', schedules: [schedule()], plans: [plan()] };
const NAMES: [number, { channel: string; partner: string }][] = [
  [3_104_947_017, { channel: 'sms', partner: '' }],
  [1, { channel: 'portal', partner: '' }],
];
const CODES = NAMES.map(([code]) => code);

interface Given {
  no: [number, number, number];
  amount: number;
  fee: number;
  /** Place among the names. */
  name?: number;
  acquiring?: number;
}

/** A segment as reconciliation seals it, records only: this reader needs neither places nor index. */
function matched(lines: readonly Given[]): Buffer {
  const bytes = Buffer.alloc(64 + lines.length * WORDS * 4);
  bytes.write('YDMATCH1', 'latin1');
  bytes.writeUInt32LE(lines.length, 8);
  lines.forEach(({ no: [first, next, last], amount, fee, name = 0, acquiring = 440000 }, i) => {
    const code = CODES[name] ?? 9;
    const put = (word: number, value: number) => bytes.writeUInt32LE(value >>> 0, 64 + (i * WORDS + word) * 4);
    put(AT.hash, i * 7);
    put(AT.hash + 1, i);
    put(AT.last, (last << 6) | (name << 20));
    put(AT.first, first);
    put(AT.next, next);
    put(AT.low, amount % 2 ** 32);
    put(AT.high, Math.floor(amount / 2 ** 32));
    put(AT.fee, fee);
    put(AT.home, 420000);
    put(AT.acquiring, acquiring);
    put(AT.code, code);
  });
  return bytes;
}

describe('settling matched segments', () => {
  let root: string;
  let archive: DirectoryArchive;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'settle-'));
    archive = new DirectoryArchive(root);
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  const many = Array.from({ length: 1500 }, (_, i): Given => {
    const amount = i === 700 ? 9_999_999_999 : 100 + ((i * 7919) % 20_000);
    const fee = Number((BigInt(amount) * 6000n + 500_000n) / 1_000_000n);
    return { no: [261122000, i, i % 100], amount, fee, name: i % 2, acquiring: i % 3 ? 440000 : 0 };
  });
  const settle = async (parts: readonly Given[][], place: string) =>
    settleSegments(
      await Promise.all(parts.map((lines, i) => archive.put(['matched', place, `p${i}`], matched(lines)))),
      { archive: root, place: ['settled', place], terms: TERMS, names: NAMES },
      0,
    );

  test('the sums are those of the same lines one by one, however the segments are cut', async () => {
    const whole = await settle([many], 'whole');
    const cut = await settle([many.slice(0, 11), many.slice(11, 1000), [], many.slice(1000)], 'cut');
    const oneByOne = new Pricing(TERMS);
    for (const { amount, name = 0, acquiring } of many)
      settlePayment(
        {
          ...line('x'),
          ...{ amount: BigInt(amount), face: BigInt(amount), acquiringBranch: acquiring ? String(acquiring) : '' },
          channel: NAMES[name]?.[1].channel ?? '',
        },
        oneByOne,
      );
    const postings = (pricing: Pricing) => {
      const all = new Plan();
      sumGroups(all, pricing);
      return all.postings();
    };
    expect(postings(whole.pricing)).toEqual(postings(oneByOne));
    expect(postings(cut.pricing)).toEqual(postings(oneByOne));
    expect(cut.parts.map(({ n }) => n)).toEqual([11, 989, 0, 500]);
    expect(whole.gaps).toEqual([]);
  });

  test('a sealed line says what it cost and brought; it is found by its number', async () => {
    const { parts } = await settle([many], 'sealed');
    const sealed = new SettledSegment(await archive.get(parts[0] as (typeof parts)[0]));
    expect(sealed.find('26112200000000070000', [4900, 700])).toMatchObject({
      ...{ amount: 9_999_999_999n, fee: 60_000_000n, commission: 50_000_000n },
      group: { branch: '420000', channel: 'sms', scheduleId: 'bank_a-2026', accounts: ['due/440000'] },
    });
    expect(sealed.find('26112200000000070001', [4900, 700])).toBeUndefined();
    expect(sealed.find('26112200000000070000', [4900, 699])).toBeUndefined();
    const [count, amount] = sealed.sums();
    expect([count, amount]).toEqual([1500, many.reduce((sum, one) => sum + BigInt(one.amount), 0n)]);
  });

  test('the same lines give the same bytes; other terms do not', async () => {
    const [first, second] = [await settle([many], 'same'), await settle([many], 'same')];
    expect(second.parts).toEqual(first.parts);
  });

  test('MONEY row 12: a fee of 35 where the contract says 30 is told by name', async () => {
    const { gaps } = await settle([[{ no: [261122000, 1, 1], amount: 5000, fee: 35 }]], 'gap');
    expect(gaps).toEqual([
      {
        ...{ paymentNo: '26112200000000000101', gap: 5 },
        ...{ branch: '420000', acquiringBranch: '440000', channel: 'sms', partner: '' },
      },
    ]);
    expect(paymentLegs({ ...line('a'), fee: 0n }, { ...TERMS, schedules: [schedule({ id: '' })] })).toHaveLength(1);
  });

  test('what is no segment, is cut short, or names nobody, is refused', () => {
    expect(() => matchedRecords(Buffer.alloc(64))).toThrow(/no matched lines/);
    expect(() => matchedRecords(matched(many).subarray(0, 2000))).toThrow(/cut short/);
    return expect(settle([[{ no: [1, 1, 1], amount: 1, fee: 0, name: 2 }]], 'odd')).rejects.toThrow(/code 9/);
  });
});
