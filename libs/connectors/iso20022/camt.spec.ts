import { Readable } from 'node:stream';
import type { StatementFinding, StatementLine } from '../contract/statement';
import { CAMT_FORMATS } from './camt-format';
import { balanceText, camt053Text, entryText, statementText, transaction, type PlayedEntry } from './played-camt';

const ATTEMPT = '2611224321500731004201';
const REFUND = '26112243215007310042R01';

async function read(text: string | Buffer, chunk = 1_000, date?: string) {
  const data = Buffer.from(text as string);
  const format = CAMT_FORMATS.find((one) => one.recognises(data.subarray(0, 4_096), { fileName: 'x.xml' }));
  if (!format) throw new Error('not recognised');
  const chunks = Array.from({ length: Math.ceil(data.length / chunk) }, (_, i) =>
    data.subarray(i * chunk, (i + 1) * chunk),
  );
  const lines: StatementLine[] = [];
  const findings: StatementFinding[] = [];
  const sink = {
    line: (line: StatementLine) => void lines.push(line),
    finding: (one: StatementFinding) => void findings.push(one),
  };
  const totals = await format.read(Readable.from(chunks), sink, { fileName: 'x.xml', ...(date ? { date } : {}) });
  return { lines, findings, reasons: findings.map(({ reason }) => reason), totals, format: format.name };
}

const statement = (entries: PlayedEntry[], opening = '100.00', closing = '100.00') =>
  camt053Text(
    statementText(balanceText('OPBD', opening) + balanceText('CLBD', closing) + entries.map(entryText).join('')),
  );
const one = async (entry: PlayedEntry) => read(statement([entry]));

