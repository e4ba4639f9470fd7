import { Inject, Injectable } from '@nestjs/common';
import { ArchiveDamaged, type Archive, type Archived } from '@yidian/archive';
import type { statementsUpload, UploadReply } from '@yidian/contracts';
import type { z } from 'zod';
import { SignOffsStore } from '../close/sign-offs.store';
import { KnownProviders, type KnownProvider } from '../providers/known-providers';
import { deadlineAt } from '../providers/statement-schedule';
import { ARCHIVE } from './fetch-statement';
import { StatementsStore } from './statements.store';
import { Uploads } from './uploads';
import { WakeNight } from './wake-night';

type Upload = z.output<typeof statementsUpload>;
type Part = Extract<Upload['content'], { offset: number }>;
type Stored = Archived & { bytes: number };

/**
 * A person brings the file: a provider without a line, a statement that was sent again by mail. It is archived like any
 * other, it supersedes what was there, and the night takes it up where it stands.
 */
@Injectable()
export class UploadStatement {
  constructor(
    private readonly store: StatementsStore,
    private readonly uploads: Uploads,
    private readonly providers: KnownProviders,
    private readonly signOffs: SignOffsStore,
    private readonly night: WakeNight,
    @Inject(ARCHIVE) private readonly archive: Archive,
  ) {}

  async execute(upload: Upload): Promise<UploadReply> {
    const provider = (await this.providers.list()).find(({ code }) => code === upload.provider);
    if (!provider) return { outcome: 'refused', reason: 'unknown_provider' };
    if (await this.signOffs.get(upload.date)) return { outcome: 'refused', reason: 'day_signed_off' };
    const { content } = upload;
    if ('archived' in content) return await this.fromArchive(upload, provider, content.archived);
    return await this.fromParts(upload, provider, content);
  }

  private async fromParts(upload: Upload, provider: KnownProvider, part: Part): Promise<UploadReply> {
    const id = part.upload ?? (await this.uploads.begin());
    const taken = await this.uploads.take(id, part.offset, Buffer.from(part.contentBase64, 'base64'));
    if ('refused' in taken) return { outcome: 'refused', reason: taken.refused };
    if (!part.last) return { outcome: 'more', upload: id, received: taken.received };
    const { fileName, date } = upload;
    const archived = await this.archive.putStream([provider.code, date, fileName], this.uploads.stream(id));
    await this.uploads.end(id);
    if (part.sha256 !== undefined && part.sha256 !== archived.sha256)
      return { outcome: 'refused', reason: 'other_bytes' };
    return await this.keep(upload, provider, archived);
  }

  private async fromArchive(upload: Upload, provider: KnownProvider, archived: Archived): Promise<UploadReply> {
    let bytes = 0;
    try {
      for await (const chunk of this.archive.stream(archived)) bytes += chunk.length;
    } catch (error) {
      if (error instanceof ArchiveDamaged) return { outcome: 'refused', reason: 'not_in_archive' };
      throw error;
    }
    return await this.keep(upload, provider, { ...archived, bytes });
  }

  private async keep(
    { date, fileName, actor }: Upload,
    { code, schedule }: KnownProvider,
    { sha256, path, bytes }: Stored,
  ): Promise<UploadReply> {
    const before = await this.store.current(code, date);
    const late = Date.now() > deadlineAt(date, schedule).getTime();
    const from = { source: 'uploaded' as const, actor, late };
    const file = { provider: code, date, state: 'fetched' as const, fileName, sha256, archivePath: path, bytes };
    const { outcome, version } = await this.store.add({ ...file, ...from });
    // Sent again because the answer was lost: the night may not have been woken either.
    const unread = outcome === 'stored' || (before?.version === version && before.state === 'fetched');
    if (unread) await this.night.execute(code, date);
    if (outcome === 'already_have') return { outcome, version, sha256 };
    return { outcome, version, sha256, bytes, replaces: before?.version ?? null };
  }
}
