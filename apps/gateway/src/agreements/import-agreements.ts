import { Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { newId } from '@yidian/http';
import { hash } from 'node:crypto';
import { PersonNumbers } from '../notifications/person-number';
import { BillingClient } from '../payments/billing.client';
import { Providers } from '../providers/providers';
import { AgreementsStore, type AgreementRow } from './agreements.store';
import { readImport, type ImportLine, type OldAgreement } from './import-format';
import { ImportsStore, type ImportLineRow, type ImportRow } from './imports.store';
import { NewAgreement } from './new-agreement';

export interface ImportState {
  row: ImportRow;
  counts: Record<ImportLineRow['state'], number>;
  refused: { line: number; code: string }[];
}

const SHOWN = 100;
/** The bank may take its time over a branch's whole stock. */
const CONFIRM_WITHIN_MS = 14 * 24 * 3_600_000;

/**
 * Promise: a branch's agreements of old move over line by line, and none pays before its bank has said, under the bank's own
 * number and for the same account, that it stands. The same file again is the same import; cut off, it is gone on with.
 */
@Injectable()
export class ImportAgreements {
  constructor(
    private readonly imports: ImportsStore,
    private readonly store: AgreementsStore,
    private readonly providers: Providers,
    private readonly billing: BillingClient,
    private readonly fresh: NewAgreement,
    private readonly numbers: PersonNumbers,
  ) {}

  /** @throws Problem provider_unknown, field_invalid when it is no such file, busy: the same file again goes on */
  async execute(file: { provider: string; branch: string; text: string }, by: string): Promise<ImportState> {
    const { provider, branch, text } = file;
    const { connector } = this.providers.get(provider);
    if (!connector.capabilities.agreement?.query) throw new Problem('provider_unknown');
    const lines = linesOf(text);
    const row = await this.imports.begin({
      ...{ id: newId('imp'), provider, branch, sha256: hash('sha256', text), line_count: lines.length, made_by: by },
      created_at: new Date(),
    });
    for (const line of lines) await this.take(row, line);
    return this.state(row.id);
  }

  /** @throws Problem not_found */
  async state(id: string): Promise<ImportState> {
    const row = await this.imports.find(id);
    if (!row) throw new Problem('not_found');
    await this.imports.follow(id);
    const counts = { waiting: 0, confirmed: 0, refused: 0, unreadable: 0 };
    for (const { state, n } of await this.imports.counts(id)) counts[state] = n;
    const refused = await this.imports.refused(id, SHOWN);
    return { row, counts, refused: refused.map(({ line_no: line, code }) => ({ line, code })) };
  }

  private async take(of: ImportRow, line: ImportLine): Promise<void> {
    const judged = 'fault' in line ? { fault: line.fault } : await this.judge(of, line.old);
    const agreement = 'row' in judged ? judged.row : null;
    const refused = 'fault' in line ? 'unreadable' : 'refused';
    await this.imports.addLine(
      {
        import_id: of.id,
        line_no: line.lineNo,
        state: agreement ? 'waiting' : refused,
        code: 'fault' in judged ? judged.fault.slice(0, 40) : '',
        agreement_id: agreement?.id ?? null,
        raw_sealed: this.numbers.sealText(line.raw.slice(0, 300)),
        account_tail: agreement?.account_tail ?? null,
        updated_at: new Date(),
      },
      agreement,
    );
  }

  /** Who holds the number now is asked for; who held it when it was signed, the bank's confirmation and its owner say. */
  private async judge(of: ImportRow, old: OldAgreement): Promise<{ row: AgreementRow } | { fault: string }> {
    if (await this.store.theirs(of.provider, old.agreementNo)) return { fault: 'agreement_known' };
    const found = await this.billing.lookUp(old.number).catch((error: unknown) => error);
    if (found instanceof Problem) {
      if (found.code === 'busy') throw found;
      return { fault: found.code };
    }
    const { branch, status } = found as Awaited<ReturnType<BillingClient['lookUp']>>;
    if (status === 'closed') return { fault: 'number_closed' };
    if (branch.code !== of.branch) return { fault: 'other_branch' };
    const row = this.fresh.row(old.number, old.limits, {
      ...{ provider: of.provider, branch: of.branch, provider_no: old.agreementNo, signed_by: 'import' },
      ...{ account_tail: old.accountTail, bank_name: old.bankName, signed_at: new Date(`${old.signedOn}T00:00:00Z`) },
      ...{ due_at: new Date(), expires_at: new Date(Date.now() + CONFIRM_WITHIN_MS) },
    });
    return { row };
  }
}

function linesOf(text: string): ImportLine[] {
  try {
    return readImport(text);
  } catch (error) {
    throw new Problem('field_invalid', { detail: error instanceof Error ? error.message : 'not readable' });
  }
}
