import { Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { BranchTexts } from './branch-texts';
import { BranchTextsStore, type BranchTextRow } from './branch-texts.store';
import { patternFault, type PatternFault } from './text-pattern';

const WHY: Readonly<Record<PatternFault, string>> = {
  not_bracketed: 'It begins with the sender in brackets: 【湖北】, or [Hubei].',
  part_unknown: 'It names a part that this text does not have.',
  link: 'Texts have no links.',
  money_not_told: 'It must say that nothing was charged.',
  too_long: 'At its longest it needs more than two segments.',
};

/** A branch's own words for a text, measured before they stand. */
@Injectable()
export class SaveBranchText {
  constructor(
    private readonly store: BranchTextsStore,
    private readonly texts: BranchTexts,
  ) {}

  /** @param text empty: the carrier's words again @throws Problem field_invalid */
  async execute(row: Omit<BranchTextRow, 'saved_at'>): Promise<void> {
    const fault = row.text === '' ? null : patternFault(row.code, row.language, row.text);
    if (fault) {
      const detail = WHY[fault];
      throw new Problem('field_invalid', { detail, errors: [{ pointer: '/text', code: 'field_invalid', detail }] });
    }
    if (row.text === '') await this.store.remove(row.branch, row.code, row.language);
    else await this.store.put(row);
    await this.texts.refresh();
  }
}
