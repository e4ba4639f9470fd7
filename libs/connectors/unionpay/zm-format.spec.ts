import { Readable } from 'node:stream';
import { UnreadableFile, type StatementFinding, type StatementFormat, type StatementLine } from '../contract';
import { UNIONPAY_ZM, UNIONPAY_ZME } from './index';
import { zipOf } from '../packed/wire-zip';
import { zmeRecord, zmFile, zmName, zmRecord, type ZmRow } from './wire-zm';
import { ZM_LAYOUT, ZME_LAYOUT } from './zm-lines';

const MER_ID = '802310048993424';
const DATE = '2026-11-22';
const NAME = zmName('ZM', DATE, MER_ID);
const at = (time: string) => new Date(`${DATE}T${time}+08:00`);

const PAID: ZmRow = {
  at: at('12:04:05'),
  txnType: '01',
  orderNo: '2611224321500731004201',
  queryId: '442611221204052678498',
  amount: 5000n,
  fee: 30n,
};
const BACK: ZmRow = {
  at: at('13:00:00'),
  txnType: '04',
  orderNo: '26112243215007310042R01',
  queryId: '442611221300002678499',
  amount: 2000n,
  fee: -12n,
  original: { queryId: PAID.queryId, orderNo: PAID.orderNo },
};
const COLLECTED: ZmRow = {
  ...PAID,
  txnType: '11',
  queryId: '442611221205002678500',
  orderNo: '26112243215007310043',
  fee: 0n,
};
const VOIDED: ZmRow = { ...BACK, txnType: '31', amount: 5000n, fee: -30n, queryId: '442611221400002678501' };
const DISPUTE = {
  at: at('09:00:00'),
  queryId: '442611220900002678502',
  original: { queryId: PAID.queryId, at: PAID.at },
  amount: -5000n,
  fee: 0n,
};

const record = (row: ZmRow) => zmRecord(row, MER_ID);
const file = (...rows: Buffer[]) => zmFile(rows);
/** One field written over with bytes of its own. */
const put = (line: Buffer, start: number, value: string | Buffer) => {
  const copy = Buffer.from(line);
  Buffer.from(value).copy(copy, start);
  return copy;
};

async function read(
  content: Buffer,
  over: { format?: StatementFormat; fileName?: string; date?: string; chunk?: number } = {},
) {
  const { format = UNIONPAY_ZM, fileName = NAME, date, chunk = 1_000 } = over;
  const chunks = Array.from({ length: Math.ceil(content.length / chunk) }, (_, i) =>
    content.subarray(i * chunk, (i + 1) * chunk),
  );
  const lines: StatementLine[] = [];
  const findings: StatementFinding[] = [];
  const sink = {
    line: (line: StatementLine) => void lines.push(line),
    finding: (finding: StatementFinding) => void findings.push(finding),
  };
  const origin = { fileName, ...(date === undefined ? {} : { date }) };
  return { lines, findings, totals: await format.read(Readable.from(chunks), sink, origin) };
}

