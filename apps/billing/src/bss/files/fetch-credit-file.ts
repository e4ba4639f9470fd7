import { Inject, Injectable } from '@nestjs/common';
import type { Archive } from '@yidian/archive';
import { Problem } from '@yidian/errors';
import type { Logger } from '@yidian/telemetry';
import { LOGGER } from '../../resources/logger';
import { Adapters } from '../adapters';
import type { CreditFile } from '../wire/bss-link';
import { ARCHIVE } from './archive';
import { CompareFile } from './compare-file';
import { CreditFilesStore, type CreditFileRow } from './credit-files.store';

/** A file is archived as it came, with its hash, before anything is read from it; other bytes later are another version. */
@Injectable()
export class FetchCreditFile {
  private readonly underWay = new Map<string, Promise<CreditFileRow | 'unreachable'>>();

  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(ARCHIVE) private readonly archive: Archive,
    private readonly adapters: Adapters,
    private readonly files: CreditFilesStore,
    private readonly compare: CompareFile,
  ) {}

  /** The newest version; what is here already is asked for again only when told to. */
  async execute(branch: string, date: string, refetch = false): Promise<CreditFileRow | 'unreachable'> {
    const known = await this.files.latest(branch, date);
    if (known && (known.state === 'ready' || known.state === 'none_today') && !refetch) return known;
    const name = `${branch} ${date}`;
    const running = this.underWay.get(name) ?? this.fetch(branch, date).finally(() => this.underWay.delete(name));
    this.underWay.set(name, running);
    return running;
  }

  private async fetch(branch: string, date: string): Promise<CreditFileRow | 'unreachable'> {
    const province = this.adapters.find(branch);
    if (!province) throw new Problem('not_found', { detail: 'This branch has no billing system of its own.' });
    await this.files.want(branch, date, new Date());
    const file = await province.bss.creditFile(date).catch((err: unknown) => {
      this.logger.warn({ err, branch, date }, 'the credit file was not fetched');
      return null;
    });
    if (file === null) return 'unreachable';
    if (file.state === 'not_ready') await this.files.notReady(branch, date);
    else await this.take(branch, date, file);
    const row = await this.files.latest(branch, date);
    if (!row) throw new Error('a credit file is not there after it was stored');
    return row;
  }

  private async take(branch: string, date: string, file: Exclude<CreditFile, { state: 'not_ready' }>): Promise<void> {
    const bytes = file.state === 'ready' ? file.content : null;
    const archived = bytes
      ? await this.archive.put([branch, date, `${date}.yc1.txt`], bytes)
      : { path: '', sha256: '' };
    const before = await this.files.latest(branch, date);
    const had = before !== undefined && (before.state === 'ready' || before.state === 'none_today');
    if (had && before.sha256 === archived.sha256) return;
    const version = had ? before.version + 1 : (before?.version ?? 1);
    const { findings, differences, ...said } = await this.compare.execute(branch, date, bytes);
    await this.files.keep(
      { branch, date, version, state: file.state, ...archived, ...said },
      findings,
      differences,
      new Date(),
    );
  }
}
