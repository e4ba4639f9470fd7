import { Injectable } from '@nestjs/common';
import { IssueStatement } from '../statements/issue-statement';

/** The month's statement of every party, issued when it is not yet, or when its figures have changed. */
@Injectable()
export class MonthStatements {
  constructor(private readonly statements: IssueStatement) {}

  /** @returns who has not confirmed yet */
  async issue(parties: readonly string[], month: string, actor: string): Promise<string[]> {
    const open: string[] = [];
    for (const party of parties) {
      const { state } = await this.statements.execute(party, month, actor);
      if (state !== 'confirmed') open.push(party);
    }
    return open;
  }
}
