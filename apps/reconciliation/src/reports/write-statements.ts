import { Injectable } from '@nestjs/common';
import { ResolutionsStore } from '../breaks/resolutions.store';
import { again, done, type StepOutcome, type StepRow, type StepWork } from '../close/step-work';
import { hashOf } from '../matching/identity';
import { Peers } from '../peers';
import { WriteReports } from './write-reports';

const PAUSE_MS = 1_000;
/** After so many pauses the parties get what is known; what still works shows in their next statement. */
const PATIENCE = 20;

/** Step `statements`: a spreadsheet for each party with a position, after what rules resolved has reached settlement. */
@Injectable()
export class WriteStatements implements StepWork {
  readonly name = 'statements';

  constructor(
    private readonly peers: Peers,
    private readonly resolutions: ResolutionsStore,
    private readonly reports: WriteReports,
  ) {}

  async run({ date, tries }: StepRow): Promise<StepOutcome> {
    const underWay = await this.resolutions.underWay(date);
    if (underWay > 0 && tries < PATIENCE) return again(PAUSE_MS, `${underWay} resolutions under way`);
    const { rows } = await this.peers.settlement.call('positions.get', { date });
    const written: string[] = [];
    for (const { party, partyKind } of rows) {
      if (partyKind === 'hq') continue;
      const { statement } = await this.peers.settlement.call('statements.get', { party, date });
      if (!statement) continue;
      const name = `statement-${party.replace(/[^A-Za-z0-9_-]/g, '_')}.xlsx`;
      await this.reports.put(date, name, Buffer.from(statement.xlsxBase64, 'base64'));
      written.push(`${party} ${statement.net}`);
    }
    return done(hashOf(...written.sort()));
  }
}
