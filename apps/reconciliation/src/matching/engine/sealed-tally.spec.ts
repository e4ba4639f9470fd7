import { WORDS } from './record';
import { SealedTally } from './sealed-tally';

const lines = (...of: [branch: number, code: number][]): Uint32Array => {
  const words = new Uint32Array(of.length * WORDS);
  of.forEach(([branch, code], n) => {
    words[n * WORDS + 12] = branch;
    words[n * WORDS + 14] = code;
  });
  return words;
};

test('sealed lines are counted by home branch and code, also a branch that is no province and one that is not known', () => {
  const tally = new SealedTally();
  tally.add(lines([420_000, 7], [420_000, 7], [110_000, 7], [420_000, 4_000_000_000]));
  tally.add(lines([420_105, 7], [0, 7], [420_000, 7], [420_105, 7]));
  expect(tally.end().sort(([a, x], [b, y]) => a - b || x - y)).toEqual([
    [0, 7, 1],
    [110_000, 7, 1],
    [420_000, 7, 3],
    [420_000, 4_000_000_000, 1],
    [420_105, 7, 2],
  ]);
  expect(new SealedTally().end()).toEqual([]);
});