describe('an account statement of ISO 20022', () => {
  test('entries become lines, opening and entries give closing, however the bytes are cut', async () => {
    const text = statement(
      [
        { amount: '50.00', reference: 'B1', details: transaction(ATTEMPT) },
        { amount: '20.5', indicator: 'DBIT', reference: 'B2', details: transaction(REFUND) },
      ],
      '100.00',
      '129.50',
    );
    for (const chunk of [1, 17, 100_000]) {
      const { lines, findings, totals, format } = await read(text, chunk);
      expect(format).toBe('camt.053');
      expect(findings).toEqual([]);
      expect(lines).toMatchObject([
        { kind: 'PAY', ourNumber: ATTEMPT, providerTxnId: 'B1', amount: 5000n, fee: 0n, state: 'SUCCESS', n: 1 },
        { kind: 'REFUND', ourNumber: REFUND, providerTxnId: 'B2', amount: -2050n, currency: 'CNY', fileLine: 2 },
      ]);
      expect(lines[0]?.occurredAt.toISOString()).toBe('2026-11-21T16:00:00.000Z');
      expect(text.slice(lines[1]?.offset, (lines[1]?.offset ?? 0) + 5)).toBe('<Ntry');
      expect(lines[1]?.raw).toMatch(/^<Ntry>.*<\/Ntry>$/s);
      expect(totals).toMatchObject({
        header: { provider: '', date: '2026-11-22', currency: 'CNY' },
        declared: { amount: 2950n },
        read: { lines: 2, amount: 2950n, fee: 0n },
        unread: { amount: 0n },
        agrees: true,
        bytes: Buffer.from(text).length,
      });
    }
  });

  test('a failed control total is a finding about the file, never a crash', async () => {
    const { reasons, findings, totals } = await read(statement([{ amount: '1.00' }], '100.00', '102.00'));
    expect(reasons).toEqual(['opening balance and entries do not give the closing balance']);
    expect(findings[0]?.ofFile).toBe(true);
    expect(totals).toMatchObject({ agrees: false, unreadable: 0, unread: { amount: 100n } });
  });

  test.each([
    ['a word that is no amount', { amount: '1,00' }],
    ['parts of a fen', { amount: '1.005' }],
    ['neither credit nor debit', { amount: '1.00', indicator: 'BOTH' as 'CRDT' }],
    ['an entity of its own', { amount: '1.00', members: '<AddtlNtryInf>&own;</AddtlNtryInf>' }],
    ['a member that is not closed', { amount: '1.00', members: '<BkTxCd><Prtry></BkTxCd></Prtry>' }],
  ])('%s quarantines its entry with its bytes; the rest goes on', async (_, bad) => {
    const { lines, findings, totals } = await read(statement([bad, { amount: '2.00' }]));
    expect(lines).toMatchObject([{ amount: 200n }]);
    const quarantined = findings.filter(({ ofFile }) => !ofFile);
    expect(quarantined).toHaveLength(1);
    expect(quarantined[0]?.raw.toString()).toBe(entryText(bad));
    expect(totals).toMatchObject({ unreadable: 1, agrees: false });
  });

  test('bytes that are not of the encoding spoil their entry only; GBK and UTF-16 are read', async () => {
    const name = '<AddtlNtryInf>充值</AddtlNtryInf>';
    const text = statement([{ amount: '1.00', members: name }], '0', '1');
    const broken = Buffer.concat([
      Buffer.from(text.split('充值')[0] ?? ''),
      Buffer.from([0xff, 0xfe]),
      Buffer.from(text.split('充值')[1] ?? ''),
    ]);
    expect((await read(broken)).totals.unreadable).toBe(1);
    const gbk = Buffer.concat([
      Buffer.from(text.split('充值')[0]?.replace('UTF-8', 'GBK') ?? ''),
      Buffer.from('b3e4d6b5', 'hex'),
      Buffer.from(text.split('充值')[1] ?? ''),
    ]);
    const { lines, totals } = await read(gbk);
    expect(totals.agrees).toBe(true);
    expect(lines[0]?.raw).toContain('充值');
    const wide = await read(Buffer.from(`\uFEFF${text.replace('UTF-8', 'UTF-16')}`, 'utf16le'), 33);
    expect(wide).toMatchObject({ lines: [{ amount: 100n, offset: -1 }], totals: { agrees: true } });
  });

  test('a file that ends too soon keeps what was read and does not agree; no such file at all is refused', async () => {
    const text = statement([{ amount: '1.00' }, { amount: '2.00' }]);
    const cut = await read(text.slice(0, text.lastIndexOf('<Ntry>') + 40));
    expect(cut).toMatchObject({ lines: [{ amount: 100n }], totals: { unreadable: 1, agrees: false } });
    const format = CAMT_FORMATS[0];
    const sink = { line: () => undefined, finding: () => undefined };
    for (const other of ['', 'H|YD1|', '<html><body/></html>', '<!DOCTYPE x><Document><BkToCstmrStmt/></Document>'])
      await expect(format?.read(Readable.from([Buffer.from(other)]), sink, { fileName: '' })).rejects.toThrow();
  });
});

