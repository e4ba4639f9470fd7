import { Injectable } from '@nestjs/common';
import { done, type StepOutcome, type StepRow, type StepWork } from '../close/step-work';
import { hashOf } from '../matching/identity';
import { WriteReports } from './write-reports';

/** Step `notify`: the night's files lie where finance finds them. */
@Injectable()
export class Notify implements StepWork {
  readonly name = 'notify';

  constructor(private readonly reports: WriteReports) {}

  async run({ date }: StepRow): Promise<StepOutcome> {
    const files = await this.reports.execute(date);
    return done(hashOf(...files.map((file) => file.name)));
  }
}
