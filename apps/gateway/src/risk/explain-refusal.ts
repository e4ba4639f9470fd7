import { Injectable } from '@nestjs/common';
import type { ErrorCode } from '@yidian/errors';
import { DecisionsStore } from './decisions.store';

/** Refusals that people ask about afterwards. Those of block lists and velocity are explained where they are made. */
const WHY: Partial<Record<ErrorCode, string>> = {
  limit_payment: 'above the limit of one payment',
  limit_day: 'above the limit of the day, with what is under way',
  limit_month: 'above the limit of the month, with what is under way',
  limit_cooling: 'above what a new agreement or link pays at first',
  agreement_not_active: 'no agreement that pays now: none, not signed yet, resting or ended',
  consent_missing: 'the number does not agree, or no more',
};

/** Why an order was not carried out, in the time lines of whom it concerns. Nothing was charged for any of these. */
@Injectable()
export class ExplainRefusal {
  constructor(private readonly decisions: DecisionsStore) {}

  /** @param about blind indexes; who is not known is left out */
  async execute(code: ErrorCode, about: readonly (string | null)[], amount: bigint): Promise<void> {
    const what = WHY[code];
    if (what === undefined) return;
    const known = about.filter((blind) => blind !== null);
    await this.decisions.add({ about: known, kind: 'risk', state: code, what, objectId: '', amount });
  }
}
