import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  AgreementsCompared,
  BankEntryView,
  CreditFileReply,
  MatchedItem,
  NumbersCompared,
  PayoutsInReply,
  ProviderInfo,
  ResolveAnswer,
  StatementReply,
} from '@yidian/contracts';
import { RpcClient } from '@yidian/messaging';
import { testDatabase, testRedisUrl, type TestDatabase } from '@yidian/testing';
import { reconciliationConfig } from '../reconciliation.config';
import { schema } from '../schema';
import { startReconciliation, type RunningReconciliation } from '../start-reconciliation';
import { bookAnswers, FakeBook } from './fake-book';
import { TcpPeer } from './tcp-peer';

export const DATE = '2026-11-22';
export const BANK = 'bank_a';

export const contractFee = (amount: bigint): bigint => (amount * 6n + 500n) / 1000n;

export interface Line {
  kind?: 'PAY' | 'REFUND' | 'REVERSAL';
  ref: string;
  txn: string;
  orig?: string;
  amount: bigint;
  fee?: bigint;
}

/** Reconciliation as it runs, between services that answer on real sockets what the test has written down for them. */
export class FakeWorld {
  readonly paymentBook = new FakeBook(DATE);
  readonly creditBook = new FakeBook(DATE);
  statement: string | null = null;
  /** Of the bank, where its files are not its own YD1; they lie here by date. */
  connector: string | null = null;
  readonly files = new Map<string, string>();
  settled: MatchedItem[] = [];
  resolve: (action: string, paymentNo: string) => Pick<ResolveAnswer, 'outcome' | 'paymentState' | 'creditState'> =
    () => ({
      outcome: 'done',
      paymentState: 'completed',
      creditState: 'credited',
    });
  profile: ProviderInfo['profile'] = { waits: { provider_missing: 0 } };
  invariantsOk = true;
  bankEntries: BankEntryView[] = [];
  /** Credit files of branches with their own billing system. */
  readonly provinces = new Map<string, CreditFileReply>();
  pageOfDifferences = 1_000;
  numbers: NumbersCompared = { asked: 0, unanswered: [], same: [], differences: [], next: null };
  /** A page of all numbers of a province. */
  everyNumber: (after: string) => NumbersCompared = () => this.numbers;
  payouts: PayoutsInReply['groups'] = [];
  agreements: AgreementsCompared = { state: 'compared', breaks: [], next: null };
  others: readonly { code: string; statement: () => string | null }[] = [];
  readonly dataDir = mkdtempSync(join(tmpdir(), 'yd-data-'));
  readonly outDir = mkdtempSync(join(tmpdir(), 'yd-out-'));
  database!: TestDatabase;
  running!: RunningReconciliation;
  client!: RpcClient<'reconciliation'>;

  readonly gateway = new TcpPeer<'gateway'>({
    ...bookAnswers(this.paymentBook),
    'providers.list': () => ({
      providers: [
        {
          code: BANK,
          nameZh: '甲银行',
          nameEn: 'Bank A',
          kind: 'bank',
          openDate: this.paymentBook.openDate,
          ...(this.profile ? { profile: this.profile } : {}),
          ...(this.connector === null ? {} : { connector: this.connector }),
        },
        ...this.others.map(({ code }) => ({
          ...{ code, nameZh: code, nameEn: code, kind: 'bank' as const, openDate: this.paymentBook.openDate },
        })),
      ],
    }),
    'statements.fetch': ({ provider, date }) => {
      const other = this.others.find(({ code }) => code === provider);
      if (other) return statementReply(date, other.statement());
      if (this.connector !== null) return statementReply(date, this.files.get(date) ?? null);
      if (this.statement === null || !this.statement.includes(`|${date}|CNY`)) return { state: 'not_ready' };
      return statementReply(date, this.statement);
    },
    'agreements.compare': () => this.agreements,
    'agreement_breaks.decide': () => ({ outcome: 'done' }),
    'payments.resolve': ({ items }) => ({
      items: items.map(({ key, action, paymentNo }) => ({ key, ...this.resolve(action, paymentNo) })),
      queueAgeMs: 0,
    }),
  });
  readonly billing = new TcpPeer<'billing'>({
    ...bookAnswers(this.creditBook),
    'credits.reverse': ({ items }) => ({
      items: items.map(({ key }) => ({ key, outcome: 'posted', replay: false })),
      queueAgeMs: 0,
    }),
    'branches.list': () => ({
      branches: [{ code: '430000', nameZh: '湖南', nameEn: 'Hunan', status: 'open' }],
    }),
    'bss.branches': () => ({ branches: [...this.provinces.keys()] }),
    'bss.credit_file': ({ branch, date, differencesAfter: after = 0 }) => {
      const file = this.provinces.get(branch) ?? fileNotReady(branch, date);
      const end = after + this.pageOfDifferences;
      const differences = file.differences.slice(after, end);
      return { ...file, differences, ...(end < file.differences.length ? { differencesNext: end } : {}) };
    },
    'bss.compare_numbers': ({ every, after }) => (every ? this.everyNumber(after ?? '') : this.numbers),
    'ledger.verify': () => ({ ok: true, checks: [{ name: 'zero_sum', ok: true, detail: '0' }] }),
  });
  readonly settlement = new TcpPeer<'settlement'>({
    'fees.quote': ({ items }) => ({
      items: items.map(({ amount }) => ({ fee: `${contractFee(BigInt(amount))}`, scheduleId: 'fee_bank_a' })),
      queueAgeMs: 0,
    }),
    'provider_days.settle': async ({ provider, date, runId }) => {
      this.settled = [];
      for (let after: string | null = ''; after !== null;) {
        const page: { items: MatchedItem[]; next: string | null } = await this.client.call('items.page', {
          ...{ provider, date, runId, limit: 2 },
          after,
        });
        this.settled.push(...page.items);
        after = page.next;
      }
      const zero = { principal: '0', fees: '0', commissions: '0', suspense: '0' };
      return { batchId: `day-${runId.slice(0, 8)}`, replay: false, ...zero, branches: 1 };
    },
    'resolutions.post': ({ items }) => ({
      items: items.map(({ key }) => ({ key, outcome: 'posted', replay: false })),
      queueAgeMs: 0,
    }),
    'payouts_in.match': ({ provider, asOf }) => ({ provider, asOf, groups: this.payouts, held: '0', clearing: '0' }),
    'bank.unexplained': ({ after }) => {
      const from = after ? this.bankEntries.findIndex(({ entryId }) => entryId === after.entryId) + 1 : 0;
      const entries = this.bankEntries.slice(from, from + 1);
      const [last] = entries;
      return { entries, next: last && from + 1 < this.bankEntries.length ? last : null };
    },
    'differences.post': ({ key }) => ({ key, batchId: `diff-${key.slice(0, 8)}`, replay: false }),
    'positions.get': ({ date }) => ({ date, final: true, openBreaks: 0, rows: [] }),
    'ledger.invariants': () => ({
      ok: this.invariantsOk,
      checks: [{ name: 'M1_zero_sum', ok: this.invariantsOk, detail: '0' }],
      branches: [],
    }),
  });

