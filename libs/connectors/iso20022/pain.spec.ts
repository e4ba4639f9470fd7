import { XMLParser } from 'fast-xml-parser';
import { Readable } from 'node:stream';
import { writeTransferBatch, type TransferBatch } from './pain001';
import { readStatusReport, type OrderStatus, type PartStatus } from './pain002';
import { writeDebitBatch, type DebitBatch } from './pain008';

const ATTEMPT = '2611224321500731004201';
const CREDITOR = { name: '一点 & Co', account: '622848000000', bic: 'BKCHCNBJ' };
const batch: DebitBatch = {
  collectionDate: '2026-11-23',
  currency: 'CNY',
  creditor: CREDITOR,
  creditorId: 'YD01',
  createdAt: new Date('2026-11-22T12:00:00.123Z'),
  debits: [
    { number: ATTEMPT, amount: 5001n, agreementRef: 'AR1', signedOn: '2026-01-02', first: true, note: '<138****1234>' },
    { number: 'A2', amount: 1n, agreementRef: 'AR2', signedOn: '2026-01-02', first: false, note: 'top-up' },
    { number: 'A3', amount: 10n, agreementRef: 'AR3', signedOn: '2026-01-02', first: false, note: '' },
  ],
};
const transfers: TransferBatch = {
  executionDate: '2026-11-23',
  currency: 'CNY',
  debtor: CREDITOR,
  createdAt: batch.createdAt,
  transfers: [
    { number: 'P1', amount: 4945n, creditor: { name: '湖北', account: 'DE89370400440532013000', bic: '' }, note: 'x' },
    { number: 'P2', amount: 9_007_199_254_740n, creditor: { name: 'B', account: '1', bic: 'ABOCCNBJ' }, note: 'y' },
  ],
};

/** What a reader that is not ours makes of it; arrays only where there is more than one. */
const independent = (content: Buffer) =>
  new XMLParser({ ignoreAttributes: false, parseTagValue: false, htmlEntities: true }).parse(content.toString()) as {
    Document: { '@_xmlns': string; CstmrDrctDbtInitn: Loose; CstmrCdtTrfInitn: Loose };
  };
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape is what is tested
type Loose = any; // prettier-ignore

describe('a file of debits', () => {
  test('counts, sums, first and recurring, mandate and number of each', () => {
    const { content, messageId } = writeDebitBatch(batch);
    const { Document } = independent(content);
    expect(Document['@_xmlns']).toBe('urn:iso:std:iso:20022:tech:xsd:pain.008.001.02');
    expect(messageId).toMatch(/^YDDD[0-9a-f]{28}$/);
    expect(Document.CstmrDrctDbtInitn).toMatchObject({
      GrpHdr: {
        MsgId: messageId,
        CreDtTm: '2026-11-22T20:00:00+08:00',
        NbOfTxs: '3',
        CtrlSum: '50.12',
        InitgPty: { Nm: '一点 & Co' },
      },
      PmtInf: [
        {
          PmtInfId: `${messageId}-F`,
          NbOfTxs: '1',
          CtrlSum: '50.01',
          PmtTpInf: { SeqTp: 'FRST' },
          CdtrSchmeId: { Id: { PrvtId: { Othr: { Id: 'YD01' } } } },
          DrctDbtTxInf: {
            PmtId: { InstrId: ATTEMPT, EndToEndId: ATTEMPT },
            InstdAmt: { '#text': '50.01', '@_Ccy': 'CNY' },
            DrctDbtTx: { MndtRltdInf: { MndtId: 'AR1', DtOfSgntr: '2026-01-02' } },
            RmtInf: { Ustrd: '<138****1234>' },
          },
        },
        { PmtInfId: `${messageId}-R`, NbOfTxs: '2', CtrlSum: '0.11', PmtTpInf: { SeqTp: 'RCUR' } },
      ],
    });
  });

  test('the same orders have the same id at any time; other orders have another', () => {
    const { messageId } = writeDebitBatch(batch);
    expect(writeDebitBatch({ ...batch, createdAt: new Date() }).messageId).toBe(messageId);
    const [first, ...rest] = batch.debits;
    if (!first) throw new Error('no debit');
    const other = { ...batch, debits: [{ ...first, amount: 5002n }, ...rest] };
    expect(writeDebitBatch(other).messageId).not.toBe(messageId);
  });

  test.each<[string, Partial<DebitBatch['debits'][number]>[]]>([
    ['no orders', []],
    ['nothing to debit', [{ amount: 0n }]],
    ['one number twice', [{}, {}]],
    ['a number no bank carries', [{ number: 'Z'.repeat(36) }]],
  ])('%s: refused', (_, debits) => {
    const [one] = batch.debits;
    if (!one) throw new Error('no debit');
    expect(() => writeDebitBatch({ ...batch, debits: debits.map((part) => ({ ...one, ...part })) })).toThrow('');
  });
});

test('a file of transfers: sums beyond what a float holds in cents, IBAN and account number, both versions', () => {
  const { content, messageId } = writeTransferBatch(transfers);
  expect(independent(content).Document.CstmrCdtTrfInitn).toMatchObject({
    GrpHdr: { MsgId: messageId, NbOfTxs: '2', CtrlSum: '90071992596.85' },
    PmtInf: {
      PmtMtd: 'TRF',
      ReqdExctnDt: '2026-11-23',
      DbtrAgt: { FinInstnId: { BIC: 'BKCHCNBJ' } },
      CdtTrfTxInf: [
        { PmtId: { EndToEndId: 'P1' }, CdtrAcct: { Id: { IBAN: 'DE89370400440532013000' } }, Cdtr: { Nm: '湖北' } },
        { Amt: { InstdAmt: { '#text': '90071992547.40' } }, CdtrAcct: { Id: { Othr: { Id: '1' } } } },
      ],
    },
  });
  expect(independent(writeTransferBatch(transfers, '09').content).Document.CstmrCdtTrfInitn).toMatchObject({
    PmtInf: { ReqdExctnDt: { Dt: '2026-11-23' }, DbtrAgt: { FinInstnId: { BICFI: 'BKCHCNBJ' } } },
  });
});