describe('the ZM file', () => {
  test('records have 42 fields in 607 bytes, of ZME 22 in 339', () => {
    expect([ZM_LAYOUT.widths.length, ZM_LAYOUT.bytes]).toEqual([42, 607]);
    expect([ZME_LAYOUT.widths.length, ZME_LAYOUT.bytes]).toEqual([22, 339]);
    const places = [0, 4, 16, 28, 35, 46, 66, 79, 84, 87, 109, 112, 145, 148, 155, 166, 180, 194];
    expect(ZM_LAYOUT.starts.slice(0, 18)).toEqual(places);
    expect([19, 21, 26, 27, 31, 32, 33, 34, 40].map((i) => ZM_LAYOUT.starts[i])).toEqual([
      215, 221, 271, 293, 360, 374, 388, 397, 476,
    ]);
  });

  test('a record written out by hand, byte for byte', async () => {
    const blank = (n: number) => ' '.repeat(n);
    const line = [
      [
        'S22',
        '00010000   ',
        '00010000   ',
        '784649',
        '1122120405',
        '622280*********0000',
        '000000005000',
        '4814',
        '07',
      ],
      ['442611221204052678498', '01', `2611224321500731004201${blank(10)}`, '01', '000000', '0000000000'],
      ['D000000000030', 'C000000004970', '0001', blank(15), '01', '01', '000201', '  ', blank(4), blank(32), ' '],
      [blank(21), MER_ID, ' ', blank(15), blank(32), '0000000005000', '0000000005000', '01080209', blank(32)],
      [blank(13), blank(13), blank(12), '  ', ' ', blank(32), blank(98)],
    ]
      .flat()
      .join(' ');
    expect(Buffer.byteLength(line)).toBe(607);
    const { lines, findings } = await read(Buffer.from(`${line}\n`));
    expect(findings).toEqual([]);
    expect(lines).toMatchObject([{ kind: 'PAY', amount: 5000n, fee: 30n, providerTxnId: '442611221204052678498' }]);
  });

  test('payments, collections, refunds and reversals, however the bytes are cut', async () => {
    for (const chunk of [1, 607, 100_000]) {
      const content = file(...[PAID, COLLECTED, BACK, VOIDED].map(record));
      const { lines, findings, totals } = await read(content, { chunk, date: DATE });
      expect(findings).toEqual([]);
      expect(lines).toMatchObject([
        {
          kind: 'PAY',
          ourNumber: PAID.orderNo,
          providerTxnId: PAID.queryId,
          origTxnId: '',
          amount: 5000n,
          fee: 30n,
          currency: 'CNY',
          occurredAt: PAID.at,
          state: 'SUCCESS',
          fileLine: 1,
          offset: 0,
          n: 1,
        },
        { kind: 'PAY', ourNumber: COLLECTED.orderNo, fee: 0n, offset: 609, fileLine: 2 },
        { kind: 'REFUND', ourNumber: BACK.orderNo, origTxnId: PAID.queryId, amount: -2000n, fee: -12n, n: 3 },
        { kind: 'REVERSAL', origTxnId: PAID.queryId, amount: -5000n, fee: -30n },
      ]);
      expect(totals).toEqual({
        header: { provider: '', date: DATE, currency: 'CNY' },
        declared: null,
        read: { lines: 4, amount: 3000n, fee: -12n },
        unreadable: 0,
        unread: null,
        agrees: true,
        bytes: 4 * 607,
      });
    }
  });

  test.each([
    ['LF', Buffer.concat([record(PAID), Buffer.from('\n')])],
    ['no line end', record(PAID)],
    ['a byte order mark', Buffer.concat([Buffer.from('\uFEFF'), file(record(PAID))])],
    ['blanks and tabs behind', Buffer.concat([record(PAID), Buffer.from('\t  \r\n')])],
    ['blank lines and an end mark', Buffer.concat([file(record(PAID), Buffer.alloc(0)), Buffer.from('\x1a')])],
    ['GBK in a field of the merchant', file(record({ ...PAID, merReserved: '话费充值' }))],
  ])('%s makes no difference', async (_what, content) => {
    expect(UNIONPAY_ZM.recognises(content, { fileName: NAME })).toBe(true);
    const { lines, findings } = await read(content);
    expect(findings).toEqual([]);
    expect(lines).toMatchObject([{ amount: 5000n, ourNumber: PAID.orderNo }]);
  });

  const good = record(PAID);
  test.each([
    ['sums that do not agree', put(good, 180, 'C000000004971'), 'amount less fee is not what is settled'],
    ['a fee on the wrong side', put(good, 166, 'C000000000030'), 'amount less fee is not what is settled'],
    ['an amount with a letter', put(good, 66, '00000000500O'), 'an amount'],
    ['a sum without its side', put(good, 166, ' 000000000030'), 'a sum without its side'],
    ['a type nobody listed', put(good, 215, '99'), 'a transaction type nobody listed'],
    ['a time that is none', put(good, 35, '1322120405'), 'a time'],
    ['no number', put(good, 87, ' '.repeat(21)), 'no number of the transaction'],
    ['a short line', good.subarray(0, 600), 'length of the line'],
    ['a long line', Buffer.concat([good, Buffer.from('x')]), 'length of the line'],
    [
      'a byte lost in the middle',
      Buffer.concat([good.subarray(0, 50), good.subarray(51), Buffer.from(' ')]),
      'a field that runs into the next',
    ],
    ['bytes that are no GBK', put(good, 397, Buffer.from([0xff, 0xff])), 'not GBK'],
  ])('%s: found with its bytes, the rest goes on', async (_what, bad, reason) => {
    const { lines, findings, totals } = await read(file(good, bad, record(COLLECTED)));
    expect(lines.map(({ providerTxnId }) => providerTxnId)).toEqual([PAID.queryId, COLLECTED.queryId]);
    expect(findings).toEqual([{ fileLine: 2, offset: 609, reason, raw: Buffer.from(bad), ofFile: false }]);
    expect(totals).toMatchObject({ unreadable: 1, agrees: false, read: { lines: 2, amount: 10_000n } });
  });

  test('a card number that nobody masked is not shown in whole', async () => {
    const { lines } = await read(file(record({ ...PAID, card: '6222801234567890123' })));
    expect(lines[0]?.raw).toContain(' 622280*********0123 ');
    expect(lines[0]?.raw).not.toContain('1234567890123');
  });

  test('the year is that of the accounting day: of the name, of what was asked, or inside the number', async () => {
    const newYear = { ...PAID, at: new Date('2026-12-31T23:10:00+08:00'), queryId: '442612312310002678498' };
    const content = file(record(newYear));
    const name = zmName('ZM', '2027-01-01', MER_ID);
    for (const over of [{ fileName: name }, { fileName: 'x', date: '2027-01-01' }, { fileName: 'x' }])
      expect((await read(content, over)).lines).toMatchObject([{ occurredAt: newYear.at }]);
    const unknown = { ...newYear, queryId: 'ABC' };
    const { findings } = await read(file(record(unknown)), { fileName: 'x' });
    expect(findings).toMatchObject([{ reason: 'a time' }]);
  });

  test('a file of another date is found', async () => {
    const { findings, totals } = await read(file(good), { date: '2026-11-23' });
    expect(findings).toMatchObject([{ ofFile: true, reason: 'the file is of another date than asked for' }]);
    expect(totals.agrees).toBe(false);
  });

  test('an empty file is a day without orders', async () => {
    expect(UNIONPAY_ZM.recognises(Buffer.alloc(0), { fileName: NAME })).toBe(true);
    expect((await read(Buffer.alloc(0))).totals).toMatchObject({ agrees: true, read: { lines: 0 } });
  });

  test('the head tells it apart without a name; a file of another kind is not recognised', () => {
    expect(UNIONPAY_ZM.recognises(file(good, good), { fileName: 'download' })).toBe(true);
    expect(UNIONPAY_ZME.recognises(file(good, good), { fileName: 'download' })).toBe(false);
    expect(UNIONPAY_ZM.recognises(Buffer.from('H|YD1|bank_a\n'), { fileName: 'a.txt' })).toBe(false);
  });

  test('a long file is read line by line', async () => {
    let heap = 0;
    const before = process.memoryUsage().heapUsed;
    async function* many() {
      const block = file(...Array.from({ length: 500 }, () => good));
      for (let i = 0; i < 100; i++) {
        await Promise.resolve();
        heap = Math.max(heap, process.memoryUsage().heapUsed - before);
        yield block;
      }
    }
    const sink = { line: () => undefined, finding: () => undefined };
    const totals = await UNIONPAY_ZM.read(many(), sink, { fileName: NAME });
    expect(totals.read).toEqual({ lines: 50_000, amount: 250_000_000n, fee: 1_500_000n });
    expect(heap).toBeLessThan(200 * 1_048_576);
  });
});

