import { Inject, Injectable } from '@nestjs/common';
import { join } from 'node:path';
import { CONFIG, type ReconciliationConfig } from '../reconciliation.config';
import { keyOf, LineSpill, type SpilledLine } from './line-spill';
import { ReadStatement } from './read-statement';
import type { NamedLine, StatementLine } from './statement';
import { MOST_CHANGES } from './statement-rows.store';
import type { StatementFile } from './statements.store';
import { count, noDifference, type ChangedLine, type LineChange, type VersionDifference } from './version-difference';

/**
 * What a replaced statement changed, line by line: nothing that people have decided on may change unseen. Both files are
 * read as streams; memory is one part of them.
 */
@Injectable()
export class CompareVersions {
  constructor(
    private readonly read: ReadStatement,
    @Inject(CONFIG) private readonly config: ReconciliationConfig,
  ) {}

  async execute(
    before: StatementFile,
    after: StatementFile,
    connector: string,
  ): Promise<{ difference: VersionDifference; changes: LineChange[] }> {
    const place = join(this.config.DATA_DIR, 'spill');
    const [old, now] = [new LineSpill(place), new LineSpill(place)];
    try {
      await this.spill(before, connector, old);
      await this.spill(after, connector, now);
      const difference = noDifference(before.version);
      const changes: LineChange[] = [];
      for (let part = 0; part < LineSpill.parts; part++) {
        for (const change of partChanges(await old.part(part), await now.part(part), difference)) {
          count(difference, change);
          if (changes.length < MOST_CHANGES) changes.push(change);
          else difference.complete = false;
        }
      }
      return { difference, changes };
    } finally {
      await Promise.all([old.close(), now.close()]);
    }
  }

  private async spill(file: StatementFile, connector: string, spill: LineSpill): Promise<void> {
    const take = (line: StatementLine | NamedLine) => spill.add(spilled(line));
    await this.read.stream(file, connector, { line: take, named: take });
  }
}

function spilled(line: StatementLine | NamedLine): SpilledLine {
  const { kind, ourRef, txnId, origTxnId, currency, at, state } = line;
  const [amount, fee] = [`${line.amount}`, `${line.fee}`];
  const content = [ourRef, origTxnId, amount, fee, currency, at, state].join('\u001f');
  return { kind, ourRef, txnId, amount, fee, content, line: line.line };
}

/** Equal lines cancel out one by one, so that a line that came twice and now comes once is one line removed. */
function* partChanges(
  before: readonly SpilledLine[],
  after: readonly SpilledLine[],
  difference: VersionDifference,
): Generator<LineChange> {
  const byKey = new Map<string, [SpilledLine[], SpilledLine[]]>();
  const of = (line: SpilledLine) => {
    const key = keyOf(line);
    const pair = byKey.get(key) ?? [[], []];
    byKey.set(key, pair);
    return pair;
  };
  for (const line of before) of(line)[0].push(line);
  for (const line of after) of(line)[1].push(line);
  for (const key of [...byKey.keys()].sort()) {
    const [old, now] = byKey.get(key) ?? [[], []];
    const [gone, come] = withoutEqual(old, now);
    difference.same += old.length - gone.length;
    for (let n = 0; n < Math.max(gone.length, come.length); n++) yield change(gone[n], come[n]);
  }
}

function withoutEqual(old: SpilledLine[], now: SpilledLine[]): [SpilledLine[], SpilledLine[]] {
  const byContent = (a: SpilledLine, b: SpilledLine) =>
    a.content < b.content ? -1 : a.content > b.content ? 1 : a.line - b.line;
  old.sort(byContent);
  now.sort(byContent);
  const [gone, come]: [SpilledLine[], SpilledLine[]] = [[], []];
  let a = 0;
  let b = 0;
  for (let left = old[a], right = now[b]; left ?? right; left = old[a], right = now[b]) {
    const [mine, theirs] = [left?.content ?? LAST, right?.content ?? LAST];
    if (left && mine < theirs) gone.push(left);
    if (right && theirs < mine) come.push(right);
    if (mine <= theirs) a++;
    if (theirs <= mine) b++;
  }
  return [gone, come];
}

/** Behind every content. */
const LAST = '\uffff';

function change(before: SpilledLine | undefined, after: SpilledLine | undefined): LineChange {
  const { kind = '', ourRef = '', txnId = '' } = after ?? before ?? {};
  const what = before && after ? 'changed' : before ? 'removed' : 'added';
  return { what, kind, ourRef, txnId, before: changed(before), after: changed(after) };
}

const changed = (line: SpilledLine | undefined): ChangedLine | null =>
  line ? { line: line.line, amount: BigInt(line.amount), fee: BigInt(line.fee) } : null;
