import { Injectable } from '@nestjs/common';
import { shanghaiDate } from '../calendar/working-days';
import { stateOn } from './party-statement';
import { PartyStatementsStore } from './party-statements.store';

/** Whether a party has agreed to what it was told of a period, by word or by silence. */
@Injectable()
export class StatementGate {
  constructor(private readonly statements: PartyStatementsStore) {}

  /** null: nothing stands in the way of paying it. */
  async obstacle(party: string, period: string, now: Date): Promise<'statement_open' | 'statement_disputed' | null> {
    const latest = await this.statements.latest(party, period);
    if (!latest) return 'statement_open';
    const state = stateOn(latest.state, latest.windowEnds, shanghaiDate(now));
    if (state === 'disputed') return 'statement_disputed';
    return state === 'confirmed' ? null : 'statement_open';
  }
}
