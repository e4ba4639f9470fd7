import { Inject, Injectable } from '@nestjs/common';
import type { Archive } from '@yidian/archive';
import type { bssCreditFile, CreditFileLine, CreditFileReply } from '@yidian/contracts';
import { toDigits } from '@yidian/money';
import type { z } from 'zod';
import { OrdersStore } from '../orders/orders.store';
import { ARCHIVE } from './archive';
import { readCreditFile, type CreditLine } from './credit-file-format';
import { CreditFilesStore, type CreditFileRow } from './credit-files.store';
import { FetchCreditFile } from './fetch-credit-file';

const DIFFERENCES = 1_000;
const PAGE = 500;

/** A province's file of a date, with what was found in it; and its lines, page by page, from the archived bytes. */
@Injectable()
export class ShowCreditFile {
  constructor(
    @Inject(ARCHIVE) private readonly archive: Archive,
    private readonly fetch: FetchCreditFile,
    private readonly files: CreditFilesStore,
    private readonly orders: OrdersStore,
  ) {}

  /** @throws Problem not_found */
  async execute(asked: z.output<typeof bssCreditFile>): Promise<CreditFileReply> {
    const { branch, date, refetch, after, limit = PAGE, differencesAfter } = asked;
    const row = await this.fetch.execute(branch, date, refetch);
    if (row === 'unreachable' || row.state === 'wanted') return nothing(branch, date, 'unreachable');
    if (row.state === 'not_ready') return nothing(branch, date, 'not_ready');
    const found = await this.files.differences(row, differencesAfter, DIFFERENCES + 1);
    const differences = found.slice(0, DIFFERENCES);
    return {
      branch,
      date,
      state: row.state,
      version: row.version,
      sha256: row.sha256,
      lines: row.lines,
      amount: toDigits(row.amount),
      ours: toDigits(await this.orders.sumDoneOn(branch, date)),
      agrees: row.agrees,
      findings: await this.files.findings(row),
      settled: row.settled,
      differences: differences.map(({ ourAmount, theirAmount, ...one }) => ({
        ...one,
        ourAmount: ourAmount === null ? null : toDigits(ourAmount),
        theirAmount: theirAmount === null ? null : toDigits(theirAmount),
      })),
      ...(found.length > DIFFERENCES ? { differencesNext: differencesAfter + DIFFERENCES } : {}),
      ...(after === undefined || row.state !== 'ready' ? {} : { page: await this.page(row, after, limit) }),
    };
  }

  private async page(row: CreditFileRow, after: number, limit: number): Promise<NonNullable<CreditFileReply['page']>> {
    const lines: CreditLine[] = [];
    let more = false;
    await readCreditFile(await this.archive.get(row), row, {
      finding: () => undefined,
      line: (line) => {
        if (line.offset < after) return;
        if (lines.length < limit) lines.push(line);
        else more = true;
      },
    });
    return { lines: lines.map(lineView), next: more ? (lines.at(-1)?.next ?? null) : null };
  }
}

function nothing(branch: string, date: string, state: 'unreachable' | 'not_ready'): CreditFileReply {
  const none = {
    version: 0,
    sha256: '',
    lines: 0,
    amount: '0',
    ours: '0',
    agrees: false,
    findings: [],
    settled: 0,
    differences: [],
  };
  return { branch, date, state, ...none };
}

const lineView = ({ kind, reference, theirId, amount, at }: CreditLine): CreditFileLine => ({
  kind,
  reference,
  theirId,
  amount: toDigits(amount),
  at: at.toISOString(),
});
