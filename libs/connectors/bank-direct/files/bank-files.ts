import {
  atMost,
  collected,
  LARGEST_STATEMENT,
  letGo,
  withHead,
  type ProviderFile,
  type StatementFile,
} from '../../contract';
import { writeTransferBatch, type TransferBatch } from '../../iso20022/pain001';
import { writeDebitBatch, type DebitBatch, type OrderFile } from '../../iso20022/pain008';
import { fetched, LARGEST_FILE, NamePattern, type FileDrop } from './file-drop';
import type { FilesSettings } from './files-settings';
import { HttpsDrop } from './https-drop';
import { pagesInOrder, type NamedPage } from './pages-in-order';
import { SftpDrop } from './sftp-drop';

/** Of one message; more are no pages. */
const MOST_PAGES = 200;

export interface SentFile {
  fileName: string;
  messageId: string;
  /** `already_there`: an earlier try had reached the bank. */
  state: 'sent' | 'already_there';
}

/**
 * Everything that goes between one bank and us as a file. Orders are named by what they order: sent twice they are one
 * file, and whoever lost the answer asks the bank for it by name before anything is sent again.
 */
export class BankFiles {
  private readonly drop: FileDrop;

  constructor(
    private readonly settings: FilesSettings,
    drop?: FileDrop,
  ) {
    this.drop = drop ?? dropOf(settings);
  }

  /** Whether order files can be sent: there is an account of ours and a way to send. */
  get takesOrders(): boolean {
    return this.settings.account !== undefined && this.settings.sftp !== undefined;
  }
  get hasStatements(): boolean {
    return this.settings.names.statement !== undefined;
  }
  get hasAgreements(): boolean {
    return this.settings.names.agreements !== undefined;
  }

  statement(date: string, signal: AbortSignal): Promise<StatementFile> {
    const { statement, noStatement } = this.settings.names;
    return this.ofDate(date, statement, noStatement, signal);
  }

  async agreements(date: string, signal: AbortSignal): Promise<ProviderFile> {
    const file = await this.ofDate(date, this.settings.names.agreements, undefined, signal);
    return file.state === 'ready' ? { ...file, content: await collected(LARGEST_FILE, file.content) } : file;
  }

  /** @throws BatchRefused, or Error when it is not known whether the file arrived: send the same batch again */
  sendDebits(batch: Omit<DebitBatch, 'creditor' | 'creditorId'>, signal: AbortSignal): Promise<SentFile> {
    const { creditorId, debitVersion } = this.settings;
    const file = writeDebitBatch({ ...batch, creditor: this.account(), creditorId }, debitVersion);
    return this.send('pain008', batch.collectionDate, file, signal);
  }

  /** @throws as `sendDebits` */
  sendTransfers(batch: Omit<TransferBatch, 'debtor'>, signal: AbortSignal): Promise<SentFile> {
    const file = writeTransferBatch({ ...batch, debtor: this.account() }, this.settings.transferVersion);
    return this.send('pain001', batch.executionDate, file, signal);
  }

  /** Names of the status reports that are there; whoever reads them remembers which he has read. */
  statusReports(signal: AbortSignal): Promise<string[]> {
    return this.drop.names(new NamePattern(this.settings.names.statusReports), signal);
  }

  /** null: not there any more. */
  statusReport(name: string, signal: AbortSignal): Promise<Buffer | null> {
    return fetched(this.drop, name, signal);
  }

  async close(): Promise<void> {
    if (this.drop instanceof HttpsDrop) await this.drop.close();
  }

  private async send(kind: string, date: string, file: OrderFile, signal: AbortSignal): Promise<SentFile> {
    const fileName = `${kind}_${date.replaceAll('-', '')}_${file.messageId}.xml`;
    const state = await this.drop.send(fileName, file.content, signal);
    return { fileName, messageId: file.messageId, state };
  }

  private account(): NonNullable<FilesSettings['account']> {
    const { account } = this.settings;
    if (!account) throw new Error('no account of ours is set for order files');
    return account;
  }

  private async ofDate(
    date: string,
    pattern: string | undefined,
    none: string | undefined,
    signal: AbortSignal,
  ): Promise<StatementFile> {
    if (pattern === undefined) throw new Error('no name is set for this file');
    const [name, ...more] = await this.drop.names(new NamePattern(pattern, date), signal);
    if (name !== undefined && more.length > 0) return await this.ofPages([name, ...more], signal);
    if (name !== undefined) {
      const bytes = await this.drop.open(name, signal);
      return bytes
        ? { state: 'ready', fileName: name, content: atMost(LARGEST_STATEMENT, bytes) }
        : { state: 'not_ready' };
    }
    if (none === undefined) return { state: 'not_ready' };
    const marks = await this.drop.names(new NamePattern(none, date), signal);
    return { state: marks.length > 0 ? 'none_today' : 'not_ready' };
  }

  /** Several files fit one date: either they are the pages of one message, or a person must say which one counts. */
  private async ofPages(names: readonly string[], signal: AbortSignal): Promise<StatementFile> {
    if (names.length > MOST_PAGES) throw new Error(`${names.length} files fit the name of one date`);
    const pages: NamedPage[] = [];
    for (const name of names) {
      const bytes = await this.drop.open(name, signal);
      if (bytes === null) return { state: 'not_ready' };
      const beginning = await withHead(bytes);
      await letGo(beginning.bytes);
      pages.push({ name, head: beginning.head });
    }
    const ordered = pagesInOrder(pages);
    if (ordered === null) throw new Error(`${names.length} files fit the name of one date`);
    if (ordered === 'incomplete') return { state: 'not_ready' };
    return {
      state: 'ready',
      fileName: names[0] ?? '',
      content: atMost(LARGEST_STATEMENT, this.oneByOne(ordered, signal)),
    };
  }

  private async *oneByOne(names: readonly string[], signal: AbortSignal): AsyncGenerator<Uint8Array> {
    for (const name of names) {
      const bytes = await this.drop.open(name, signal);
      if (bytes === null) throw new Error('a page that is not there any more');
      yield* bytes;
    }
  }
}

function dropOf({ sftp, https }: FilesSettings): FileDrop {
  if (sftp) return new SftpDrop(sftp);
  if (https) return new HttpsDrop(https);
  throw new Error('files: either sftp or https');
}
