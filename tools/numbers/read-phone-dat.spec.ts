import { BranchNames } from './branch-names';
import { readPhoneDat } from './read-phone-dat';

const branches = new BranchNames([
  { code: '420000', nameZh: '湖北' },
  { code: '430000', nameZh: '湖南' },
]);
const HUBEI = '湖北|武汉|430000|027';
const HUNAN = '湖南|长沙|410000|0731';

interface Entry {
  prefix: number;
  record: number;
  carrier: number;
}

/** The layout byte by byte: version, offset of the index, records ended by 0, index entries of 9 bytes. */
function phoneDat(records: readonly string[], entries: (offsets: number[]) => Entry[], version = '2611'): Buffer {
  const offsets: number[] = [];
  let end = 8;
  const texts = records.map((record) => {
    offsets.push(end);
    const bytes = Buffer.concat([Buffer.from(record, 'utf8'), Buffer.from([0])]);
    end += bytes.length;
    return bytes;
  });
  const header = Buffer.alloc(8);
  header.write(version, 'latin1');
  header.writeInt32LE(end, 4);
  const index = entries(offsets).map(({ prefix, record, carrier }) => {
    const bytes = Buffer.alloc(9);
    bytes.writeInt32LE(prefix, 0);
    bytes.writeInt32LE(record, 4);
    bytes.writeUInt8(carrier, 8);
    return bytes;
  });
  return Buffer.concat([header, ...texts, ...index]);
}

const good = phoneDat([HUBEI, HUNAN], ([hubei = 0, hunan = 0]) => [
  { prefix: 1300000, record: hubei, carrier: 2 },
  { prefix: 1380000, record: hubei, carrier: 1 },
  { prefix: 1380001, record: hunan, carrier: 1 },
]);

test('the bytes are those of the public layout', () => {
  expect(good.subarray(0, 8).toString('hex')).toBe(`${Buffer.from('2611').toString('hex')}3b000000`);
  expect(good.subarray(8 + Buffer.byteLength(HUBEI), 9 + Buffer.byteLength(HUBEI))).toEqual(Buffer.from([0]));
  expect(good.length).toBe(0x3b + 27);
});

test('every entry, with its carrier', () => {
  const { rows, badLines, edition } = readPhoneDat(good, branches);
  expect(edition).toBe('2611');
  expect(badLines).toBe(0);
  expect(rows).toEqual([
    ['1300000', '420000', 2, null, null],
    ['1380000', '420000', 1, null, null],
    ['1380001', '430000', 1, null, null],
  ]);
});

test('only the carriers asked for', () =>
  expect(readPhoneDat(good, branches, new Set([2])).rows).toEqual([['1300000', '420000', 2, null, null]]));

test.each([0, 3, 7])('%i bytes are no phone.dat', (length) =>
  expect(() => readPhoneDat(good.subarray(0, length), branches)).toThrow(/no phone.dat/),
);

test.each([
  ['before the records', 4],
  ['after the end', 1_000_000],
  ['negative', -1],
])('an index that begins %s', (_name, offset) => {
  const damaged = Buffer.from(good);
  damaged.writeInt32LE(offset, 4);
  expect(() => readPhoneDat(damaged, branches)).toThrow(/lies outside/);
});

test('cut off in the middle of an entry: the entries before it are read', () => {
  const { rows, findings } = readPhoneDat(good.subarray(0, good.length - 4), branches);
  expect(rows).toHaveLength(2);
  expect(findings).toEqual(['entry 3: the file is cut off after 5 of its 9 bytes']);
});

test('an empty index', () => {
  const start = good.readInt32LE(4);
  expect(readPhoneDat(good.subarray(0, start), branches).rows).toEqual([]);
});

test('corrupt entries are findings, the rest goes on', () => {
  const file = phoneDat([HUBEI, '湖北|武汉', '台湾|台北|100|02'], ([hubei = 0, short = 0, taiwan = 0]) => [
    { prefix: 380000, record: hubei, carrier: 1 },
    { prefix: 1380000, record: 4, carrier: 1 },
    { prefix: 1380001, record: 1_000_000, carrier: 1 },
    { prefix: 1380002, record: short, carrier: 1 },
    { prefix: 1380003, record: taiwan, carrier: 1 },
    { prefix: 1380004, record: hubei, carrier: 200 },
    { prefix: 1380005, record: hubei, carrier: 1 },
    { prefix: 1380005, record: hubei, carrier: 1 },
  ]);
  const { rows, findings } = readPhoneDat(file, branches);
  expect(rows).toEqual([['1380005', '420000', 1, null, null]]);
  expect(findings).toEqual([
    'entry 1: 380000 is no prefix of 7 digits',
    'entry 2: the record of 1380000 cannot be read',
    'entry 3: the record of 1380001 cannot be read',
    'entry 4: the record of 1380002 cannot be read',
    'entry 5: no branch is called "台湾"',
    'entry 6: 200 is no carrier',
    'entry 8: says of 1380005 again what entry 7 says',
  ]);
});

test('a last record that lost its end is not read into the index', () => {
  const damaged = Buffer.from(good);
  damaged.writeUInt8(0x20, good.readInt32LE(4) - 1);
  const { findings } = readPhoneDat(damaged, branches);
  expect(findings).toEqual(['entry 3: the record of 1380001 cannot be read']);
});

test('one prefix at two branches is a contradiction', () => {
  const file = phoneDat([HUBEI, HUNAN], ([hubei = 0, hunan = 0]) => [
    { prefix: 1380000, record: hubei, carrier: 1 },
    { prefix: 1380000, record: hunan, carrier: 1 },
  ]);
  expect(readPhoneDat(file, branches).contradictions).toEqual(['entry 1 and entry 2: 1380000 to 420000 and 430000']);
});
