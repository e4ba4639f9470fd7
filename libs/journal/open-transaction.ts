import type { Row } from '@yidian/database';
import { batchHash, bodyHash } from './chain';
import { factRow, factSql, type FactInput, type FactRow } from './fact';
import type { LaneTx, Statement } from './lane-body';
import type { LaneSession } from './lane-session';

/** No book_day row for this provider in the map of the batch. */
export class UnknownProvider extends Error {
  override readonly name = 'UnknownProvider';
}

/** A write that a batch leaves for its last packet, and how many rows it must match. */
export interface PendingWrite {
  statement: Statement;
  expect?: number;
  /** Another number of rows means that the body knew old ones, not that it is wrong. */
  orAgain?: true;
}

/** Where the lane stands once the transaction commits. */
export interface Advance {
  seq: bigint;
  batchNo: bigint;
  head: Buffer;
}

/** What the body sees and fills while the lane's transaction is open. */
export class OpenTransaction implements LaneTx {
  readonly laneId: number;
  readonly batchNo: bigint;
  readonly slot: number;
  stored = 0;
  private readonly facts: FactRow[] = [];
  /** Whatever the batch hash covers, as SQL. */
  private readonly rows: string[] = [];
  private readonly writes: PendingWrite[] = [];
  private touched = false;
  private sealed = false;

  constructor(
    private readonly session: LaneSession,
    readonly now: Date,
  ) {
    this.laneId = session.laneId;
    this.slot = session.slot;
    this.batchNo = session.batchNo + 1n;
    session.connection.forgetRows();
  }

  async select<T extends Row = Row>(sql: string, params: readonly unknown[] = []): Promise<T[]> {
    this.assertOpen();
    return this.session.connection.select<T>(sql, params);
  }

  async run(sql: string, params: readonly unknown[] = []): Promise<number> {
    this.touch();
    return this.session.connection.run(sql, params);
  }

  bookDate(provider: string): string {
    const date = this.session.days.openDates.get(provider);
    if (date === undefined) throw new UnknownProvider(`no open book for provider ${provider}`);
    return date;
  }

  addFacts(facts: readonly FactInput[]): void {
    for (const fact of facts) {
      this.touch();
      const seq = this.session.seq + BigInt(this.facts.length) + 1n;
      const bookDate = this.bookDate(fact.provider);
      this.facts.push(factRow(fact, this.laneId, seq, bookDate));
      this.rows.push(factSql(fact, this.laneId, seq, bookDate));
    }
  }

  hash(row: string): void {
    this.touch();
    this.rows.push(row);
  }

  write(statement: Statement, expect?: number): void {
    this.touch();
    this.writes.push({ statement, ...(expect === undefined ? {} : { expect }) });
  }

  insert(table: string, rows: readonly object[], empty?: Readonly<Record<string, unknown>>, hex?: string): void {
    if (rows.length === 0) return;
    this.touch();
    const statement = this.session.connection.insertion(table, rows, empty, hex);
    this.writes.push({ statement, expect: rows.length });
  }

  writeIfUnmoved(statement: Statement, expect: number): void {
    this.touch();
    this.writes.push({ statement, expect, orAgain: true });
  }

  foundStored(count: number): void {
    this.stored = count;
  }

  /** After this no statement of a straggling body can reach the connection, where it would commit by itself. */
  end(): void {
    this.sealed = true;
  }

  /** The last packet's writes, the lane's own move last; a batch that changed nothing is a beat. */
  seal(): { writes: PendingWrite[]; advance: Advance | undefined } {
    this.assertOpen();
    this.end();
    if (!this.touched) return { writes: [this.moveLane(this.session)], advance: undefined };
    const { prev, link, advance } = this.link();
    const batch: PendingWrite = {
      statement: {
        sql: `INSERT INTO batch (lane_id, batch_no, first_seq, n, body_hash, prev, hash, anchor_n) VALUES (?)`,
        params: [[this.laneId, this.batchNo, link.firstSeq, link.n, link.body, prev, advance.head, link.anchorN]],
      },
      expect: 1,
    };
    return { writes: [...this.writes, ...this.factWrites(), batch, this.moveLane(advance)], advance };
  }

  private link() {
    const { session } = this;
    const link = {
      prev: session.head,
      laneId: this.laneId,
      batchNo: this.batchNo,
      firstSeq: session.seq + 1n,
      n: this.facts.length,
      body: bodyHash(this.rows),
      anchorN: session.anchor.n,
      anchorHash: session.anchor.hash,
    };
    const seq = session.seq + BigInt(this.facts.length);
    return { prev: session.head, link, advance: { seq, batchNo: this.batchNo, head: batchHash(link) } };
  }

  private factWrites(): PendingWrite[] {
    if (this.facts.length === 0) return [];
    return [{ statement: this.session.connection.insertion('fact', this.facts), expect: this.facts.length }];
  }

  /** The guard: matches only while the lane is ours, open, and no younger epoch was acknowledged. */
  private moveLane(to: Advance): PendingWrite {
    const { laneId, session } = this;
    return {
      statement: {
        sql: `UPDATE lane SET seq = ?, batch_no = ?, head = ?, day_epoch = ?, beat = beat + 1, beat_at = NOW(3)
          WHERE lane_id = ? AND state = 'open' AND batch_no = ? AND day_epoch <= ?`,
        params: [to.seq, to.batchNo, to.head, session.days.epoch, laneId, session.batchNo, session.days.epoch],
      },
    };
  }

  private touch(): void {
    this.assertOpen();
    this.touched = true;
  }

  private assertOpen(): void {
    if (this.sealed) throw new Error('the batch is over: a body must await all it starts');
  }
}