describe('versions and shapes', () => {
  test('any prefix, the status as a code, an envelope, several statements', async () => {
    const inside = (id: string) =>
      statementText(
        balanceText('PRCD', '1') +
          balanceText('CLBD', '2') +
          entryText({ amount: '1', status: '<Sts><Cd>BOOK</Cd></Sts>' }),
        id,
      );
    const plain = camt053Text(inside('S1') + inside('S2'), '08').replace(/<\?xml[^>]*>\n/, '');
    const prefixed = plain.replace(/<(\/?)(\w)/g, '<$1c:$2');
    const { lines, totals, findings } = await read(
      `<BizMsgEnvlp><AppHdr><BizSvc>x</BizSvc></AppHdr>${prefixed}</BizMsgEnvlp>`,
    );
    expect(findings).toEqual([]);
    expect(lines).toHaveLength(2);
    expect(totals).toMatchObject({ declared: { amount: 200n }, agrees: true });
  });

  test.each([
    ['camt.052', 'BkToCstmrAcctRpt', 'Rpt'],
    ['camt.054', 'BkToCstmrDbtCdtNtfctn', 'Ntfctn'],
  ])('%s', async (name, container, part) => {
    const text = statement([{ amount: '1.00', details: transaction(ATTEMPT) }])
      .replaceAll('BkToCstmrStmt', container)
      .replaceAll('Stmt>', `${part}>`)
      .replace(/<Bal>.*<\/Bal>/, '');
    expect(await read(text)).toMatchObject({
      format: name,
      lines: [{ ourNumber: ATTEMPT }],
      totals: { declared: null, agrees: true },
    });
  });

  test('pending and informing entries are notices and count in no total', async () => {
    const { lines, totals } = await read(
      statement([
        { amount: '1.00', status: '<Sts>PDNG</Sts>' },
        { amount: '2.00', status: '<Sts><Cd>INFO</Cd></Sts>' },
      ]),
    );
    expect(lines.map(({ state }) => state)).toEqual(['NOTICE', 'NOTICE']);
    expect(totals).toMatchObject({ read: { lines: 2, amount: 0n }, agrees: true });
  });

  test('a currency has its own decimals', async () => {
    const inside = (currency: string, amount: string) => camt053Text(statementText(entryText({ amount, currency })));
    expect((await read(inside('JPY', '2700'))).lines[0]?.amount).toBe(2700n);
    expect((await read(inside('KWD', '1.2'))).lines[0]?.amount).toBe(1200n);
    expect((await read(inside('JPY', '1.5'))).totals.unreadable).toBe(1);
  });

  test('the summary of the entries is compared, pending ones counted or not', async () => {
    const summary = (entries: number, sum: string) =>
      `<TxsSummry><TtlNtries><NbOfNtries>${entries}</NbOfNtries><Sum>${sum}</Sum></TtlNtries></TxsSummry>`;
    const file = (entries: number, sum: string) =>
      camt053Text(
        statementText(
          summary(entries, sum) + entryText({ amount: '1.00' }) + entryText({ amount: '2', indicator: 'DBIT' }),
        ),
      );
    expect((await read(file(2, '3.00'))).totals).toMatchObject({ declared: { lines: 2 }, agrees: true });
    expect((await read(file(3, '3.00'))).reasons).toEqual(['the summary of all entries differs from the entries']);
    expect((await read(file(2, '4.00'))).reasons).toHaveLength(1);
  });

  test('a file of another date is a finding', async () =>
    expect((await read(statement([]), 1_000, '2026-11-23')).reasons).toEqual(['the statement is of another date']));
});

describe('what an entry is', () => {
  const returned = '<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>';
  test.each<[string, PlayedEntry, object]>([
    ['our number within a text', { amount: '1', details: `<TxDtls><RmtInf><Ustrd>订单${ATTEMPT}谢谢</Ustrd></RmtInf></TxDtls>` }, { kind: 'PAY', ourNumber: ATTEMPT }],
    ['our number cut over two texts', { amount: '1', details: `<TxDtls><RmtInf><Ustrd>x 261122432</Ustrd><Ustrd>1500731004201</Ustrd></RmtInf></TxDtls>` }, { kind: 'PAY', ourNumber: ATTEMPT }],
    ['a reference that only looks like ours', { amount: '1', details: transaction('9999994321500731004201') }, { kind: 'OTHER', ourNumber: '9999994321500731004201' }],
    ['no reference', { amount: '1', details: transaction('NOTPROVIDED') }, { kind: 'OTHER', ourNumber: '' }],
    ['a debit returned', { amount: '1', indicator: 'DBIT', details: transaction(ATTEMPT, returned) }, { kind: 'RETURN', amount: -100n, origTxnId: ATTEMPT }],
    ['a refund that came back', { amount: '1', details: transaction(REFUND, returned) }, { kind: 'RETURN', amount: 100n, origTxnId: REFUND }],
    ['a booking undone by the bank', { amount: '1', indicator: 'DBIT', members: '<RvslInd>true</RvslInd>' }, { kind: 'RETURN', amount: -100n }],
    ['a charge', { amount: '1', indicator: 'DBIT', members: '<BkTxCd><Domn><Cd>ACMT</Cd><Fmly><Cd>MDOP</Cd><SubFmlyCd>CHRG</SubFmlyCd></Fmly></Domn></BkTxCd>' }, { kind: 'FEE', amount: -100n }],
    ['a payout of ours', { amount: '1', indicator: 'DBIT', details: '<TxDtls><Refs><MsgId>YDPO1</MsgId><EndToEndId>P9</EndToEndId></Refs></TxDtls>' }, { kind: 'PAYOUT', ourNumber: 'P9' }],
    ['a charge taken out of it', { amount: '49.81', members: '<Chrgs><Rcrd><Amt Ccy="CNY">0.19</Amt><CdtDbtInd>DBIT</CdtDbtInd><ChrgInclInd>true</ChrgInclInd></Rcrd></Chrgs>' }, { amount: 5000n, fee: 19n }],
    ['a charge only mentioned', { amount: '50', members: '<Chrgs><Rcrd><Amt Ccy="CNY">0.19</Amt><CdtDbtInd>DBIT</CdtDbtInd></Rcrd></Chrgs>' }, { amount: 5000n, fee: 0n }],
    ['a time of its own', { amount: '1', details: '<TxDtls><RltdDts><TxDtTm>2026-11-22T12:00:00Z</TxDtTm></RltdDts></TxDtls>' }, { occurredAt: new Date('2026-11-22T12:00:00Z') }],
  ])('%s', async (_, entry, line) => expect((await one(entry)).lines[0]).toMatchObject(line)); // prettier-ignore
});

