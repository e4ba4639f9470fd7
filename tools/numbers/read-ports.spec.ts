import { BranchNames } from './branch-names';
import { readPorts } from './read-ports';

const branches = new BranchNames([
  { code: '420000', nameZh: '湖北' },
  { code: '430000', nameZh: '湖南' },
]);
const read = (...lines: string[]) => readPorts(['number,branch,from,until', ...lines].join('\n'), branches);

test('to a branch, to another carrier, for a time', () => {
  const { rows, badLines } = read(
    '13800001234,湖南,2026-06-01,',
    '13800001235,out,2026-01-01,2026-03-01',
    '13800001235,420000,2026-03-01,',
  );
  expect(badLines).toBe(0);
  expect(rows).toEqual([
    ['13800001234', '430000', 0, '2026-06-01', null],
    ['13800001235', null, 0, '2026-01-01', '2026-03-01'],
    ['13800001235', '420000', 0, '2026-03-01', null],
  ]);
});

test('bad lines name their line and no number', () => {
  const { rows, findings } = read(
    '1380000123,out,2026-01-01,',
    '13800001234,台湾,2026-01-01,',
    '13800001234,out,2026-02-30,',
    '13800001234,out,2026-02-01,2026-02-01',
    '13800001234,out,2026-02-01,',
    '13800001234,out,2026-05-01,',
  );
  expect(rows).toEqual([['13800001234', null, 0, '2026-02-01', null]]);
  expect(findings).toEqual([
    'line 2: the number has not 11 digits that begin with 1',
    'line 3: no branch is called "台湾"',
    'line 4: "2026-02-30" is no day',
    'line 5: "2026-02-01" is no day after 2026-02-01',
    'line 7: says again what line 6 says',
  ]);
  expect(findings.join()).not.toContain('13800001234');
});

test('one number at two places on one day', () =>
  expect(read('13800001234,out,2026-01-01,', '13800001234,420000,2026-06-01,').contradictions).toEqual([
    'line 2 and line 3: one number at two places on one day',
  ]));
