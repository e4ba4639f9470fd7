import { Inject, Injectable } from '@nestjs/common';
import { DirectoryArchive, type Archive, type Archived } from '@yidian/archive';
import { CONFIG, type SettlementConfig } from '../settlement.config';

/** The archive in which reconciliation seals matched lines and settlement seals what it made of them. */
@Injectable()
export class SharedArchive {
  /** Undefined: it is not shared with this process. */
  readonly folder: string | undefined;
  private readonly archive: Archive | undefined;

  constructor(@Inject(CONFIG) { ARCHIVE_DIR }: Pick<SettlementConfig, 'ARCHIVE_DIR'>) {
    this.folder = ARCHIVE_DIR;
    this.archive = ARCHIVE_DIR === undefined ? undefined : new DirectoryArchive(ARCHIVE_DIR);
  }

  /** @throws ArchiveDamaged; Error when days were settled from an archive that this process was not given */
  get(archived: Archived): Promise<Buffer> {
    if (!this.archive) throw new Error(`ARCHIVE_DIR is not set, and ${archived.path} has to be read`);
    return this.archive.get(archived);
  }
}
