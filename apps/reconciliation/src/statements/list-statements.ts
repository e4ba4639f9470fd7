import { Injectable } from '@nestjs/common';
import { RpcException } from '@nestjs/microservices';
import type { StatementItemsReply, StatementsReply, StatementVersion } from '@yidian/contracts';
import { toDigits } from '@yidian/money';
import type { NamedKind } from './statement';
import { StatementRowsStore, type ItemRow } from './statement-rows.store';
import { StatementsStore, type StatementFile } from './statements.store';
import { writtenDifference } from './version-difference';
import { WaitsStore } from './waits.store';

/** What came in for a date, what is waited for, and the lines that stand for themselves. */
@Injectable()
export class ListStatements {
  constructor(
    private readonly store: StatementsStore,
    private readonly waits: WaitsStore,
    private readonly rows: StatementRowsStore,
  ) {}

  async versions(date: string, provider?: string): Promise<StatementsReply> {
    const versions = await this.store.versions(date, provider);
    const waits = (await this.waits.of(date)).filter((wait) => provider === undefined || wait.provider === provider);
    return {
      versions: versions.map(told),
      waits: waits.map(({ provider: code, state, tries, nextAt, deadlineAt, lateAt, detail }) => ({
        ...{ provider: code, state, tries, detail },
        nextAt: nextAt?.toISOString() ?? null,
        deadlineAt: deadlineAt.toISOString(),
        lateAt: lateAt?.toISOString() ?? null,
      })),
    };
  }

  async items(
    provider: string,
    date: string,
    { runId, ...page }: { after: number; limit: number; kind?: NamedKind; runId?: string },
  ): Promise<StatementItemsReply> {
    const file =
      runId === undefined ? await this.store.current(provider, date) : await this.store.ofRun(provider, date, runId);
    if (file === undefined)
      throw new RpcException({ status: 'error', code: 'not_found', message: 'No such run of that day.' });
    if (!file) return { version: null, items: [], next: null };
    const rows = await this.rows.items(file, page.after, page.limit, page.kind);
    const next = rows.length === page.limit ? (rows.at(-1)?.n ?? null) : null;
    return { version: file.version, items: rows.map(itemOf), next };
  }
}

function itemOf({ n, kind, line, ourRef, txnId, origTxnId, amount, fee, currency, state, at }: ItemRow) {
  return {
    ...{ n, kind, line, ourRef, providerTxnId: txnId, origTxnId, currency, state, occurredAt: at },
    amount: toDigits(amount),
    fee: toDigits(fee),
  };
}

function told(file: StatementFile): StatementVersion {
  const { provider, date, version, state, fileName, format, sha256, bytes, source, actor, late, findings } = file;
  const named = Object.entries(file.totals?.named ?? {});
  return {
    ...{ provider, date, version, state, fileName, format, sha256, bytes, source, actor, late, findings },
    fetchedAt: file.fetchedAt.toISOString(),
    lines: file.totals?.lines ?? null,
    unreadable: file.totals?.unreadable ?? null,
    named: Object.fromEntries(named.map(([kind, { lines, amount }]) => [kind, { lines, amount: toDigits(amount) }])),
    difference: file.difference && writtenDifference(file.difference),
  };
}
