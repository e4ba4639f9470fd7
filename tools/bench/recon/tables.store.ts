import { Readable } from 'node:stream';
import { connectionOptions } from '@yidian/database';
import mysql from 'mysql2/promise';
import type { BookService, Fact } from '../../../apps/reconciliation/src/books/fact';
import type { FactKind } from '@yidian/contracts';
import { ROW_COLUMNS } from './row-packets';

const VALUES = 500;

/** As the sources keep their facts, with the index by payment number that a comparison in SQL needs. */
const FACT_TABLE = `(
  lane_id INT NOT NULL, seq BIGINT NOT NULL, provider VARCHAR(32) NOT NULL, book_date DATE NOT NULL, business_date DATE NULL,
  kind VARCHAR(20) NOT NULL, payment_no VARCHAR(32) NOT NULL, ref_no VARCHAR(40) NOT NULL, provider_txn_id VARCHAR(64) NOT NULL,
  amount BIGINT NOT NULL, currency CHAR(3) NOT NULL, branch VARCHAR(6) NOT NULL, acquiring_branch VARCHAR(6) NOT NULL,
  channel VARCHAR(16) NOT NULL, partner VARCHAR(32) NOT NULL, occurred_at DATETIME(3) NOT NULL,
  PRIMARY KEY (lane_id, seq), KEY payment (payment_no)
) CHARSET=utf8mb4 COLLATE=utf8mb4_bin`;

const FACT_COLUMNS = `lane_id, seq, provider, book_date, business_date, kind, payment_no, ref_no, provider_txn_id, amount, currency,
  branch, acquiring_branch, channel, partner, occurred_at`;

/** The sources' tables of the bench, and the statement as SQL would compare it. */
export class ReconTables {
  private constructor(
    private readonly url: string,
    private readonly schema: string,
    private readonly connections: readonly [mysql.Connection, mysql.Connection],
  ) {}

  static async open(adminUrl: string, schema = 'bench_recon'): Promise<ReconTables> {
    const open = async () => {
      const options = {
        ...connectionOptions(adminUrl),
        database: undefined,
        flags: ['LOCAL_FILES'],
        dateStrings: true,
      };
      const connection = await mysql.createConnection(options);
      await connection.query(`CREATE DATABASE IF NOT EXISTS ${schema}`);
      await connection.query(`USE ${schema}`);
      await connection.query('SET SESSION sql_log_bin = 0, unique_checks = 0, foreign_key_checks = 0');
      return connection;
    };
    return new ReconTables(adminUrl, schema, [await open(), await open()]);
  }