describe('the zip', () => {
  const zm = { name: NAME, content: file(record(PAID), record(BACK)) };
  const zme = { name: zmName('ZME', DATE, MER_ID), content: file(zmeRecord(DISPUTE, MER_ID)) };

  test('both members count, wherever they stand, and offsets mean nothing', async () => {
    for (const members of [
      [zm, zme],
      [zme, zm],
      [{ name: 'readme.txt', content: Buffer.from('x') }, zm, zme],
    ]) {
      const zip = zipOf(members);
      expect(UNIONPAY_ZM.recognises(zip.subarray(0, 4_096), { fileName: 'download' })).toBe(true);
      const { lines, findings, totals } = await read(zip, { fileName: 'x.zip', date: DATE, chunk: 7 });
      expect(findings).toEqual([]);
      expect(lines.map(({ kind, offset }) => [kind, offset]).sort()).toEqual([
        ['PAY', -1],
        ['REFUND', -1],
        ['RETURN', -1],
      ]);
      expect(totals).toMatchObject({ agrees: true, header: { date: DATE }, read: { lines: 3, amount: -2000n } });
    }
  });

  test('a member that is damaged is found; what was read before stays', async () => {
    const zip = zipOf([zme, zm]);
    const where = zip.indexOf(NAME) + NAME.length;
    zip.fill(0, where + 40, where + 60);
    const { lines, findings, totals } = await read(zip, { fileName: 'x.zip' });
    expect(lines).toMatchObject([{ kind: 'RETURN' }]);
    expect(findings).toMatchObject([{ ofFile: true, reason: 'the compressed file is cut or damaged' }]);
    expect(totals.agrees).toBe(false);
  });

  test.each([
    ['cut', zipOf([zm]).subarray(0, 200)],
    ['without either of the two', zipOf([{ name: 'a.txt', content: Buffer.from('x') }])],
  ])('a zip that is %s is no statement', async (_what, content) => {
    await expect(read(content, { fileName: 'x.zip' })).rejects.toThrow(UnreadableFile);
  });

  test('a zip of somebody else is not recognised', () => {
    const zip = zipOf([{ name: '20881021_20261122_DETAILS.csv', content: Buffer.from('x') }]);
    expect(UNIONPAY_ZM.recognises(zip, { fileName: '20881021_20261122.csv.zip' })).toBe(false);
  });
});

describe('the ZME file', () => {
  const format = UNIONPAY_ZME;
  const fileName = zmName('ZME', DATE, MER_ID);

  test('what a dispute takes is money taken back; what it gives is not explained further', async () => {
    const given = { ...DISPUTE, amount: 3000n, fee: 10n };
    const content = file(zmeRecord(DISPUTE, MER_ID), zmeRecord(given, MER_ID));
    expect(format.recognises(content, { fileName: 'download' })).toBe(true);
    const { lines, findings } = await read(content, { format, fileName });
    expect(findings).toEqual([]);
    expect(lines).toMatchObject([
      { kind: 'RETURN', amount: -5000n, fee: 0n, providerTxnId: '6785021122090000', origTxnId: '6784981122120405' },
      { kind: 'OTHER', amount: 3000n, fee: 10n },
    ]);
  });

  test('where the sums do not explain each other, nothing is taken for read', async () => {
    const odd = put(zmeRecord(DISPUTE, MER_ID), ZME_LAYOUT.starts[15] ?? 0, 'D000000004000');
    const { lines, findings } = await read(file(odd), { format, fileName });
    expect(lines).toEqual([]);
    expect(findings).toMatchObject([{ reason: 'the sums of a dispute do not agree', ofFile: false }]);
  });
});