describe('a status report', () => {
  const reason = (code: string) => `<StsRsnInf><Rsn><Cd>${code}</Cd></Rsn><AddtlInf>said</AddtlInf></StsRsnInf>`;
  const order = (number: string, status: string, more = '') =>
    `<TxInfAndSts><StsId>S-${number}</StsId><OrgnlEndToEndId>${number}</OrgnlEndToEndId><TxSts>${status}</TxSts>${more}</TxInfAndSts>`;
  const settled =
    '<AccptncDtTm>2026-11-23T01:00:00Z</AccptncDtTm><AcctSvcrRef>B1</AcctSvcrRef><OrgnlTxRef><Amt><InstdAmt Ccy="CNY">50.01</InstdAmt></Amt>' +
    '<ReqdColltnDt>2026-11-23</ReqdColltnDt></OrgnlTxRef>';
  const report = (group: string, inside: string) =>
    `<?xml version="1.0"?><p:Document xmlns:p="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt><GrpHdr><MsgId>R1</MsgId></GrpHdr>` +
    `<OrgnlGrpInfAndSts><OrgnlMsgId>M1</OrgnlMsgId>${group}</OrgnlGrpInfAndSts>${inside}</CstmrPmtStsRpt></p:Document>`;
  const part = (status: string, inside: string) =>
    `<OrgnlPmtInfAndSts><OrgnlPmtInfId>M1-R</OrgnlPmtInfId>${status}${inside}</OrgnlPmtInfAndSts>`;

  async function read(text: string) {
    const told = { parts: [] as PartStatus[], orders: [] as OrderStatus[], findings: [] as string[] };
    await readStatusReport(Readable.from([...Buffer.from(text)].map((byte) => Buffer.from([byte]))), {
      part: (one) => void told.parts.push(one),
      order: (one) => void told.orders.push(one),
      finding: (why) => void told.findings.push(why),
    });
    return told;
  }

  test('settled, rejected and waiting orders, each under its own number', async () => {
    const { parts, orders, findings } = await read(
      report(
        '<GrpSts>PART</GrpSts>',
        part(
          '<PmtInfSts>PART</PmtInfSts>',
          order(ATTEMPT, 'ACSC', settled) +
            order('A2', 'RJCT', reason('AM04')) +
            order('A3', 'ACSP') +
            order('A4', 'WXYZ') +
            order('A5', 'RJCT', reason('ZZ99')) +
            order('A6', 'ACSC'),
        ),
      ),
    );
    expect(findings).toEqual([]);
    expect(parts).toMatchObject([
      { level: 'file', messageId: 'M1', answer: null },
      { level: 'part', partId: 'M1-R', answer: null },
    ]);
    expect(orders[0]).toMatchObject({ messageId: 'M1', partId: 'M1-R', number: ATTEMPT });
    expect(orders.map(({ answer }) => answer)).toEqual([
      {
        outcome: 'succeeded',
        orderNo: ATTEMPT,
        providerTxnId: 'B1',
        amount: 5001n,
        currency: 'CNY',
        businessDate: '2026-11-23',
        completedAt: new Date('2026-11-23T01:00:00Z'),
      },
      { outcome: 'declined', reason: 'insufficient_funds', action: 'lower_amount', providerTxnId: 'S-A2' },
      { outcome: 'pending' },
      { outcome: 'unknown', cause: 'a status nobody listed' },
      { outcome: 'declined', reason: 'other', action: 'none', providerTxnId: 'S-A5' },
      { outcome: 'unknown', cause: 'a success that lacks its sum' },
    ]);
    expect(orders[1]).toMatchObject({ reasonCode: 'AM04', text: 'said' });
  });

  test('a whole file refused; a whole file accepted ends nothing', async () => {
    expect((await read(report(`<GrpSts>RJCT</GrpSts>${reason('AC04')}`, ''))).parts).toMatchObject([
      { level: 'file', answer: { outcome: 'declined', reason: 'account_closed' } },
    ]);
    expect((await read(report('<GrpSts>ACSC</GrpSts>', ''))).parts).toMatchObject([{ answer: { outcome: 'pending' } }]);
    expect((await read(report('', part('<PmtInfSts>RJCT</PmtInfSts>', '')))).parts).toMatchObject([
      { level: 'part', partId: 'M1-R', answer: { outcome: 'declined' } },
    ]);
  });

  test('what cannot be read is a finding; what is no report is refused', async () => {
    const bad = order('A1', 'ACSC', settled.replace('50.01', '50,01'));
    const { orders, findings } = await read(report('', bad + order('', 'RJCT') + order('A3', 'ACSP')));
    expect(orders.map(({ number }) => number)).toEqual(['A3']);
    expect(findings).toHaveLength(2);
    expect((await read(report('', order('A1', 'ACSP')).slice(0, -30))).findings).toHaveLength(1);
    await expect(read('<Document><Other/></Document>')).rejects.toThrow();
  });
});
