import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DirectoryArchive } from '@yidian/archive';
import { CopyStatement } from '../statements/copy-statement';
import { ReadStatement } from '../statements/read-statement';
import type { StatementLine, StatementTotals } from '../statements/statement';
import type { StatementFile } from '../statements/statements.store';
import { readAll } from '../testing/read-all';
import { buildBridges } from './bridge';
import type { CaseOptions } from './case';
import { FORMATS, type FormatCase } from './each-format.cases';
import { EngineStage, judged } from './engine/engine-stage';
import { MatchEngine, type EngineOrder } from './engine/match-engine';
import { contractFee, DAY, PROVIDER, type History } from './histories';
import { CLEAN, DAMAGE, write } from './histories.cases';
import { matchDay, type DayMatch } from './match-day';

/** What a format can say of a day: fund flows and banks name no refund of ours by its number alone, all name a payment. */
const EVERYTHING = [...Object.keys(CLEAN), ...Object.keys(DAMAGE)].filter((name) => name !== 'currency_mismatch');

const aDay = (): History =>
  write(
    EVERYTHING.flatMap((name, n) => [[name, 5_000n + BigInt(n)] as [string, bigint], ['completed', 700n + BigInt(n)]]),
  );

const optionsOf = ({ feeless = false }: FormatCase): CaseOptions => ({
  ...{ provider: PROVIDER, date: DAY, feeTolerance: 1n, waits: {}, allowsReturns: false },
  quote: ({ amount }) => (feeless ? undefined : contractFee(amount)),
});

const byId = <T extends { id: string }>(all: readonly T[]): T[] => [...all].sort((a, b) => (a.id < b.id ? -1 : 1));

describe.each(Object.entries(FORMATS))(
  '%s: the engine says what the tables say of all lines at once',
  (_name, format) => {
    let folder: string;
    let stage: EngineStage;
    const options = optionsOf(format);
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'yd-format-'));
      stage = new EngineStage();
    });
    afterEach(() => {
      stage.close();
      rmSync(folder, { recursive: true });
    });

    const archived = async (read: ReadStatement, archive: DirectoryArchive, lines: readonly StatementLine[]) => {
      const { path, sha256 } = await archive.put([PROVIDER, DAY, format.fileName], format.file(lines));
      const file = { provider: PROVIDER, date: DAY, fileName: format.fileName, sha256, archivePath: path };
      return { file: file as StatementFile, whole: await readAll(read, file, format.connector) };
    };

    const engine = async (day: History, lines: readonly StatementLine[], more: Partial<EngineOrder> = {}) => {
      const archive = new DirectoryArchive(join(folder, 'archive'));
      const read = new ReadStatement(archive);
      const { file, whole } = await archived(read, archive, lines);
      const copy = await new CopyStatement(read).execute(file, format.connector, folder);
      const order = await stage.order(day, []);
      const { path, sha256 } = copy.files.lines;
      const matched = await new MatchEngine({
        ...{ ...order, statement: { path, sha256, copy: copy.files } },
        fees: (asked) =>
          Promise.resolve(asked.map(({ amount }) => (format.feeless ? null : Number(contractFee(BigInt(amount)))))),
        ...more,
      }).run();
      return { whole, copy, matched, result: judged(day, matched, options) };
    };

    const bridges = (day: History, totals: StatementTotals, { parts }: DayMatch) => {
      const sum = (service: string, ...kinds: string[]) =>
        day.facts
          .filter((fact) => fact.service === service && kinds.includes(fact.kind) && fact.bookDate === DAY)
          .reduce((total, fact) => total + fact.amount, 0n);
      const paid = sum('gateway', 'paid');
      const returned = sum('gateway', 'refunded', 'reversed', 'returned');
      return buildBridges(parts, totals, { paid, returned, credited: sum('billing', 'credited') });
    };

    test('every history and every damage among plain payments: the same findings with their lines, counts and bridges', async () => {
      const day = aDay();
      const { whole, copy, matched, result } = await engine(day, day.lines);
      const { facts, prior } = day;
      const classic = matchDay(
        { provider: PROVIDER, date: DAY, lines: whole.lines, facts, prior, carried: [] },
        options,
      );
      expect(whole.findings).toEqual([]);
      expect(copy.totals).toEqual(whole.totals);
      expect(copy.unreadable).toEqual(whole.unreadable);
      expect(matched.plain.count).toBeGreaterThanOrEqual(EVERYTHING.length);
      expect(result.counts).toEqual(classic.counts);
      expect(byId(result.findings)).toEqual(byId(classic.findings));
      expect(result.findings.length).toBeGreaterThan(20);
      const slow = new Set(result.items.map(({ id }) => id));
      expect(byId(result.items)).toEqual(byId(classic.items.filter(({ id }) => slow.has(id))));
      expect(result.items.length + matched.plain.count).toBe(classic.items.length);
      const both = [result, classic].map((one) => bridges(day, whole.totals, one));
      expect(both[0]).toEqual(both[1]);
      expect(both[0]?.map(({ residual }) => residual)).toEqual(['0', '0', '0', '0']);
    });

    test('lines in another order, other partitions, another number of workers: the same digest', async () => {
      const day = aDay();
      const before = await engine(day, day.lines);
      const turned = await engine(day, [...day.lines].reverse(), { bits: 4, workers: { count: 3, threads: false } });
      expect(turned.result.digest).toBe(before.result.digest);
      expect(turned.matched.plain.digest).toBe(before.matched.plain.digest);
    });
  },
);
