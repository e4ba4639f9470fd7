import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { DAY, History } from '../histories';
import { MatchedPart } from '../matched-part';
import { BookReader } from './book-file';
import { EngineStage, HASH_KEY, statementText } from './engine-stage';
import { FeeTable } from './fee-table';
import { compareKeys, numberOf, WORDS } from './record';
import { Scratch } from './scratch';
import { SipHash } from './sip-hash';
import { sortRecords } from './sort-records';
import { BlockReader, Spill, SpillDamaged } from './spill';
import { StatementChunks, type Chunk } from './statement-chunk';
import { Touched, touchedBy } from './touched';

const sip = () => new SipHash(Buffer.from(HASH_KEY, 'hex'));
const completed = (count: number): History => {
  const day = new History();
  for (let n = 0; n < count; n++) day.payment(BigInt(500 + n)).completed();
  return day;
};

describe('files of the engine', () => {
  let stage: EngineStage;
  beforeEach(() => (stage = new EngineStage()));
  afterEach(() => stage.close());

  const read = (text: string, cuts: number[]) => {
    const path = join(stage.folder, 'statement');
    writeFileSync(path, text);
    const spill = new Spill(join(stage.folder, 'spill'), 2);
    const chunks = new StatementChunks(sip(), [DAY]);
    const bounds = [0, ...cuts.sort((a, b) => a - b), Buffer.byteLength(text)];
    const results = bounds.slice(1).map((to, index) => {
      const chunk: Chunk = { index, from: bounds[index] ?? 0, to };
      return chunks.read(path, chunk, spill);
    });
    const words = new BlockReader().read(spill.close());
    const numbers = Array.from({ length: words.length / WORDS }, (_, n) => numberOf(words, n * WORDS)).sort();
    return { results, numbers, words };
  };

  test('however the file is cut, every line is read once and by the chunk that it begins in', () => {
    const text = statementText(completed(12).lines);
    const whole = read(text, []);
    expect(whole.numbers).toHaveLength(12);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: text.length }), { maxLength: 6 }), (cuts) => {
        const cut = read(text, cuts);
        expect(cut.numbers).toEqual(whole.numbers);
        const sum = (what: 'fileLines' | 'lines' | 'payments' | 'fees') =>
          cut.results.reduce((total, result) => total + result[what], 0);
        const [first] = whole.results;
        expect([sum('fileLines'), sum('lines'), sum('payments'), sum('fees')]).toEqual([
          ...[first?.fileLines, first?.lines, first?.payments, first?.fees],
        ]);
        expect(cut.results.flatMap((result) => result.odd).map((ref) => ref.offset)).toEqual(
          first?.odd.map((ref) => ref.offset),
        );
      }),
    );
  });

  const GOOD = `D|1|PAY|2611220000000000000101|T1||5000|30|CNY|${DAY}T12:00:00+08:00|SUCCESS`;
  test.each([
    ['no sign of a detail', GOOD.replace('D|', 'X|')],
    ['another currency', GOOD.replace('CNY', 'USD')],
    ['a notice', GOOD.replace('SUCCESS', 'PROCESSING')],
    ['a reference that is not ours', GOOD.replace('2611220000000000000101', 'SHOP1')],
    ['a number of 19 digits', GOOD.replace('2611220000000000000101', '2611220000000000000')],
    ['a payment below zero', GOOD.replace('|5000|', '|-5000|')],
    ['an amount with leading zeros', GOOD.replace('|5000|', '|05000|')],
    ['more than a record holds', GOOD.replace('|5000|', '|50000000000|')],
    ['a fee of minus nothing', GOOD.replace('|30|', '|-0|')],
    ['another day', GOOD.replace(`${DAY}T`, '2026-02-30T')],
    ['a time that there is not', GOOD.replace('12:00:00', '24:00:00')],
    ['no zone', GOOD.replace('+08:00', '')],
    ['a zone that there is not', GOOD.replace('+08:00', '+24:00')],
    ['a point without parts', GOOD.replace('+08:00', '.Z')],
    ['parts below a billionth', GOOD.replace('+08:00', '.0123456789Z')],
    ['letters behind its zone', GOOD.replace('+08:00', 'Z8')],
    ['a blank in the transaction', GOOD.replace('T1', 'T 1')],
    ['no transaction', GOOD.replace('T1', '')],
    ['a field too much', `${GOOD}|`],
    ['a field too little', GOOD.replace('|SUCCESS', '')],
    ['letters that are not ASCII', GOOD.replace('T1', '银联')],
  ])('%s is for the reader of the format', (_, line) => {
    const { results, numbers } = read(`${GOOD}\n${line}\r\n${GOOD}`, []);
    expect(numbers).toHaveLength(2);
    expect(results[0]?.odd).toEqual([{ offset: GOOD.length + 1, length: Buffer.byteLength(line), chunk: 0, line: 1 }]);
  });

  test.each(['Z', '.880Z', '.5+08:00', '.123456789-05:30', '+00:00', '+23:59'])(
    'a time may end in %s, as the format allows: the same record',
    (zone) => {
      const line = GOOD.replace('+08:00', zone);
      const { results, words } = read(`${line}\n${GOOD}`, []);
      expect(results[0]?.odd).toEqual([]);
      const [one, two] = [0, WORDS].map((at) => [...words.subarray(at, at + 12)]);
      expect(one).toEqual(two);
    },
  );

  test('spilled bytes that were changed are noticed', () => {
    const spill = new Spill(join(stage.folder, 'damaged'), 0);
    spill.add(new Uint32Array(16).fill(7));
    const blocks = spill.close();
    const bytes = readFileSync(join(stage.folder, 'damaged'));
    bytes[5] = 1;
    writeFileSync(join(stage.folder, 'damaged'), bytes);
    expect(() => new BlockReader().read(blocks)).toThrow(SpillDamaged);
    writeFileSync(join(stage.folder, 'damaged'), bytes.subarray(0, 40));
    expect(() => new BlockReader().read(blocks)).toThrow('too early');
  });

  test('a sealed book gives the same records however it is asked, in order, and no others than were sealed', async () => {
    const { file, manifest } = await stage.book(completed(200).facts, 'gateway', 3);
    const reader = new BookReader(file, manifest, new Scratch());
    const all = (bits: number) => {
      const numbers: string[] = [];
      for (let partition = 0; partition < 2 ** bits; partition++) {
        const words = reader.read(partition, bits);
        for (let at = 0; at < words.length; at += WORDS) {
          if (at > 0) expect(compareKeys(words, at - WORDS, words, at)).toBeLessThanOrEqual(0);
          numbers.push(numberOf(words, at));
        }
      }
      return numbers;
    };
    expect(all(0)).toHaveLength(400);
    for (const bits of [1, 3, 5]) expect(all(bits)).toEqual(all(0));
    const bytes = readFileSync(file);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(file, bytes);
    expect(() => reader.read(7, 3)).toThrow(SpillDamaged);
    expect(reader.read(0, 3).length).toBeGreaterThan(0);
    reader.close();
  });

  test('facts that a record cannot hold are odd or strange, and their sums are whole', async () => {
    const day = new History();
    day.payment(99_999_999_999_999n).completed();
    day.fact('gateway', { kind: 'paid', paymentNo: 'ORDER-1', amount: 5n });
    day.fact('gateway', { kind: 'paid', paymentNo: '26112200000000000009', amount: 7n, branch: '' });
    const { manifest } = await stage.book(day.facts, 'gateway', 0);
    expect(manifest.strange).toEqual(['ORDER-1']);
    expect(manifest.sums['paid']).toEqual({ count: 3, amount: '100000000000011' });
  });

  test('a matched line is found by its number through the index, and no other', async () => {
    const day = completed(1_500);
    const { plain } = await stage.run(day, day.lines, { bits: 0 });
    const [part] = plain.parts;
    const sealed = new MatchedPart(readFileSync(join(stage.folder, 'run', part?.file ?? '')));
    expect(sealed.n).toBe(1_500);
    const key = sip();
    for (const line of day.lines) {
      const number = line.ourRef.slice(0, 20);
      expect(sealed.find(key, number)).toMatchObject({ number, amount: line.amount, fee: line.fee, branch: '420000' });
    }
    expect(sealed.find(key, '26112299999999999999')).toBeNull();
  });
});

