import { writeTransferBatch } from '@yidian/connectors/iso20022/pain001';
import type { PayoutRunView } from '@yidian/contracts';
import { plan } from '../testing/contracts';
import { GUANGDONG, HUBEI, matchedItem, paymentNo } from '../testing/lines';
import { at, pain001Faults, readXml, textAt, type Element } from '../testing/pain001-structure';
import { settlementFixture, type SettlementFixture } from '../testing/settlement-fixture';
import { TREASURY, TreasurySteps } from '../testing/treasury-steps';

const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.03';
const PARTIES = [
  { kind: 'branch' as const, code: HUBEI },
  { kind: 'branch' as const, code: GUANGDONG },
  { kind: 'partner' as const, code: 'shop_x' },
];
const fen = (yuan: string): bigint => BigInt(yuan.replace(/^(\d+)\.(\d\d)$/, '$1$2'));

/** The files that leave for the bank, as the bank reads them, through a refusal, a return and their new payouts. */
describe('payout files that were sent', () => {
  let fixture: SettlementFixture;
  let bank: TreasurySteps;
  const runs: PayoutRunView[] = [];
  beforeAll(async () => {
    const plans = [plan(), plan({ id: 'p', channel: 'partner_api', earner: 'partner' })];
    fixture = await settlementFixture({ treasury: TREASURY, plans });
    bank = new TreasurySteps(() => fixture.client);
    await fixture.settle('run-1', [
      matchedItem('a'),
      matchedItem('b', { channel: 'partner_api', partner: 'shop_x', paymentNo: paymentNo(2) }),
      matchedItem('c', { amount: '99999999901', fee: '599999999', paymentNo: paymentNo(3) }),
    ]);
    await bank.branchPayees();
    await bank.payee('partner', 'shop_x', 'DE89370400440532013000');
  });
  afterAll(() => fixture.close());

  const fileOf = async ({ runId }: PayoutRunView): Promise<Element> => {
    const { contentBase64 } = await fixture.client.call('payouts.file', { runId });
    return readXml(Buffer.from(contentBase64, 'base64'));
  };
  const send = async () => {
    const run = await bank.send({ parties: PARTIES });
    runs.push(run);
    return run;
  };
  const latest = () => runs.at(-1) as PayoutRunView;
  const numbers = (file: Element) => orders(file).map((order) => textAt(order, 'PmtId', 'EndToEndId'));
  const orders = (file: Element) => at(file, 'CstmrCdtTrfInitn', 'PmtInf', 'CdtTrfTxInf');

  /** Count, sums, ids and payees against rows of the database and against the transfers to transit. */
  async function agrees(run: PayoutRunView): Promise<void> {
    const file = await fileOf(run);
    expect(pain001Faults(file)).toEqual([]);
    expect(file.attributes['@_xmlns']).toBe(NAMESPACE);
    const rows = await fixture.database.db.select<{ number: string; amount: bigint; name: string; payee: string }>(
      `SELECT p.number, p.amount, y.name, y.account AS payee FROM payout p JOIN payee y ON y.id = p.payee_id
       WHERE p.run_id = ? ORDER BY p.number`,
      [run.runId],
    );
    const told = orders(file).map((order) => ({
      number: textAt(order, 'PmtId', 'EndToEndId'),
      amount: fen(textAt(order, 'Amt', 'InstdAmt')),
      name: textAt(order, 'Cdtr', 'Nm'),
      payee: textAt(order, 'CdtrAcct', 'Id', 'IBAN') || textAt(order, 'CdtrAcct', 'Id', 'Othr', 'Id'),
    }));
    expect(told.sort((a, b) => (a.number < b.number ? -1 : 1))).toEqual(rows);
    const [header, part] = [at(file, 'CstmrCdtTrfInitn', 'GrpHdr')[0], at(file, 'CstmrCdtTrfInitn', 'PmtInf')[0]];
    if (!header || !part) throw new Error('a file has a header and one part');
    const sum = rows.reduce((total, { amount }) => total + amount, 0n);
    for (const place of [header, part])
      expect([textAt(place, 'NbOfTxs'), fen(textAt(place, 'CtrlSum'))]).toEqual([String(rows.length), sum]);
    expect([textAt(header, 'MsgId'), textAt(part, 'PmtInfId')]).toEqual([run.messageId, `${run.messageId}-1`]);
    expect([textAt(part, 'ReqdExctnDt'), String(sum)]).toEqual([run.executionDay, run.total]);
    for (const order of orders(file)) {
      expect(at(order, 'Amt', 'InstdAmt')[0]?.attributes['@_Ccy']).toBe('CNY');
      expect(textAt(order, 'PmtId', 'InstrId')).toBe(textAt(order, 'PmtId', 'EndToEndId'));
    }
  }

  test('three payees of three kinds of account: the file is what the database ordered', async () => {
    await agrees(await send());
    expect(
      latest()
        .payouts.map(({ partyKind }) => partyKind)
        .sort(),
    ).toEqual(['branch', 'branch', 'partner']);
    expect((await fixture.balances())['transit/main']).toBe(latest().total);
    await fixture.assertInvariants();
  });

  test('pain.002 refuses one of three: that one alone is paid anew, under a number and a file of its own', async () => {
    const refused = latest().payouts.find(({ party }) => party === GUANGDONG);
    const status = { number: refused?.number ?? '', status: 'RJCT', reason: 'AC01' };
    expect(await bank.status(latest(), [status])).toMatchObject({ rejected: [refused?.number], findings: [] });
    expect(await bank.status(latest(), [status])).toMatchObject({ rejected: [] });
    await fixture.assertInvariants();
    const again = await send();
    expect(again.payouts).toMatchObject([{ party: GUANGDONG, amount: refused?.amount, retryOf: refused?.number }]);
    await agrees(again);
  });

  test('camt: a booked debit comes back, and is paid anew as well; no number and no file is ever used twice', async () => {
    const paid = runs[0]?.payouts.find(({ party }) => party === HUBEI);
    const booked = { amount: -BigInt(paid?.amount ?? 0), ours: paid?.number ?? '' };
    await bank.import({ ...booked, bankRef: 'B1' });
    await bank.import({ ...booked, amount: -booked.amount, bankRef: 'B2', returned: true });
    await fixture.assertInvariants();
    const again = await send();
    expect(again.payouts).toMatchObject([{ party: HUBEI, amount: paid?.amount, retryOf: paid?.number }]);
    await agrees(again);

    const files = await Promise.all(runs.map(fileOf));
    const all = files.flatMap(numbers);
    expect([all.length, new Set(all).size]).toEqual([5, 5]);
    expect(new Set(files.map((file) => textAt(file, 'CstmrCdtTrfInitn', 'GrpHdr', 'MsgId'))).size).toBe(3);
    // What was refused or came back stays what it was.
    const first = await fixture.client.call('payouts.get', { runId: runs[0]?.runId ?? '' });
    expect(Object.fromEntries(first.payouts.map(({ party, state }) => [party, state]))).toEqual({
      ...{ [HUBEI]: 'returned', [GUANGDONG]: 'rejected', shop_x: 'sent' },
    });
    await fixture.assertInvariants();
  });

  test('the check itself: what is out of order, missing, empty or too long is a fault', () => {
    const { content } = writeTransferBatch({
      ...{ executionDate: '2026-11-30', currency: 'CNY', createdAt: new Date('2026-11-30T01:00:00Z') },
      debtor: { name: 'HQ', account: '1', bic: '' },
      transfers: [{ number: 'PO1', amount: 1n, creditor: { name: '甲', account: '2', bic: '' }, note: 'n' }],
    });
    const faults = (from: string | RegExp, to: string) =>
      pain001Faults(readXml(Buffer.from(content.toString().replace(from, to)))).length;
    expect(faults('', '')).toBe(0);
    expect(faults(/(<MsgId>.*?<\/MsgId>)(<CreDtTm>.*?<\/CreDtTm>)/, '$2$1')).toBe(1);
    expect(faults(/<EndToEndId>.*?<\/EndToEndId>/, '')).toBe(1);
    expect(faults('<PmtMtd>TRF<', '<PmtMtd>XYZ<')).toBe(1);
    expect(faults('<InstrId>PO1<', `<InstrId>${'x'.repeat(36)}<`)).toBe(1);
    expect(faults('>0.01</InstdAmt>', '>0.00</InstdAmt>')).toBe(1);
    expect(faults('<Nm>甲</Nm>', '')).toBeGreaterThan(0);
  });
});
