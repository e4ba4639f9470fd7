import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DirectoryArchive, type Archive } from '@yidian/archive';
import { createLogger } from '@yidian/telemetry';
import { testDatabase, type TestDatabase } from '@yidian/testing';
import { AlarmsStore } from '../alarms/alarms.store';
import { RaiseAlarm } from '../alarms/raise-alarm';
import { BooksStore } from '../books/books.store';
import { LoadBooks } from '../books/load-books';
import { PullBooks } from '../books/pull-books';
import { PullLane } from '../books/pull-lane';
import { ReadSegment } from '../books/read-segment';
import { SegmentsStore } from '../books/segments.store';
import { Peers } from '../peers';
import { schema } from '../schema';
import { bookAnswers, FakeBook } from './fake-book';
import { TcpPeer } from './tcp-peer';

/** One process that pulls and loads; a stage may have several on the same database and archive. */
export interface Puller {
  pull: PullBooks;
  lane: PullLane;
  load: LoadBooks;
}

/** Two sources on real sockets, a real database and archive, and what pulls from one to the other. */
export class BooksStage {
  readonly folder = mkdtempSync(join(tmpdir(), 'yd-books-'));
  readonly archive = new DirectoryArchive(this.folder);
  readonly gateway: TcpPeer<'gateway'>;
  readonly billing: TcpPeer<'billing'>;
  database!: TestDatabase;
  books!: BooksStore;
  segments!: SegmentsStore;
  peers!: Peers;

  constructor(
    readonly book: FakeBook,
    readonly credits: FakeBook,
  ) {
    this.gateway = new TcpPeer<'gateway'>(bookAnswers(book));
    this.billing = new TcpPeer<'billing'>(bookAnswers(credits));
  }

  static async open(date: string): Promise<BooksStage> {
    const stage = new BooksStage(new FakeBook(date), new FakeBook(date));
    stage.database = await testDatabase(schema);
    stage.books = new BooksStore(stage.database.db);
    stage.segments = new SegmentsStore(stage.database.db);
    stage.peers = new Peers({
      gateway: await stage.gateway.listen(),
      billing: await stage.billing.listen(),
      settlement: { host: '', port: 1 },
    });
    return stage;
  }

  puller(archive: Archive = this.archive): Puller {
    const logger = createLogger({ service: 'test', level: 'silent' });
    const alarm = new RaiseAlarm(new AlarmsStore(this.database.db), logger);
    const lane = new PullLane(this.segments, this.peers, alarm, archive);
    const read = new ReadSegment(this.peers, alarm, archive);
    return {
      lane,
      pull: new PullBooks(this.segments, this.peers, lane),
      load: new LoadBooks(this.segments, read),
    };
  }

  alarms(): Promise<{ kind: string; detail: string }[]> {
    return this.database.db.select('SELECT kind, detail FROM alarm ORDER BY at');
  }

  /** Paths of the files of one lane, relative to the archive. */
  files(service: string, laneId: number): string[] {
    const place = join('books', service, `lane-${laneId}`);
    return readdirSync(join(this.folder, place)).map((name) => join(place, name));
  }

  async close(): Promise<void> {
    this.peers.onApplicationShutdown();
    await Promise.all([this.gateway.close(), this.billing.close(), this.database.close()]);
    rmSync(this.folder, { recursive: true });
  }
}
