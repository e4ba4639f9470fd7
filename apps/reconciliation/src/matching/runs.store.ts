import { Inject, Injectable } from '@nestjs/common';
import type { BreakClass, RunView } from '@yidian/contracts';
import type { Db, Queryable, Row } from '@yidian/database';
import { DB } from '../reconciliation.config';
import type { PriorLine } from './group';
import type { Item } from './result';

export interface Run {
  runId: string;
  provider: string;
  date: string;
  statementVersion: number;
  inputs: RunView['inputs'];
  digest: string;
  counts: RunView['counts'];
  bridges: RunView['bridges'];
  statement: RunView['statement'];
  residual: bigint;
}

/** The same inputs gave other bytes: code, store or clock has entered the result. Nothing of it may be published. */
export class DigestDiffers extends Error {
  override readonly name = 'DigestDiffers';
}

const ROWS = 500;
const ITEM_COLUMNS = `run_id, id, provider, date, kind, class, matched, payment_no, ref_no, provider_txn_id, amount, fee,
  currency, branch, acquiring_branch, channel, partner`;

/** Runs and their items. Plainly matched lines are in sealed segments (MatchedStore); all others are rows. */
@Injectable()
export class RunsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** Written before the run is published, under the run's own name: whoever computes the same inputs writes the same rows. */
  async addItems(runId: string, provider: string, date: string, items: readonly Item[]): Promise<void> {
    const stored = await this.db.select<{ id: string }>('SELECT id FROM match_item WHERE run_id = ?', [runId]);
    const known = new Set(stored.map((row) => row.id));
    const missing = items.filter((item) => !known.has(item.id));
    for (let from = 0; from < missing.length; from += ROWS) {
      const rows = missing
        .slice(from, from + ROWS)
        .map((i) => [
          ...[runId, i.id, provider, date, i.kind, i.class, i.matched ? 1 : 0, i.paymentNo, i.refNo, i.txnId],
          ...[i.amount, i.fee, i.currency, i.branch, i.acquiringBranch, i.channel, i.partner],
        ]);
      await this.db.run(`INSERT INTO match_item (${ITEM_COLUMNS}) VALUES ?`, [rows]);
    }
  }

  /** Makes this run the day's. @throws DigestDiffers */
  async publish(tx: Queryable, run: Run): Promise<void> {
    const [same] = await tx.select<{ digest: string }>('SELECT digest FROM run WHERE run_id = ? FOR UPDATE', [
      run.runId,
    ]);
    if (same && same.digest !== run.digest)
      throw new DigestDiffers(`run ${run.runId} was ${same.digest}, is ${run.digest}`);
    await tx.run("UPDATE run SET state = 'superseded' WHERE provider = ? AND date = ? AND run_id <> ?", [
      run.provider,
      run.date,
      run.runId,
    ]);
    if (same) {
      await tx.run("UPDATE run SET state = 'current' WHERE run_id = ?", [run.runId]);
      return;
    }
    await tx.run(
      `INSERT INTO run (run_id, provider, date, state, statement_version, inputs, digest, counts, bridges, statement,
         residual, created_at) VALUES (?, ?, ?, 'current', ?, ?, ?, ?, ?, ?, ?, NOW(3))`,
      [
        ...[run.runId, run.provider, run.date, run.statementVersion, JSON.stringify(run.inputs), run.digest],
        ...[JSON.stringify(run.counts), JSON.stringify(run.bridges), JSON.stringify(run.statement), run.residual],
      ],
    );
  }

  async current(provider: string, date: string): Promise<Run | null> {
    const [row] = await this.db.select("SELECT * FROM run WHERE provider = ? AND date = ? AND state = 'current'", [
      provider,
      date,
    ]);
    return row ? toRun(row) : null;
  }

  async currentOfDate(date: string): Promise<Run[]> {
    const rows = await this.db.select("SELECT * FROM run WHERE date = ? AND state = 'current' ORDER BY provider", [
      date,
    ]);
    return rows.map(toRun);
  }

  async byId(runId: string): Promise<Run | null> {
    const [row] = await this.db.select('SELECT * FROM run WHERE run_id = ?', [runId]);
    return row ? toRun(row) : null;
  }

  async page(runId: string, after: string, limit: number): Promise<Omit<Item, 'key'>[]> {
    const rows = await this.db.select(
      `SELECT ${ITEM_COLUMNS} FROM match_item WHERE run_id = ? AND id > ? ORDER BY id LIMIT ?`,
      [runId, after, limit],
    );
    return rows.map(toItem);
  }

  /**
   * What rows of earlier dates say of payments of this one: numbers that were given since it began, and transactions that
   * nobody knew.
   */
  async touching(provider: string, date: string): Promise<{ numbers: string[]; refs: string[] }> {
    const firstNumber = date.slice(2).replaceAll('-', '');
    const rows = await this.db.select<{ payment_no: string; provider_txn_id: string }>(
      `SELECT DISTINCT i.payment_no, i.provider_txn_id
       FROM run r JOIN match_item i ON i.run_id = r.run_id AND (i.payment_no = '' OR i.payment_no >= ?)
       WHERE r.provider = ? AND r.date < ? AND r.state = 'current'`,
      [firstNumber, provider, date],
    );
    return {
      numbers: rows.map((row) => row.payment_no).filter(Boolean),
      refs: rows.filter((row) => row.payment_no === '').map((row) => row.provider_txn_id),
    };
  }

  /** Lines of earlier dates, of the runs that stand, for these payments or transactions. */
  async priorLines(
    provider: string,
    before: string,
    by: { paymentNos: readonly string[]; txnIds: readonly string[] },
  ): Promise<PriorLine[]> {
    const found = new Map<string, PriorLine>();
    const look = async (column: 'payment_no' | 'provider_txn_id', values: readonly string[]) => {
      for (let from = 0; from < values.length; from += ROWS) {
        const rows = await this.db.select(
          `SELECT i.id, i.date, i.kind, i.payment_no, i.ref_no, i.provider_txn_id, i.amount
           FROM match_item i JOIN run r ON r.run_id = i.run_id AND r.state = 'current'
           WHERE i.${column} IN (?) AND i.provider = ? AND i.date < ?`,
          [values.slice(from, from + ROWS), provider, before],
        );
        for (const row of rows) found.set(row['id'] as string, toPrior(row));
      }
    };
    await look('payment_no', by.paymentNos);
    await look('provider_txn_id', by.txnIds);
    return [...found.values()].sort((a, b) => (a.itemId < b.itemId ? -1 : 1));
  }
}

