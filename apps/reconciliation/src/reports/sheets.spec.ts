import type { Break } from '../breaks/break';
import { breakSheet } from './break-sheet';
import { Names } from './names';
import { reportPage } from './report-page';
import { sheetCsv } from './sheet-csv';
import { workbook } from './sheet-xlsx';
import { disarm, type Sheet } from './sheet';

const column = (name: string) => ({ name, zh: name, en: name });
const sheet: Sheet = {
  ...{ name: 'breaks', zh: '差错', en: 'Breaks' },
  columns: [column('text'), column('payment'), column('amount'), column('count')],
  rows: [
    [{ text: '=HYPERLINK("http://x")' }, { id: '26112200000000000001' }, { fen: -123_456_789_012_345n }, { count: 7 }],
    [{ text: '<script>alert(1)</script>' }, { id: '' }, { fen: null }, { count: 1_204_331 }],
  ],
};

describe('files for people', () => {
  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('%j is text to a spreadsheet', (value) =>
    expect(disarm(value)).toBe(`'${value}`),
  );

  test('CSV: Excel reads it as UTF-8, yuan stand exactly beside fen, nothing is a formula', () => {
    const csv = sheetCsv(sheet);
    expect(Buffer.from(csv).subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
    expect(csv.slice(1).split('\r\n')).toEqual([
      'text,payment,amount_yuan,amount_fen,count',
      `"'=HYPERLINK(""http://x"")",26112200000000000001\t,-1234567890123.45,-123456789012345,7`,
      '<script>alert(1)</script>,,,,1204331',
      '',
    ]);
  });

  const names = new Names(new Map([['430000', ['湖南', 'Hunan']]]), new Map([['bank_a', ['甲银行', 'Bank A']]]));
  const called: Sheet = {
    ...{ name: 'called', zh: '名', en: 'Names', columns: [column('provider'), column('class'), column('count')] },
    rows: [
      [names.provider('bss_430000'), names.word('class', 'uncredited'), { count: 1 }],
      [names.provider('bank_z'), names.line('book_only'), { count: 2 }],
    ],
  };

  test('codes have names in both languages: in files behind the codes, on paper instead of them', () => {
    expect(sheetCsv(called).slice(1).split('\r\n')).toEqual([
      'provider,class,count,provider_zh,provider_en,class_zh,class_en',
      'bss_430000,uncredited,1,湖南省方账,Hunan’s book,未入账,Uncredited',
      'bank_z,book_only,2,,,仅我方有,Ours only',
      '',
    ]);
    const page = reportPage('x', [], [called], []);
    expect(page).toContain('<td class="w">湖南省方账 Hunan’s book</td><td class="w">未入账 Uncredited</td>');
    expect(page).toContain('<td>bank_z</td>');
    expect(names.of('branch', '430000')).toEqual({ code: '430000', zh: '湖南', en: 'Hunan' });
    expect(names.of('channel', 'sms')).toEqual({ code: 'sms', zh: '短信', en: 'SMS' });
    expect(names.provider('treasury')).toMatchObject({ zh: '资金' });
  });

  test('XLSX: a workbook with a sheet per table', async () => {
    const bytes = await workbook([sheet, { ...sheet, en: 'Again' }]);
    expect(bytes.subarray(0, 2).toString()).toBe('PK');
    expect(bytes.includes('xl/worksheets/sheet2.xml')).toBe(true);
  });

  test('page: text from outside stays text; figures in groups with a true minus; it prints', () => {
    const page = reportPage('日报 & more', ['a < b'], [sheet], []);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).not.toContain('<script');
    expect(page).toContain('\u22121,234,567,890,123.45');
    expect(page).toContain('1,204,331');
    expect(page).toContain('@page');
    expect(page).toContain('<title>日报 &amp; more</title>');
  });

  test('page: the Pareto is a picture of bars', () => {
    const pareto: Sheet = { ...sheet, name: 'pareto', rows: [] };
    const page = reportPage(
      'x',
      [],
      [pareto],
      [
        { class: 'uncredited', count: 3, amount: '5', cumulativePpm: 750_000 },
        { class: 'fee_mismatch', count: 1, amount: '5', cumulativePpm: 1_000_000 },
      ],
    );
    expect(page.match(/<rect /g)).toHaveLength(2);
    expect(page).toContain('3 · 75.00%');
  });

  test('breaks: what is open first, then the largest sum either way, then by id', () => {
    const row = (id: string, state: Break['state'], at_stake: bigint) =>
      ({ id, state, at_stake, class: 'uncredited', date: '2026-11-22', branch: '', owner: '', due_on: null }) as Break;
    const rows = [row('b', 'open', 5n), row('c', 'resolved', -900n), row('d', 'suspense', -70n), row('a', 'open', -5n)];
    const ids = breakSheet(rows, '2026-11-23', new Names()).rows.map((cells) => cells.at(-1));
    expect(ids).toEqual([{ id: 'd' }, { id: 'a' }, { id: 'b' }, { id: 'c' }]);
  });
});
