import fc from 'fast-check';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StatementLine } from '../../statements/statement';
import { copiedLine, readCopied } from './copied-line';
import { CopiedLines } from './copied-lines';
import { isWholeCopy, LineCopy, type CopyFiles } from './line-copy';
import type { LineRef } from './statement-chunk';

const LINE: StatementLine = {
  ...{ line: 7, offset: 120, kind: 'payment', ourRef: '2611220000000000000101', txnId: 'T1', origTxnId: '' },
  ...{
    amount: 5_000n,
    fee: 30n,
    currency: 'CNY',
    at: '2026-11-22T04:00:00.000Z',
    state: 'success',
    raw: '一, "raw"\n',
  },
};

/** Every line of a copy, as one chunk. */
function refsOf({ lines }: CopyFiles): LineRef[] {
  const bytes = readFileSync(lines.path);
  const refs: LineRef[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf('\n', at);
    refs.push({ offset: at, length: end - at, chunk: 0, line: refs.length });
    at = end + 1;
  }
  return refs;
}

describe('the copy of a statement', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'yd-copy-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const copyOf = (lines: readonly StatementLine[], name = 'day'): CopyFiles => {
    const copy = new LineCopy(join(folder, name));
    lines.forEach((line) => copy.add(line));
    return copy.end();
  };

  test.each(['2026-11-22T04:00:00.000Z', '2026-11-22T04:00:00.120Z'])(
    'a plain line is a detail line of YD1: %s',
    (at) => {
      const text = copiedLine({ ...LINE, at });
      expect(text).toBe(`D|7|PAY|2611220000000000000101|T1||5000|30|CNY|${at}|SUCCESS`);
      expect(readCopied(text)).toMatchObject({ line: 7, at });
    },
  );

  test.each<[string, Partial<StatementLine>]>([
    ['no number of ours', { ourRef: '' }],
    ['a number with a space', { ourRef: 'SOME BODY' }],
    ['a bar in the transaction', { txnId: 'a|b' }],
    ['a transaction of more than 64 letters', { txnId: 'x'.repeat(65) }],
    ['an original that is no number', { origTxnId: 'a-b' }],
    ['a notice', { state: 'notice' }],
    ['money taken back', { kind: 'refund', amount: -5_000n, returned: true }],
  ])('%s: written so that the tables look at it, and read as it was', (_what, more) => {
    const { offset: _offset, raw: _raw, ...line } = { ...LINE, ...more };
    const text = copiedLine({ ...LINE, ...more });
    expect(text.startsWith('{')).toBe(true);
    expect(readCopied(text)).toEqual(line);
  });

  test('whatever lines come, each is read as it was, with its place and raw text', async () => {
    const word = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.stringMatching(/^[0-9A-Z]{1,32}$/));
    const lines = fc.array(
      fc
        .record({
          ...{ line: fc.nat(), kind: fc.constantFrom('payment' as const, 'refund' as const, 'reversal' as const) },
          ...{ ourRef: word, txnId: word, origTxnId: word, raw: fc.string({ unit: 'grapheme' }) },
          ...{ amount: fc.bigInt(-(10n ** 15n), 10n ** 15n), fee: fc.bigInt(-1_000n, 1_000n) },
          ...{
            currency: fc.constantFrom('CNY', 'USD', ''),
            state: fc.constantFrom('success' as const, 'notice' as const),
          },
          at: fc.nat(4_000_000_000).map((second) => new Date(second * 1_000 + (second % 7)).toISOString()),
          place: fc.option(fc.nat()),
          returned: fc.boolean(),
        })
        .map(({ place, returned, ...line }): StatementLine => ({
          ...line,
          ...(place === null ? {} : { offset: place }),
          ...(returned ? { returned } : {}),
        })),
    );
    let n = 0;
    await fc.assert(
      fc.asyncProperty(lines, async (written) => {
        const files = copyOf(written, `day-${n++}`);
        expect((await new CopiedLines(files, [1]).read(refsOf(files))).lines).toEqual(written);
      }),
      { numRuns: 50 },
    );
  });

  test('the same lines are the same bytes; larger than its block, and no longer than it was', async () => {
    const many = Array.from({ length: 30_000 }, (_, n) => ({ ...LINE, line: n + 1, raw: `${n} ${'银'.repeat(40)}` }));
    many[9_000] = { ...LINE, raw: 'x'.repeat(1_500_000) };
    const [one, two] = [copyOf(many, 'one'), copyOf(many, 'two')];
    expect(one.lines.sha256).toBe(two.lines.sha256);
    expect(one.raws.bytes).toBeGreaterThan(3 << 20);
    const refs = refsOf(one).filter((_, place) => place % 3_000 === 0);
    const read = await new CopiedLines(one, [1]).read(refs);
    expect(read.lines).toEqual(refs.map(({ line }) => many[line]));
    expect(await isWholeCopy(one)).toBe(true);
    truncateSync(one.origins.path, one.origins.bytes - 1);
    expect(await isWholeCopy(one)).toBe(false);
    const bytes = readFileSync(two.raws.path);
    bytes[5] = (bytes[5] ?? 0) ^ 1;
    writeFileSync(two.raws.path, bytes);
    expect(await isWholeCopy(two)).toBe(false);
  });

  test('a copy that is given up leaves nothing', () => {
    const copy = new LineCopy(join(folder, 'day'));
    copy.add(LINE);
    copy.drop();
    expect(readdirSync(folder)).toEqual([]);
  });
});
