import { Injectable } from '@nestjs/common';
import type { AgreementsCompared } from '@yidian/contracts';
import type { Queryable } from '@yidian/database';
import { RaiseAlarm } from '../alarms/raise-alarm';
import { FindingsStore } from '../breaks/findings.store';
import { StepsStore } from '../close/steps.store';
import type { Finding, StandingKind } from '../matching/result';
import { Peers } from '../peers';
import { agreementFindings } from './agreement-findings';
import { payoutFindings } from './payout-findings';

interface Compared {
  kind: StandingKind;
  findings: Finding[];
}

/**
 * What is compared of a provider beside its statement: its payouts with our bank, its agreements with ours. Always as of its
 * latest date, so that an old date run again brings back nothing that is over. Who does not answer is told about and holds
 * up no money: its breaks stay as they are.
 */
@Injectable()
export class CompareDay {
  constructor(
    private readonly steps: StepsStore,
    private readonly findings: FindingsStore,
    private readonly peers: Peers,
    private readonly alarm: RaiseAlarm,
  ) {}

  /** @returns what has to be written, in the transaction that ends the step */
  async execute(provider: string, date: string): Promise<(tx: Queryable) => Promise<void>> {
    const asOf = await this.steps.latest(provider, 'settle', date);
    const asked = [
      await this.ask('payout', provider, asOf, () => this.payouts(provider, asOf)),
      await this.ask('agreement', provider, asOf, () => this.agreements(provider, asOf)),
    ];
    return async (tx) => {
      for (const compared of asked)
        if (compared) await this.findings.stand(tx, { provider, date: asOf, kind: compared.kind }, compared.findings);
    };
  }

  private async ask(
    kind: StandingKind,
    provider: string,
    date: string,
    compare: () => Promise<Finding[] | null>,
  ): Promise<Compared | null> {
    try {
      const findings = await compare();
      return findings && { kind, findings };
    } catch (error) {
      const why = error instanceof Error ? error.message : 'no answer';
      await this.alarm.once(`compare_failed ${kind} ${provider} ${date}`, {
        ...{ kind: 'compare_failed', provider, date },
        detail: `${kind}: ${why}`,
      });
      return null;
    }
  }

  private async payouts(provider: string, asOf: string): Promise<Finding[]> {
    return payoutFindings(await this.peers.settlement.call('payouts_in.match', { provider, asOf }));
  }

  /** Null where there is no list to compare. */
  private async agreements(provider: string, date: string): Promise<Finding[] | null> {
    const breaks: AgreementsCompared['breaks'] = [];
    for (let after: string | null = ''; after !== null;) {
      const page: AgreementsCompared = await this.peers.gateway.call('agreements.compare', { provider, date, after });
      if (page.state !== 'compared') return null;
      breaks.push(...page.breaks);
      after = page.next;
    }
    return agreementFindings(provider, breaks);
  }
}
