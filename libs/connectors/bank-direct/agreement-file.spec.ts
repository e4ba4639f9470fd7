import { Readable } from 'node:stream';
import { readAgreementFile, writeAgreementFile, type BankAgreement } from './agreement-file';

const AGREEMENTS: BankAgreement[] = [
  { agreementNo: 'agr_1', agreementRef: 'AR1', state: 'active', accountTail: '8812', bankName: '甲银行', signedOn: '2026-01-02', endedOn: '' },
  { agreementNo: 'agr_2', agreementRef: 'AR2', state: 'ended', accountTail: '0001', bankName: '', signedOn: '2026-01-02', endedOn: '2026-02-01' },
]; // prettier-ignore

async function read(text: string | Buffer) {
  const found = { agreements: [] as BankAgreement[], findings: [] as [string, number, string][] };
  const bytes = Buffer.from(text as string);
  const totals = await readAgreementFile(Readable.from([bytes.subarray(0, 9), bytes.subarray(9)]), {
    agreement: (one) => void found.agreements.push(one),
    finding: (reason, line, raw) => void found.findings.push([reason, line, raw.toString()]),
  });
  return { ...found, totals };
}

test('what is written is read, with its totals; a byte order mark and CR are harmless', async () => {
  const text = writeAgreementFile('bank_a', '2026-11-22', AGREEMENTS);
  for (const one of [text, `\uFEFF${text.replaceAll('\n', '\r\n')}`])
    expect(await read(one)).toEqual({
      agreements: AGREEMENTS,
      findings: [],
      totals: {
        header: { provider: 'bank_a', date: '2026-11-22' },
        declared: { agreements: 2, active: 1 },
        read: { agreements: 2, active: 1 },
        unreadable: 0,
        agrees: true,
      },
    });
});

test.each([
  'A|1|agr_1|AR1|frozen|8812|B|2026-01-02|',
  'A|1|agr_1|AR1|active|881|B|2026-01-02|',
  'A|1|agr_1|AR1|ended|8812|B|2026-01-02|',
  'A|1|agr_1||active|8812|B|2026-01-02|',
  'A|1|agr_1|AR1|active|8812|2026-01-02|',
  'X|1',
])('%s is a finding with its bytes; the rest goes on', async (bad) => {
  const lines = writeAgreementFile('bank_a', '2026-11-22', AGREEMENTS).split('\n');
  const { agreements, findings, totals } = await read([lines[0], bad, ...lines.slice(1)].join('\n'));
  expect(agreements).toHaveLength(2);
  expect(findings).toMatchObject([[expect.any(String), 2, bad]]);
  expect(totals).toMatchObject({ unreadable: 1, agrees: false });
});

test('a file cut short does not agree; another file is refused', async () => {
  const text = writeAgreementFile('bank_a', '2026-11-22', AGREEMENTS);
  expect((await read(text.slice(0, text.indexOf('T|')))).totals.agrees).toBe(false);
  expect((await read(text.replace('T|2|1', 'T|2|2'))).totals.agrees).toBe(false);
  await expect(read('<html>')).rejects.toThrow('neither');
});