function toPrior(row: Row): PriorLine {
  return {
    itemId: row['id'] as string,
    date: row['date'] as string,
    kind: row['kind'] as PriorLine['kind'],
    paymentNo: row['payment_no'] as string,
    refNo: row['ref_no'] as string,
    txnId: row['provider_txn_id'] as string,
    amount: row['amount'] as bigint,
  };
}

function toItem(row: Row): Omit<Item, 'key'> {
  return {
    id: row['id'] as string,
    kind: row['kind'] as Item['kind'],
    class: row['class'] as BreakClass,
    matched: row['matched'] === 1,
    paymentNo: row['payment_no'] as string,
    refNo: row['ref_no'] as string,
    txnId: row['provider_txn_id'] as string,
    amount: row['amount'] as bigint,
    fee: row['fee'] as bigint,
    currency: row['currency'] as string,
    branch: row['branch'] as string,
    acquiringBranch: row['acquiring_branch'] as string,
    channel: row['channel'] as string,
    partner: row['partner'] as string,
  };
}

function toRun(row: Row): Run {
  const read = <T>(column: string) => JSON.parse(row[column] as string) as T;
  return {
    runId: row['run_id'] as string,
    provider: row['provider'] as string,
    date: row['date'] as string,
    statementVersion: row['statement_version'] as number,
    inputs: read('inputs'),
    digest: row['digest'] as string,
    counts: read('counts'),
    bridges: read('bridges'),
    statement: read('statement'),
    residual: row['residual'] as bigint,
  };
}