  async create(): Promise<void> {
    for (const service of ['gateway', 'billing'])
      await this.connections[0].query(`CREATE TABLE ${service}_fact ${FACT_TABLE}`);
    await this.connections[0].query(`CREATE TABLE statement_line (
      n INT NOT NULL, kind VARCHAR(10) NOT NULL, payment_no VARCHAR(32) NOT NULL, our_ref VARCHAR(40) NOT NULL,
      provider_txn_id VARCHAR(64) NOT NULL, orig_txn_id VARCHAR(64) NOT NULL, amount BIGINT NOT NULL, fee BIGINT NOT NULL,
      currency CHAR(3) NOT NULL, at VARCHAR(32) NOT NULL, state VARCHAR(16) NOT NULL,
      PRIMARY KEY (n), KEY payment (payment_no)
    ) CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  }

  async drop(): Promise<void> {
    await this.connections[0].query(`DROP DATABASE ${this.schema}`);
  }

  /** Of connections made from now on: who reads millions of rows is woken for 64 KiB, not for 16. */
  async sendMore(): Promise<void> {
    await this.connections[0].query('SET GLOBAL net_buffer_length = 65536');
  }

  /** One service on each connection. */
  async loadFacts(service: BookService, texts: AsyncIterable<Uint8Array>): Promise<void> {
    await this.connections[service === 'gateway' ? 0 : 1].query({
      sql: `LOAD DATA LOCAL INFILE 'facts' INTO TABLE ${service}_fact CHARACTER SET utf8mb4 (${FACT_COLUMNS})`,
      infileStreamFactory: () => Readable.from(texts, { objectMode: true }),
    } as mysql.QueryOptions);
  }

  /** Everything that one source holds, in the order in which it lies. */
  source(service: BookService): { url: string; sql: string } {
    return { url: this.url, sql: `SELECT ${ROW_COLUMNS} FROM ${this.schema}.${service}_fact FORCE INDEX (PRIMARY)` };
  }

  /** All facts of these payments. */
  async factsOf(numbers: readonly string[]): Promise<Fact[]> {
    const found = await Promise.all(
      (['gateway', 'billing'] as const).map((service) => this.factsOfOne(service, numbers)),
    );
    return found.flat();
  }

  private async factsOfOne(service: BookService, numbers: readonly string[]): Promise<Fact[]> {
    const found: Fact[] = [];
    for (let from = 0; from < numbers.length; from += VALUES) {
      const [rows] = await this.connections[service === 'gateway' ? 0 : 1].query<mysql.RowDataPacket[]>(
        `SELECT ${FACT_COLUMNS} FROM ${service}_fact WHERE payment_no IN (?)`,
        [numbers.slice(from, from + VALUES)],
      );
      found.push(...rows.map((row) => toFact(service, row)));
    }
    return found;
  }

  /** As a team would do it in SQL: the file in, then each question a join by index. @returns what each question counts */
  async compare(
    statement: AsyncIterable<Uint8Array>,
    told: (question: string) => void,
  ): Promise<Record<string, number>> {
    const [connection] = this.connections;
    await connection.query({
      sql: `LOAD DATA LOCAL INFILE 'statement' INTO TABLE statement_line CHARACTER SET utf8mb4
            FIELDS TERMINATED BY '|' IGNORE 1 LINES
            (@d, n, kind, @ref, provider_txn_id, orig_txn_id, amount, fee, currency, at, state)
            SET our_ref = @ref, payment_no = LEFT(@ref, 20)`,
      infileStreamFactory: () => Readable.from(statement, { objectMode: true }),
    } as mysql.QueryOptions);
    told('loaded');
    const counts: Record<string, number> = {};
    for (const [name, sql] of Object.entries(QUESTIONS)) {
      const [rows] = await connection.query<mysql.RowDataPacket[]>(sql);
      counts[name] = Number(rows[0]?.['n']);
      told(name);
    }
    return counts;
  }

  async close(): Promise<void> {
    await Promise.all(this.connections.map((connection) => connection.end()));
  }
}

const QUESTIONS: Readonly<Record<string, string>> = {
  statement_only: `SELECT COUNT(*) AS n FROM statement_line s LEFT JOIN gateway_fact g ON g.payment_no = s.payment_no AND g.kind = 'paid'
    WHERE s.kind = 'PAY' AND g.payment_no IS NULL`,
  book_only: `SELECT COUNT(*) AS n FROM gateway_fact g LEFT JOIN statement_line s ON s.payment_no = g.payment_no AND s.kind = 'PAY'
    WHERE g.kind = 'paid' AND s.payment_no IS NULL`,
  uncredited: `SELECT COUNT(*) AS n FROM gateway_fact g LEFT JOIN billing_fact b ON b.payment_no = g.payment_no AND b.kind = 'credited'
    WHERE g.kind = 'paid' AND b.payment_no IS NULL`,
  unpaid_credit: `SELECT COUNT(*) AS n FROM billing_fact b LEFT JOIN gateway_fact g ON g.payment_no = b.payment_no AND g.kind = 'paid'
    WHERE b.kind = 'credited' AND g.payment_no IS NULL`,
  differing: `SELECT COUNT(*) AS n FROM statement_line s JOIN gateway_fact g ON g.payment_no = s.payment_no AND g.kind = 'paid'
    JOIN billing_fact b ON b.payment_no = s.payment_no AND b.kind = 'credited'
    WHERE s.kind = 'PAY' AND (s.amount <> g.amount OR g.amount <> b.amount OR g.branch <> b.branch
      OR (g.provider_txn_id <> '' AND g.provider_txn_id <> s.provider_txn_id))`,
  repeated: `SELECT COUNT(*) AS n FROM (SELECT payment_no FROM statement_line WHERE kind = 'PAY' GROUP BY payment_no HAVING COUNT(*) > 1) d`,
};

function toFact(service: BookService, row: mysql.RowDataPacket): Fact {
  const text = (name: string) => String(row[name]);
  return {
    service,
    laneId: Number(row['lane_id']),
    seq: BigInt(text('seq')),
    provider: text('provider'),
    bookDate: text('book_date'),
    businessDate: null,
    kind: text('kind') as FactKind,
    paymentNo: text('payment_no'),
    refNo: text('ref_no'),
    providerTxnId: text('provider_txn_id'),
    amount: BigInt(text('amount')),
    currency: text('currency'),
    branch: text('branch'),
    acquiringBranch: text('acquiring_branch'),
    channel: text('channel'),
    partner: text('partner'),
    occurredAt: text('occurred_at'),
  };
}