describe('a batch entry', () => {
  const tx = (id: string, amount: string, more = '') => transaction(id, `<Amt Ccy="CNY">${amount}</Amt>${more}`);
  const batch = '<Btch><NbOfTxs>2</NbOfTxs></Btch>';

  test('is one line per transaction, told apart by its place', async () => {
    const details =
      batch + tx(ATTEMPT, '30.00') + transaction('E2', '<AmtDtls><TxAmt><Amt Ccy="CNY">20</Amt></TxAmt></AmtDtls>');
    const { lines, totals } = await read(statement([{ amount: '50', reference: 'B', details }], '0', '50'));
    expect(lines).toMatchObject([
      { amount: 3000n, providerTxnId: 'B/1', ourNumber: ATTEMPT, fileLine: 1, n: 1 },
      { amount: 2000n, providerTxnId: 'B/2', ourNumber: 'E2', fileLine: 1, n: 2 },
    ]);
    expect(lines[1]?.raw).toMatch(/^<TxDtls>.*<\/TxDtls>$/);
    expect(totals.agrees).toBe(true);
  });

  test('whose transactions say no sum stays one line', async () => {
    const { lines, reasons } = await one({ amount: '50', details: transaction('E1') + transaction('E2') });
    expect(lines).toMatchObject([{ amount: 5000n }]);
    expect(reasons).toContain('transactions without sums');
  });

  test('that tells of some of its transactions only, or does not add up, is a finding', async () => {
    const { lines, reasons } = await one({
      amount: '50',
      details: batch + tx('E1', '20') + tx('E2', '20') + tx('E3', '1'),
    });
    expect(lines).toHaveLength(3);
    expect(reasons).toEqual(
      expect.arrayContaining(['transactions do not add up to their entry', 'the batch counts other transactions']),
    );
  });

  test('one bad transaction is quarantined alone', async () => {
    const { lines, findings } = await one({
      amount: '50',
      details: tx('E1', '20') + tx('E2', 'x') + tx('E3', '30', '&own;'),
    });
    expect(lines).toMatchObject([{ ourNumber: 'E1' }]);
    const quarantined = findings.filter(({ ofFile }) => !ofFile);
    expect(quarantined.map(({ raw }) => raw.toString())).toEqual([tx('E2', 'x'), tx('E3', '30', '&own;')]);
  });

  test('a million of them would not fill the memory: transactions pass as they come', async () => {
    let produced = 0;
    let atFirstLine = 0;
    async function* file(): AsyncGenerator<Buffer> {
      const [before, after] = statement([{ amount: '300', details: '#' }]).split('#');
      yield Buffer.from(before ?? '');
      for (; produced < 30_000; produced++) yield await Promise.resolve(Buffer.from(tx('E', '0.01')));
      yield Buffer.from(after ?? '');
    }
    let lines = 0;
    const sink = {
      line: () => {
        if (lines++ === 0) atFirstLine = produced;
      },
      finding: () => undefined,
    };
    await CAMT_FORMATS[0]?.read(file(), sink, { fileName: '' });
    expect(lines).toBe(30_000);
    expect(atFirstLine).toBeLessThan(5);
  });
});
