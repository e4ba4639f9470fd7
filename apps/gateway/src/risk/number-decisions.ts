import { Injectable } from '@nestjs/common';
import { toJson } from '@yidian/money';
import { AgreementMovesStore } from '../agreements/agreement-moves.store';
import type { TimelineEntry } from '../payments/timeline-entry';
import { DecisionsStore } from './decisions.store';

const LINES = 100;

/** What was agreed and decided for a number, for its time line. */
@Injectable()
export class NumberDecisions {
  constructor(
    private readonly decisions: DecisionsStore,
    private readonly moves: AgreementMovesStore,
  ) {}

  async about(blind: string): Promise<TimelineEntry[]> {
    const [decided, moved] = await Promise.all([this.decisions.about(blind, LINES), this.moves.about(blind, LINES)]);
    const line = { source: 'decision', payment: null } as const;
    return [
      ...decided.map((row) => ({
        ...{ at: row.at.toISOString(), what: row.what, amount: row.amount === null ? null : toJson(row.amount) },
        ...{ where: row.kind, state: row.state, ...line },
      })),
      ...moved.map((row) => ({
        ...{ at: row.at.toISOString(), what: row.evidence, amount: null },
        ...{ where: row.what, state: row.to_state, ...line },
      })),
    ];
  }
}
