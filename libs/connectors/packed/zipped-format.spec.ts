import { CAMT_FORMATS } from '../iso20022/camt-format';
import { balanceText, camt053Text, entryText, statementText } from '../iso20022/played-camt';
import { BANK_FORMATS } from '../bank-direct/formats';
import { UnreadableFile, type StatementFinding, type StatementLine } from '../contract/statement';
import { zipOf, type PackedFile } from './wire-zip';

const day = (amount: string, closing = amount): Buffer =>
  Buffer.from(
    camt053Text(statementText(balanceText('OPBD', '0') + balanceText('CLBD', closing) + entryText({ amount }))),
  );
const file = (name: string, content: Buffer | string): PackedFile => ({ name, content: Buffer.from(content) });
const MT = ':20:X\n:25:1\n:28C:1/1\n:60F:C261122CNY0,\n:61:2611221122C5,00NTRFA//B\n:62F:C261122CNY5,00\n-\n';

async function read(zip: Buffer, chunk = 64) {
  const origin = { fileName: 'C53_20261122.zip' };
  const format = BANK_FORMATS.find((one) => one.recognises(zip.subarray(0, 65_536), origin));
  if (!format) return null;
  const lines: StatementLine[] = [];
  const findings: StatementFinding[] = [];
  async function* pieces() {
    for (let at = 0; at < zip.length; at += chunk) yield await Promise.resolve(zip.subarray(at, at + chunk));
  }
  const sink = {
    line: (one: StatementLine) => void lines.push(one),
    finding: (one: StatementFinding) => void findings.push(one),
  };
  return { name: format.name, lines, findings, totals: await format.read(pieces(), sink, origin) };
}

describe('statements that a bank packs', () => {
  test.each([1, 7, 100_000])('every file of the zip counts, however the bytes are cut (%i)', async (chunk) => {
    const told = await read(zipOf([file('对账单/一.xml', day('2')), file('对账单/二.xml', day('3.50'))]), chunk);
    expect(told).toMatchObject({
      name: 'camt.053',
      lines: [
        { n: 1, amount: 200n, offset: -1 },
        { n: 2, amount: 350n, offset: -1 },
      ],
      findings: [],
      totals: { agrees: true, read: { lines: 2, amount: 550n }, declared: { amount: 550n }, unread: { amount: 0n } },
    });
  });

  test('a folder before the files, and SWIFT messages', async () => {
    const told = await read(zipOf([file('a/', ''), file('a/1.sta', MT), file('a/2.sta', MT)]));
    expect(told).toMatchObject({ name: 'MT940', lines: [{ n: 1 }, { n: 2 }], totals: { agrees: true } });
  });

  test('one that does not agree, or is none, spoils the whole and hides nothing', async () => {
    const told = await read(zipOf([file('1.xml', day('2')), file('2.xml', day('3', '4')), file('READ.ME', 'hello')]));
    expect(told?.lines).toHaveLength(2);
    expect(told?.findings.map(({ reason, raw }) => [reason, raw.toString().slice(0, 7)])).toEqual([
      ['opening balance and entries do not give the closing balance', '</Stmt>'],
      ['a file in the zip that is no camt.053', 'READ.ME'],
    ]);
    expect(told?.totals).toMatchObject({ agrees: false, unread: { amount: 100n } });
  });

  test('cut: what was read counts, and the file does not agree', async () => {
    const zip = zipOf([file('1.xml', day('2')), file('2.xml', day('3'))]);
    await expect(read(zip.subarray(0, 500))).rejects.toThrow(UnreadableFile);
    const other = Buffer.from(zip);
    other.writeUInt32LE(0, zip.indexOf('504b0102', 0, 'hex') + 16); // another checksum of the first file
    const told = await read(other);
    expect(told?.lines.map(({ amount }) => amount)).toEqual([200n, 300n]);
    expect(told?.totals.agrees).toBe(false);
    expect(told?.findings).toMatchObject([{ ofFile: true, reason: 'a file in the zip that is cut or damaged' }]);
  });

  test('a zip of something else is no statement', async () => {
    expect(await read(zipOf([file('a.txt', 'hello')]))).toBeNull();
    const [camt053] = CAMT_FORMATS;
    expect(camt053?.recognises(zipOf([file('1.xml', day('2'))]), { fileName: '' })).toBe(false);
  });
});
