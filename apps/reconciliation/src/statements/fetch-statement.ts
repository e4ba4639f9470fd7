import { Inject, Injectable } from '@nestjs/common';
import type { Archive } from '@yidian/archive';
import { again, done, failed, type StepOutcome, type StepRow, type StepWork } from '../close/step-work';
import { Peers } from '../peers';
import { CONFIG, type ReconciliationConfig } from '../reconciliation.config';
import { EMPTY_SHA256, StatementsStore } from './statements.store';
import { createHash } from 'node:crypto';

/** Injection token of the archive. */
export const ARCHIVE = Symbol('archive');

/** Step `fetch`: the file as the provider gives it, archived under its hash before anybody reads it. */
@Injectable()
export class FetchStatement implements StepWork {
  readonly name = 'fetch';

  constructor(
    private readonly store: StatementsStore,
    private readonly peers: Peers,
    @Inject(ARCHIVE) private readonly archive: Archive,
    @Inject(CONFIG) private readonly config: ReconciliationConfig,
  ) {}

  async run({ provider, date }: StepRow): Promise<StepOutcome> {
    const reply = await this.peers.gateway.call('statements.fetch', { provider, date });
    if (reply.state === 'not_ready') return again(this.config.FETCH_RETRY_MS, 'the statement is not there yet');
    if (reply.state === 'none_today') {
      await this.store.add({
        provider,
        date,
        state: 'none_today',
        fileName: '',
        sha256: EMPTY_SHA256,
        archivePath: '',
      });
      return done(EMPTY_SHA256);
    }
    const bytes = Buffer.from(reply.contentBase64, 'base64');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (sha256 !== reply.sha256) return failed('the statement was changed between the gateway and here');
    const { path } = await this.archive.put([provider, date, reply.fileName], bytes);
    await this.store.add({ provider, date, state: 'fetched', fileName: reply.fileName, sha256, archivePath: path });
    return done(sha256);
  }
}
