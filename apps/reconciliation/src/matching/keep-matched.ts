import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import type { Archive } from '@yidian/archive';
import type { Queryable } from '@yidian/database';
import { ARCHIVE } from '../statements/fetch-statement';
import { countsOf, type PlainPart } from './engine/plain-part';
import { MatchedStore, type MatchedSegment, type MatchedSet } from './matched.store';

/** Seals a run's matched lines: the files first, their rows with the run. A file without a row is nobody's. */
@Injectable()
export class KeepMatched {
  constructor(
    private readonly store: MatchedStore,
    @Inject(ARCHIVE) private readonly archive: Archive,
  ) {}

  /** @returns what registers them in the run's transaction */
  async execute(
    run: Pick<MatchedSet, 'runId' | 'provider' | 'date' | 'statement'>,
    plain: PlainPart,
    folder: string,
  ): Promise<(tx: Queryable) => Promise<void>> {
    const segments: MatchedSegment[] = [];
    const place = ['matched', run.provider, run.date];
    for (const [part, { n, amount, fees, file, sha256 }] of plain.parts.entries()) {
      if (n === 0) continue;
      const kept = await this.archive.putFile([...place, `part-${part}`], join(folder, file), sha256);
      segments.push({ part, n, amount: BigInt(amount), fees: BigInt(fees), ...kept });
    }
    const { bits, count, amount, fees, digest, names } = plain;
    const set: MatchedSet = { ...run, bits, n: count, amount, fees, digest, names };
    const counts = countsOf(plain);
    return (tx) => this.store.register(tx, set, segments, counts);
  }
}
