import { definition } from '@yidian/connectors/bank-direct';
import type { StatementLine } from '@yidian/connectors/contract';
import Fastify from 'fastify';
import { Readable } from 'node:stream';
import { statementFile } from './statement';
import { statementRoutes } from './statement.routes';
import { inFormat, type FileKind } from './statement-formats';

const DATE = '2026-11-23';
const base = { origTxnId: '', at: '2026-11-23T04:00:00Z' };
const YD1 = statementFile('bank_a', DATE, [
  { ...base, kind: 'PAY', ourNo: '2611224321500731004201', txnId: 'T1', amount: 5000n, fee: 19n },
  { ...base, kind: 'PAY', ourNo: '2611224321500731004301', txnId: 'T2', amount: 10_001n, fee: 0n },
  { ...base, kind: 'REFUND', ourNo: '26112243215007310042R01', txnId: 'T3', amount: -2000n, fee: 0n },
  { ...base, kind: 'REVERSAL', ourNo: '26112243215007310043V01', txnId: 'T4', amount: -10_001n, fee: 0n },
]);

async function read(kind: FileKind) {
  const bytes = Buffer.from(inFormat(YD1 ?? '', kind));
  const format = definition.formats.find((one) => one.recognises(bytes, { fileName: '' }));
  const lines: StatementLine[] = [];
  const findings: string[] = [];
  const sink = {
    line: (line: StatementLine) => void lines.push(line),
    finding: ({ reason }: { reason: string }) => void findings.push(reason),
  };
  const totals = await format?.read(Readable.from([bytes]), sink, { fileName: '', date: DATE });
  return { lines, findings, totals };
}

const told = ({ kind, ourNumber, providerTxnId, amount }: StatementLine) => [kind, ourNumber, providerTxnId, amount];

test('one day in three formats says the same of every order', async () => {
  const yd1 = await read('yd1');
  const camt = await read('camt053');
  const mt = await read('mt940');
  for (const { findings, totals } of [yd1, camt, mt]) {
    expect(findings).toEqual([]);
    expect(totals?.agrees).toBe(true);
  }
  expect(camt.lines.map(told)).toEqual(yd1.lines.map(told));
  expect(camt.lines.map(({ fee }) => fee)).toEqual(yd1.lines.map(({ fee }) => fee));
  expect(mt.lines.filter(({ kind }) => kind !== 'FEE').map(told)).toEqual(yd1.lines.map(told));
  expect(mt.lines.filter(({ kind }) => kind === 'FEE').map(({ amount }) => amount)).toEqual([-19n]);
});

test('the bank shows them by name once the day is over', async () => {
  const app = Fastify();
  statementRoutes(app, { date: '2026-11-24', cut: () => undefined, statement: (date) => (date === DATE ? YD1 : null) });
  const get = async (name: string) => await app.inject(`/v1/statement-files/${name}`);
  expect((await get(`camt053_${DATE}`)).body).toContain('<BkToCstmrStmt>');
  expect((await get(`mt940_${DATE}`)).body).toContain(':62F:');
  expect((await get(`yd1_${DATE}`)).body).toBe(YD1);
  expect((await get('camt053_2026-11-24')).json()).toEqual({ code: 'not_ready' });
  expect((await get('camt053_2026-11-20')).json()).toEqual({ code: 'none_today' });
  expect((await get('xls_2026-11-23')).statusCode).toBe(400);
  await app.close();
});
