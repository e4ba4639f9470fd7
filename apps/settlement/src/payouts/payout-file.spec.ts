import { BatchRefused } from '@yidian/connectors/iso20022/pain-parts';
import { writeTransferBatch, type Transfer } from '@yidian/connectors/iso20022/pain001';
import { toDecimal } from '@yidian/money';
import { XMLParser } from 'fast-xml-parser';
import { execFileSync, spawnSync } from 'node:child_process';
import { payoutNumber } from './payout';

const DEBTOR = { name: 'Carrier & Co <HQ>', account: 'DE02100100100006820101', bic: 'BKCHCNBJXXX' };
const CREATED = new Date('2026-11-30T01:00:00Z');

/** Two readers that share nothing with our writer: Python's own XML library, and fast-xml-parser. */
const PYTHON = `
import sys, json, decimal, xml.etree.ElementTree as E
root = E.fromstring(sys.stdin.buffer.read())
ns = {'p': root.tag[1:root.tag.index('}')]}
tx = root.findall('.//p:CdtTrfTxInf', ns)
text = lambda at, path: at.find(path, ns).text
print(json.dumps({
  'count': len(tx),
  'sum': str(sum((decimal.Decimal(text(t, 'p:Amt/p:InstdAmt')) for t in tx), decimal.Decimal(0))),
  'ids': [text(t, 'p:PmtId/p:EndToEndId') for t in tx],
  'header': [text(root, './/p:GrpHdr/p:NbOfTxs'), text(root, './/p:GrpHdr/p:CtrlSum')],
  'part': [text(root, './/p:PmtInf/p:NbOfTxs'), text(root, './/p:PmtInf/p:CtrlSum')],
  'message': text(root, './/p:GrpHdr/p:MsgId'), 'date': text(root, './/p:PmtInf/p:ReqdExctnDt'),
}))`;

interface Read {
  count: number;
  sum: string;
  ids: string[];
  header: [string, string];
  part: [string, string];
  message: string;
  date: string;
}

const hasPython = spawnSync('python3', ['--version']).status === 0;

function read(content: Buffer): Read {
  if (hasPython) return JSON.parse(execFileSync('python3', ['-c', PYTHON], { input: content }).toString()) as Read;
  type Tx = { PmtId: { EndToEndId: string }; Amt: { InstdAmt: string } };
  type Sums = { NbOfTxs: string; CtrlSum: string };
  type File = {
    Document: {
      CstmrCdtTrfInitn: { GrpHdr: Sums & { MsgId: string }; PmtInf: Sums & { ReqdExctnDt: string; CdtTrfTxInf: Tx[] } };
    };
  };
  const parser = new XMLParser({ parseTagValue: false, isArray: (name) => name === 'CdtTrfTxInf' });
  const { GrpHdr, PmtInf } = (parser.parse(content) as File).Document.CstmrCdtTrfInitn;
  const cents = PmtInf.CdtTrfTxInf.reduce((total, { Amt }) => total + BigInt(Amt.InstdAmt.replace('.', '')), 0n);
  return {
    count: PmtInf.CdtTrfTxInf.length,
    sum: toDecimal(cents, 2),
    ids: PmtInf.CdtTrfTxInf.map(({ PmtId }) => PmtId.EndToEndId),
    header: [GrpHdr.NbOfTxs, GrpHdr.CtrlSum],
    part: [PmtInf.NbOfTxs, PmtInf.CtrlSum],
    message: GrpHdr.MsgId,
    date: PmtInf.ReqdExctnDt,
  };
}

const transfers = (n: number): Transfer[] =>
  Array.from({ length: n }, (_, i) => ({
    number: payoutNumber('run_x', 'branch', String(100_000 + i), '2026-11-30'),
    amount: BigInt(i % 7 === 0 ? 1 : i * 1_234_567 + 89),
    creditor: { name: `分公司 ${i} & <co>`, account: `CN00${100_000 + i}`, bic: 'ICBKCNBJ' },
    note: `payout "${i}"`,
  }));

const write = (some: readonly Transfer[], executionDate = '2026-11-30') =>
  writeTransferBatch({ executionDate, currency: 'CNY', debtor: DEBTOR, createdAt: CREATED, transfers: some });

describe(`payout files, read by ${hasPython ? 'python3' : 'fast-xml-parser'}`, () => {
  test.each([1, 31, 1000])('%s orders: control sum, count and ids', (n) => {
    const some = transfers(n);
    const { messageId, content } = write(some);
    const file = read(content);
    const sum = toDecimal(
      some.reduce((total, { amount }) => total + amount, 0n),
      2,
    );
    expect(file.sum).toBe(sum);
    expect(file.header).toEqual([String(n), sum]);
    expect(file.part).toEqual([String(n), sum]);
    expect(file.count).toBe(n);
    expect(file.ids).toEqual(some.map(({ number }) => number));
    expect(new Set(file.ids).size).toBe(n);
    expect([file.message, file.date]).toEqual([messageId, '2026-11-30']);
  });

  test('the name is made of what is ordered: any other sum, payee or day is another file', () => {
    const some = transfers(3);
    const [first, ...rest] = some;
    if (!first) throw new Error('no orders');
    const names = [
      write(some),
      write([{ ...first, amount: first.amount + 1n }, ...rest]),
      write([{ ...first, creditor: { ...first.creditor, account: 'CN009' } }, ...rest]),
      write(some, '2026-12-01'),
    ].map(({ messageId }) => messageId);
    expect(new Set(names).size).toBe(4);
    expect(write(some)).toEqual(write(some));
    for (const name of names) expect(name).toMatch(/^YDPO[0-9a-f]{28}$/);
  });

  test('numbers are letters and digits, one per party and run', () => {
    const numbers = ['branch', 'partner'].flatMap((kind) =>
      ['420000', '440000'].flatMap((party) =>
        ['run_a', 'run_b'].map((run) => payoutNumber(run, kind as 'branch', party, '2026-11-30')),
      ),
    );
    expect(new Set(numbers).size).toBe(8);
    for (const number of numbers) expect(number).toMatch(/^PO261130[0-9A-Z]{12}$/);
  });

  test('a batch no bank could take is refused', () => {
    expect(() => write([])).toThrow(BatchRefused);
    expect(() => write(transfers(1).map((one) => ({ ...one, amount: 0n })))).toThrow(BatchRefused);
  });
});
