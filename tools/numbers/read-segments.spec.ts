import { BranchNames } from './branch-names';
import { readSegments } from './read-segments';

const branches = new BranchNames([
  { code: '420000', nameZh: '湖北' },
  { code: '430000', nameZh: '湖南' },
  { code: '450000', nameZh: '广西' },
  { code: '150000', nameZh: '内蒙古' },
]);
const read = (...lines: string[]) => readSegments(lines.join('\n'), branches);

test('codes and names, with and without what a province is', () => {
  const { rows, badLines } = read(
    '\uFEFFprefix,branch,carrier',
    '1380000,420000,1',
    '1380001,湖北省,',
    '# a note',
    '',
    '"1380002","广西壮族自治区",4\r',
    '138000312,内蒙古自治区',
  );
  expect(badLines).toBe(0);
  expect(rows).toEqual([
    ['1380000', '420000', 1, null, null],
    ['1380001', '420000', 0, null, null],
    ['1380002', '450000', 4, null, null],
    ['138000312', '150000', 0, null, null],
  ]);
});

test('ranges and short prefixes are spread; a longer prefix holds in a shorter one’s block, in any order', () => {
  const { rows, contradictions } = read(
    'prefix,last,branch',
    '1380005,,430000',
    '1380,,420000',
    '1390000,1390002,湖南',
  );
  expect(contradictions).toEqual([]);
  expect(rows).toHaveLength(1_003);
  expect(rows[5]).toEqual(['1380005', '430000', 0, null, null]);
  expect(rows[6]).toEqual(['1380006', '420000', 0, null, null]);
  expect(rows.at(-1)).toEqual(['1390002', '430000', 0, null, null]);
});

test('bad lines are findings with their numbers, the rest goes on', () => {
  const { rows, badLines, findings } = read(
    'prefix,last,branch,carrier',
    '12,,420000,',
    '2380000,,420000,',
    '1380000,138001,420000,',
    '1380009,1380000,420000,',
    '138000000,138999999,420000,',
    '1380000,,台湾,',
    '1380000,,420000,x',
    '1380000,,420000,1',
    '1380000,,420000,1',
  );
  expect(rows).toEqual([['1380000', '420000', 1, null, null]]);
  expect(badLines).toBe(8);
  expect(findings).toEqual([
    'line 2: "12" is no prefix of 3 to 9 digits',
    'line 3: "2380000" is no prefix of 3 to 9 digits',
    'line 4: "138001" ends no range from 1380000',
    'line 5: "1380000" ends no range from 1380009',
    'line 6: 138000000 to 138999999 is too wide',
    'line 7: no branch is called "台湾"',
    'line 8: "x" is no carrier',
    'line 10: says of 1380000 again what line 9 says',
  ]);
});

test('ranges that overlap and disagree are contradictions', () => {
  const { contradictions } = read('prefix,last,branch', '1380000,1380004,420000', '1380004,1380006,430000');
  expect(contradictions).toEqual(['line 2 and line 3: 1380004 to 420000 and 430000']);
});

test('a file without its columns', () => expect(() => read('number;branch')).toThrow(/must name the columns/));

test('a million bad lines are counted, not kept', () => {
  const { badLines, findings } = read('prefix,branch', ...Array.from({ length: 3_000 }, () => 'x,420000'));
  expect([badLines, findings.length]).toEqual([3_000, 200]);
});