describe('what the engine looks into', () => {
  test('fees that were asked once, however many', () => {
    const table = new FeeTable();
    for (let amount = 1; amount <= 20_000; amount++) table.set(amount, amount % 7 === 0 ? null : amount * 2);
    expect([table.get(1), table.get(19_998), table.get(20_001)]).toEqual([2, 39_996, undefined]);
    expect(table.get(7)).toBeNaN();
  });

  test('numbers and references that are touched, and no others', () => {
    const hash = sip();
    const touched = new Touched(touchedBy(hash, ['26112200000000000001'], ['R1', '']));
    const key = (number: string) => (hash.hash128(0, hash.put(number)), touched.key(hash.h0, hash.h1));
    const ref = (text: string) => (hash.hash64(0, hash.put(text)), touched.ref(hash.h0, hash.h1));
    expect([key('26112200000000000001'), key('26112200000000000002')]).toEqual([true, false]);
    expect([ref('R1'), ref('R2'), ref('')]).toEqual([true, false, false]);
  });

  test('records in order, though all have one key', () => {
    const words = new Uint32Array(16 * 100);
    for (let n = 0; n < 100; n++) words[n * WORDS + 14] = (n * 37) % 100;
    const sorted = sortRecords(words, 0, new Scratch());
    expect(Array.from({ length: 100 }, (_, n) => sorted[n * WORDS + 14])).toEqual(
      Array.from({ length: 100 }, (_, n) => n),
    );
  });
});