  /** @param others banks beside the first, each with what it sends for every date */
  async start(others: typeof this.others = []): Promise<void> {
    this.others = others;
    this.database = await testDatabase(schema);
    const [gateway, billing, settlement] = await Promise.all([
      this.gateway.listen(),
      this.billing.listen(),
      this.settlement.listen(),
    ]);
    const at = ({ host, port }: { host: string; port: number }) => `${host}:${port}`;
    this.running = await startReconciliation(
      reconciliationConfig.parse({
        MODE: 'test',
        DATABASE_URL: this.database.url,
        REDIS_URL: testRedisUrl(),
        RPC_PORT: '0',
        HTTP_PORT: '0',
        GATEWAY_RPC: at(gateway),
        BILLING_RPC: at(billing),
        SETTLEMENT_RPC: at(settlement),
        DATA_DIR: this.dataDir,
        OUT_DIR: this.outDir,
        LOG_LEVEL: 'silent',
        CUT_GRACE_MS: '0',
        PULL_EVERY_MS: '200',
        SWEEP_EVERY_MS: '300',
        FETCH_RETRY_MS: '100',
      }),
    );
    this.client = new RpcClient('reconciliation', '127.0.0.1', this.running.rpcPort);
  }

  async stop(): Promise<void> {
    this.client.close();
    await this.running.stop();
    await Promise.all([this.gateway.close(), this.billing.close(), this.settlement.close()]);
    await this.database.close();
  }

  writeStatement(lines: readonly Line[], date = DATE): void {
    const fee = (line: Line) => line.fee ?? ((line.kind ?? 'PAY') === 'PAY' ? contractFee(line.amount) : 0n);
    const details = lines.map((line, n) =>
      ['D', n + 1, line.kind ?? 'PAY', line.ref, line.txn, line.orig ?? '', line.amount, fee(line), 'CNY']
        .concat(`${date}T12:00:00+08:00`, 'SUCCESS')
        .join('|'),
    );
    const sum = lines.reduce((total, line) => total + line.amount, 0n);
    const fees = lines.reduce((total, line) => total + fee(line), 0n);
    this.statement = [`H|YD1|${BANK}|${date}|CNY`, ...details, `T|${lines.length}|${sum}|${fees}`, ''].join('\n');
  }

  /** Runs the night and waits until every step of it has ended. */
  async night(date = DATE): Promise<void> {
    await this.client.call('night.run', { date, actor: 'clerk.a' });
    await this.until(date, (steps) => steps.length > 0 && steps.every((step) => step.state === 'done'));
  }

  async until(date: string, far: (steps: { name: string; state: string; error: string | null }[]) => boolean) {
    const deadline = Date.now() + 15_000;
    for (;;) {
      const { providers } = await this.client.call('night.status', { date });
      const steps = providers.flatMap((day) => day.steps);
      if (far(steps)) return;
      if (Date.now() > deadline) throw new Error(`the night does not end: ${JSON.stringify(steps)}`);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }
}

export const fileNotReady = (branch: string, date: string): CreditFileReply => ({
  ...{ branch, date, state: 'not_ready', version: 0, sha256: '', lines: 0, amount: '0', ours: '0', agrees: false },
  ...{ findings: [], settled: 0, differences: [] },
});

function statementReply(date: string, text: string | null): StatementReply {
  if (text === null) return { state: 'not_ready' };
  const bytes = Buffer.from(text);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { state: 'ready', fileName: `${date}.yd1.txt`, contentBase64: bytes.toString('base64'), sha256 };
}
