import { Inject, Injectable } from '@nestjs/common';
import { readAgreementFile, type BankAgreement } from '@yidian/connectors/bank-direct';
import { hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { PersonNumbers } from '../notifications/person-number';
import { beijingDay } from '../payments/beijing';
import { PaymentDoor } from '../payments/payment-door';
import { LOGGER, type Logger } from '../platform';
import { Providers } from '../providers/providers';
import { AgreementNews } from './agreement-news';
import { AgreementRunsStore, type AgreementBreakRow, type AgreementRunRow } from './agreement-runs.store';
import { AgreementsStore, type AgreementRow } from './agreements.store';
import { compareOne, type AgreementDifference, type OurAgreement } from './compare-agreements';
import { NumberNewsStore } from './number-news.store';

/**
 * A provider's list of agreements against ours. What differs is a break that people resolve; only what could take money
 * wrongly rests at once. A file whose own totals do not agree proves nothing that is missing from it: nothing is frozen for it.
 */
@Injectable()
export class ReconcileAgreements {
  constructor(
    private readonly runs: AgreementRunsStore,
    private readonly store: AgreementsStore,
    private readonly moves: NumberNewsStore,
    private readonly providers: Providers,
    private readonly numbers: PersonNumbers,
    private readonly door: PaymentDoor,
    private readonly news: AgreementNews,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @returns null while the provider has no file of that date */
  async execute(provider: string, date: string): Promise<AgreementRunRow | null> {
    const file = await this.providers.get(provider).connector.fetchAgreementFile(date);
    if (file.state !== 'ready') return null;
    return this.compare(provider, date, file.content);
  }

  async compare(provider: string, date: string, content: Buffer): Promise<AgreementRunRow> {
    const theirs = new Map<string, BankAgreement>();
    const totals = await readAgreementFile(Readable.from([content]), {
      agreement: (one) => void theirs.set(one.agreementNo, one),
      finding: (reason, line) => this.logger.warn({ provider, date, line, reason }, 'a line of the agreement file'),
    });
    const complete = totals.agrees && totals.header?.provider === provider;
    const { differences, ours } = await this.differences({ provider, date, complete }, theirs);
    const run: AgreementRunRow = {
      ...{ provider, file_date: date, sha256: hash('sha256', content), agrees: complete ? 1 : 0 },
      ...{ theirs: totals.read.agreements, ours, found: differences.length, unreadable: totals.unreadable },
      created_at: new Date(),
    };
    await this.runs.keep(
      run,
      differences.map((one) => breakOf(provider, date, one)),
    );
    for (const one of differences) if (one.freeze && one.id !== null) await this.freeze(one.id, one, date);
    return run;
  }

  private async differences(
    { provider, date, complete }: { provider: string; date: string; complete: boolean },
    theirs: Map<string, BankAgreement>,
  ): Promise<{ differences: AgreementDifference[]; ours: number }> {
    const differences: AgreementDifference[] = [];
    const known = new Set<string>();
    let ours = 0;
    for await (const row of this.runs.ours(provider)) {
      ours++;
      const one = this.ourOf(row);
      known.add(one.number);
      const found = compareOne(theirs.get(one.number), one);
      if (found && (complete || found.class !== 'only_here') && !isNews(row, found, date)) differences.push(found);
    }
    for (const [number, one] of theirs) {
      const found = known.has(number) ? null : compareOne(one, undefined);
      if (found) differences.push(found);
    }
    return { differences, ours };
  }

  private ourOf(row: AgreementRow): OurAgreement {
    const ref = row.ref_sealed === null ? '' : this.numbers.openText(row.ref_sealed);
    return { id: row.id, number: row.provider_no ?? row.id, state: row.state, accountTail: row.account_tail, ref };
  }

  private async freeze(id: string, one: AgreementDifference, date: string): Promise<void> {
    const row = await this.store.find(id);
    if (row?.state !== 'active') return;
    const evidence = { text: `agreement file of ${date}: ${one.class}`, before: new Date() };
    const guard = {
      ...{ scope: '~agreement-file', k: `${breakId(row.provider, one)}-${row.version}`, request_hash: '0'.repeat(64) },
      ...{ members: '', object_kind: 'agreement', object_id: id },
    };
    const statements = this.moves.freezeOne(id, evidence, 'bank_file');
    const kept = await this.door.write({ do: 'object', guard, statements });
    if (kept.result === 'kept') await this.news.agreement(id, 'active');
  }
}

/** A list says how things stood at the end of its date: what was signed or ended here since then is the next one's. */
function isNews(row: AgreementRow, { class: kind }: AgreementDifference, date: string): boolean {
  const since = kind === 'only_here' ? row.signed_at : row.state === 'ended' ? row.updated_at : null;
  return since !== null && beijingDay(since) > date;
}

/** The same difference has the same id every day. */
const breakId = (provider: string, one: AgreementDifference): string =>
  hash('sha256', `${provider}\n${one.class}\n${one.number}\n${one.detail}`).slice(0, 32);

function breakOf(provider: string, date: string, one: AgreementDifference): AgreementBreakRow {
  return {
    ...{ id: breakId(provider, one), provider, file_date: date, class: one.class, agreement_no: one.number },
    ...{ agreement_id: one.id, detail: one.detail.slice(0, 200), state: 'open', resolution: null, resolved_by: null },
    ...{ reason: null, created_at: new Date(), resolved_at: null },
  };
}
