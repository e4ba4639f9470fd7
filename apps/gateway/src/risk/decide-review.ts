import { Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { ReviewsStore, type ReviewRow } from './reviews.store';

/** An approval lets the same payer pay for the same number until then; the payer sends it again. */
const VALID_MS = 24 * 3_600_000;

@Injectable()
export class DecideReview {
  constructor(private readonly reviews: ReviewsStore) {}

  /** @throws Problem not_found, state_conflict when it is decided already */
  async execute(id: string, to: 'approved' | 'rejected', operator: string, reason: string): Promise<ReviewRow> {
    const row = await this.reviews.find(id);
    if (!row) throw new Problem('not_found');
    const until = to === 'approved' ? new Date(Date.now() + VALID_MS) : null;
    if (!(await this.reviews.decide(row, to, { operator, reason, until }))) throw new Problem('state_conflict');
    return (await this.reviews.find(id)) ?? row;
  }
}
