import { insertsOf, UnreadableFacts } from './fact-rows';

const LINE =
  '7\t1\tbank_a\t2026-11-28\t\\N\tpaid\tP1\tR1\tT1\t100\tCNY\t420000\t440000\tsms\t\t2026-11-28 03:04:05.678\n';
const sqlOf = (text: string) => [...insertsOf('gateway', text)].map(({ sql }) => sql).join(';');

describe('facts as INSERT', () => {
  test('one literal a column, null where the text says null', () => {
    expect(sqlOf(LINE)).toContain(
      `VALUES ('gateway','7','1','bank_a','2026-11-28',NULL,'paid','P1','R1','T1','100','CNY','420000','440000','sms','','2026-11-28 03:04:05.678')`,
    );
  });

  test('quotes and NUL are written for SQL; the escapes of the line are those of SQL already', () => {
    const sql = sqlOf(LINE.replace('T1', `a'\\tb\\\\N''\0\\n`));
    expect(sql).toContain(`'a''\\tb\\\\N''''\\0\\n'`);
  });

  test('a thousand rows a statement, every row once', () => {
    const text = Array.from({ length: 2_500 }, (_, n) => LINE.replace('\t1\t', `\t${n + 1}\t`)).join('');
    const inserts = [...insertsOf('billing', text)];
    expect(inserts.map(({ rows }) => rows)).toEqual([1_000, 1_000, 500]);
    const numbers = inserts.flatMap(({ sql }) =>
      [...sql.matchAll(/\('billing','7','(\d+)',/g)].map(([, seq]) => Number(seq)),
    );
    expect(numbers).toEqual(Array.from({ length: 2_500 }, (_, n) => n + 1));
  });

  test.each([
    ['a column too few', LINE.replace('\tsms', '')],
    ['a column too many', LINE.replace('\tsms', '\tsms\tsms')],
    ['a backslash that ends its column', LINE.replace('T1', 'T1\\')],
    ['an escape that is none', LINE.replace('T1', `T\\'`)],
    ['null where none may be', LINE.replace('T1', '\\N')],
    ['an amount that is none', LINE.replace('100', '1e3')],
    ['an amount with a fraction', LINE.replace('100', '1.00')],
    ['a date that is none', LINE.replace('2026-11-28\t', 'today\t')],
    ['a last line without an end', LINE.slice(0, -1)],
    ['an empty line', `${LINE}\n`],
  ])('%s is refused', (_, text) => {
    expect(() => sqlOf(text)).toThrow(UnreadableFacts);
  });
});
