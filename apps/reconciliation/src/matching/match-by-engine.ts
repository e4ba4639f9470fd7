import { Inject, Injectable } from '@nestjs/common';
import type { Archive } from '@yidian/archive';
import { RaiseAlarm } from '../alarms/raise-alarm';
import { HashKeyStore } from '../books/hash-key.store';
import { MatchScratch } from '../books/match-scratch';
import { SealBooks } from '../books/seal-books';
import { ARCHIVE } from '../statements/fetch-statement';
import type { TellProgress } from '../close/step-work';
import type { StatementTotals } from '../statements/statement';
import { EngineLooks } from './engine-looks';
import { workersFor } from './engine/engine-pool';
import { MatchEngine, type EngineResult } from './engine/match-engine';
import type { PlainPart } from './engine/plain-part';
import { withPlain } from './engine/plain-groups';
import type { Inputs } from './gather-inputs';
import { JudgeDay, withUnreadable } from './judge-day';
import { LoadDay, type LoadedDay } from './load-day';
import type { DayMatch } from './match-day';

export interface MatchedDay {
  result: DayMatch;
  loaded: LoadedDay;
  /** Plainly matched lines that are no items of the result, and where their parts lie. */
  plain?: { part: PlainPart; folder: string };
}

/**
 * A day through the matching engine: books from sealed segments, the statement straight from the archived file; only what is
 * not plain is looked up in the database and judged by the tables.
 */
@Injectable()
export class MatchByEngine {
  constructor(
    private readonly seal: SealBooks,
    private readonly scratch: MatchScratch,
    private readonly key: HashKeyStore,
    private readonly day: LoadDay,
    private readonly judge: JudgeDay,
    private readonly looks: EngineLooks,
    private readonly alarm: RaiseAlarm,
    @Inject(ARCHIVE) private readonly archive: Archive,
  ) {}

  /**
   * Null for a day that is not for the engine: another format, a file whose header or trailer is out of its place, books from
   * before there were segments.
   */
  async execute(inputs: Inputs, tell?: TellProgress): Promise<MatchedDay | null> {
    const { provider, date, file, carried, gateway, billing } = inputs;
    if (file.format !== 'YD1' || file.archivePath === '') return null;
    const archived = { path: file.archivePath, sha256: file.sha256 };
    const folder = await this.scratch.of(provider, date);
    const hashKey = await this.key.get();
    const books = [await this.seal.execute(provider, date, gateway), await this.seal.execute(provider, date, billing)];
    if (!books[0] || !books[1]) return null;
    const engine = new MatchEngine({
      ...{ provider, date, folder, hashKey, books: [books[0], books[1]] },
      statement: { path: await this.archive.local(archived), sha256: file.sha256 },
      touched: await this.looks.touched(provider, date, carried),
      fees: this.looks.fees(provider, date),
      workers: workersFor(inputs.totals.lines),
      share: (share) => tell?.(Math.floor(share * inputs.totals.lines), inputs.totals.lines),
    });
    const [matched] = await Promise.all([engine.run(), this.whole(archived)]);
    if (!(await this.agrees(inputs, matched))) return null;
    const { lines, numbers, plain, unreadable } = matched;
    const loaded = await this.day.execute(provider, date, lines, { gateway, billing }, carried, numbers);
    const judged = await this.judge.execute(inputs, loaded);
    const result = withUnreadable(withPlain(judged, plain), inputs, unreadable);
    return { result, loaded, plain: { part: plain, folder } };
  }

  /** That the file is the archived one is known at its end. */
  private async whole(archived: Parameters<Archive['stream']>[0]): Promise<void> {
    for await (const chunk of this.archive.stream(archived)) void chunk;
  }

  /** The engine's own reader must have read what the format's reader read. */
  private async agrees({ provider, date, totals }: Inputs, { totals: own, faults }: EngineResult): Promise<boolean> {
    if (faults.length > 0) return false;
    if (told(own) === told(totals)) return true;
    const detail = `the engine read ${told(own)}, the reader of the format ${told(totals)}`;
    await this.alarm.execute({ kind: 'engine_differs', provider, date, detail });
    return false;
  }
}

const told = ({ lines, unreadable, payments, returns, fees, unread, unreadFees }: StatementTotals): string =>
  [lines, unreadable, payments, returns, fees, unread, unreadFees].join(' ');
