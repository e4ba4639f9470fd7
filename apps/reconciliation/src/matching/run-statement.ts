import { Inject, Injectable } from '@nestjs/common';
import type { Archive, Archived } from '@yidian/archive';
import { RaiseAlarm } from '../alarms/raise-alarm';
import type { TellProgress } from '../close/step-work';
import { CopyStatement } from '../statements/copy-statement';
import { ARCHIVE } from '../statements/fetch-statement';
import type { StatementTotals } from '../statements/statement';
import type { EngineResult } from './engine/match-engine';
import type { Inputs } from './gather-inputs';
import { RunEngine } from './run-engine';

export interface StatementRun {
  matched: EngineResult;
  /** The file that the places of matched lines are in. */
  statement: Archived;
}

/**
 * A day's statement through the engine: straight from the archived file where the engine reads its format, else from a copy
 * of its lines. Memory does not grow with the file, whatever its format.
 */
@Injectable()
export class RunStatement {
  constructor(
    private readonly engine: RunEngine,
    private readonly copy: CopyStatement,
    private readonly alarm: RaiseAlarm,
    @Inject(ARCHIVE) private readonly archive: Archive,
  ) {}

  async execute(inputs: Inputs, folder: string, tell?: TellProgress): Promise<StatementRun> {
    return (await this.direct(inputs, folder, tell)) ?? (await this.copied(inputs, folder, tell));
  }

  /** Null for a file that is not for the engine as it is: another format, or a header or trailer out of its place. */
  private async direct(inputs: Inputs, folder: string, tell?: TellProgress): Promise<StatementRun | null> {
    const { file, totals } = inputs;
    if (file.format !== 'YD1' || file.archivePath === '') return null;
    const statement = { path: file.archivePath, sha256: file.sha256 };
    const [matched] = await Promise.all([
      this.engine.execute(inputs, folder, { path: await this.archive.local(statement), sha256: file.sha256 }, (share) =>
        tell?.(Math.floor(share * totals.lines), totals.lines),
      ),
      this.whole(statement),
    ]);
    if (matched.faults.length > 0) return null;
    return (await this.agrees(inputs, matched.totals)) ? { matched, statement } : null;
  }

  /**
   * The copy of the lines is archived with the parts whose places are in it.
   * @throws Error when what was read now is not what the step before has read
   */
  private async copied(inputs: Inputs, folder: string, tell?: TellProgress): Promise<StatementRun> {
    const { provider, date, file, info, totals } = inputs;
    const copy = await this.copy.execute(file, info.connector, folder, (lines) =>
      tell?.(Math.floor(lines / 2), totals.lines),
    );
    const { files, unreadable } = copy;
    const { path, sha256 } = files.lines;
    const matched = await this.engine.execute(inputs, folder, { path, sha256, copy: files }, (share) =>
      tell?.(Math.floor((0.5 + share / 2) * totals.lines), totals.lines),
    );
    const { lines, payments, returns, fees } = matched.totals;
    if (!(await this.agrees(inputs, { ...copy.totals, lines, payments, returns, fees })))
      throw new Error('the engine has not read what the reader of the format has');
    const statement =
      matched.plain.count > 0
        ? await this.archive.putFile(['matched', provider, date, 'lines'], path, sha256)
        : { path: file.archivePath, sha256: file.sha256 };
    return { matched: { ...matched, unreadable }, statement };
  }

  /** That the file is the archived one is known at its end. */
  private async whole(archived: Archived): Promise<void> {
    for await (const chunk of this.archive.stream(archived)) void chunk;
  }

  /** The engine's own reader must have read what the format's reader read. */
  private async agrees({ provider, date, totals }: Inputs, own: StatementTotals): Promise<boolean> {
    if (told(own) === told(totals)) return true;
    const detail = `the engine read ${told(own)}, the reader of the format ${told(totals)}`;
    await this.alarm.execute({ kind: 'engine_differs', provider, date, detail });
    return false;
  }
}

const told = ({ lines, unreadable, payments, returns, fees, unread, unreadFees }: StatementTotals): string =>
  [lines, unreadable, payments, returns, fees, unread, unreadFees].join(' ');
