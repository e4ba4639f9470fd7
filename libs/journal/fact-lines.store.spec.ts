import { FACT_LINE } from '@yidian/contracts';
import { connectionOptions } from '@yidian/database';
import { factText, readFacts, testDatabase, type FactRecord, type TestDatabase } from '@yidian/testing';
import mysql from 'mysql2/promise';
import { Books } from './books';
import { FACT_COLUMNS } from './fact';
import { journalPlan } from './journal-fixture';

const AS_THEY_ARE: FactRecord = {
  laneId: 7,
  seq: '1',
  provider: 'bank_a',
  bookDate: '2026-11-28',
  businessDate: null,
  kind: 'paid',
  paymentNo: '26112800000000000001',
  refNo: '2611280000000000000101',
  providerTxnId: 'T1',
  amount: '9223372036854775807',
  currency: 'CNY',
  branch: '420000',
  acquiringBranch: '440000',
  channel: 'partner_api',
  partner: 'demo_shop',
  occurredAt: '2026-11-28T03:04:05.678Z',
};

/** What a provider may put into a number of its own. */
const STRANGE = [
  '',
  ' ',
  '\t',
  '\n',
  '\\',
  '\\N',
  'a\tb\nc\\d\\\\te',
  '\\t',
  '\r\n',
  '\0',
  '\x1a',
  `'";--`,
  '银联😀',
  '?',
];

describe('facts as lines', () => {
  let database: TestDatabase;
  let admin: mysql.Connection;
  let books: Books;
  beforeAll(async () => {
    database = await testDatabase(journalPlan);
    admin = await mysql.createConnection(connectionOptions(database.adminUrl));
    books = new Books(database.db);
  });
  afterAll(async () => {
    await admin.end();
    await database.close();
  });

  async function store(facts: readonly FactRecord[]): Promise<void> {
    const rows = facts.map(({ occurredAt, ...fact }) => [
      ...[
        fact.laneId,
        fact.seq,
        fact.provider,
        fact.bookDate,
        fact.businessDate,
        fact.kind,
        fact.paymentNo,
        fact.refNo,
      ],
      ...[
        fact.providerTxnId,
        fact.amount,
        fact.currency,
        fact.branch,
        fact.acquiringBranch,
        fact.channel,
        fact.partner,
      ],
      new Date(occurredAt),
    ]);
    await admin.query(`INSERT INTO fact (${FACT_COLUMNS}) VALUES ?`, [rows]);
  }

  test('the columns of a line are those of a fact, in their order', () => {
    expect(FACT_LINE.join()).toBe(FACT_COLUMNS.replace(/\s/g, ''));
  });

  test('a line says what the row says, whatever stands in it', async () => {
    const facts = STRANGE.flatMap((text, place) => [
      { ...AS_THEY_ARE, seq: `${2 * place + 1}`, refNo: text, businessDate: place % 2 ? '2026-11-27' : null },
      { ...AS_THEY_ARE, seq: `${2 * place + 2}`, paymentNo: text, providerTxnId: text, partner: text, amount: '-5' },
    ]);
    await store(facts);
    const page = await books.pull(7, 0n, 100);
    expect(readFacts(page)).toEqual(facts);
    expect(page.text).toBe(factText(facts));
    expect(page).toMatchObject({ fromSeq: '1', toSeq: `${facts.length}`, n: facts.length });
    expect(page.text.split('\n')).toHaveLength(facts.length + 1);
  });

  test('the same facts are the same text whatever page they came in', async () => {
    const one = await books.pull(7, 0n, 100);
    const pieces = [await books.pull(7, 0n, 3), await books.pull(7, 3n, 100)];
    expect(pieces.map(({ text }) => text).join('')).toBe(one.text);
  });

  test('every column that holds text of somebody is escaped', async () => {
    const nasty = 'a\t\n\\';
    const fact = { ...AS_THEY_ARE, laneId: 8, provider: nasty, kind: nasty as never, branch: nasty };
    await store([{ ...fact, acquiringBranch: nasty, channel: nasty, partner: nasty, currency: '\t\n\\' }]);
    const [read] = readFacts(await books.pull(8, 0n, 1));
    expect(read).toEqual({ ...fact, acquiringBranch: nasty, channel: nasty, partner: nasty, currency: '\t\n\\' });
  });
});
