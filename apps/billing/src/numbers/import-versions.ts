/**
 * Takes in files of segments and ported numbers. A file is a version: begun, its rows kept aside, then carried out slice by
 * slice, each slice with its progress in one transaction; whoever comes back after a crash goes on where it stopped. A file
 * that contradicts itself is refused whole, and one that is older than what is in force changes nothing.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { numberingBegin, numberingRows, NumberingRow, NumberingVersion } from '@yidian/contracts';
import { isDuplicateKey, type Db, type Queryable } from '@yidian/database';
import { Problem } from '@yidian/errors';
import { Audit } from '@yidian/journal';
import type { z } from 'zod';
import { BranchesStore } from '../branches/branches.store';
import { DB } from '../resources/db';
import { placePorts, type PortRow } from './place-ports';
import { RouteSlicesStore, type Range } from './route-slices.store';
import { versionView, VersionsStore, type Slice, type VersionRow } from './versions.store';

type Begin = z.output<typeof numberingBegin>;
type Rows = z.output<typeof numberingRows>;

const SEGMENT_SLICE = 25_000;
const PORT_SLICE = 4_000;
/** After every prefix and number. */
const END = '~';
const TRIES = 5;

@Injectable()
export class ImportVersions {
  constructor(
    @Inject(DB) private readonly db: Db,
    private readonly versions: VersionsStore,
    private readonly slices: RouteSlicesStore,
    private readonly branches: BranchesStore,
    private readonly audit: Audit,
  ) {}

  async begin(file: Begin): Promise<NumberingVersion> {
    for (let tries = 1; ; tries++) {
      const known = await this.versions.ofFile(file.kind, file.sha256, file.from);
      if (known) return this.sameFile(known, file);
      await this.assertNotOlder(file);
      try {
        const row = { ...file, wholeTable: file.wholeTable ? 1 : 0, findings: JSON.stringify(file.findings) };
        const zero = { received: 0, applied: 0, appliedTo: '', opened: 0, closed: 0, skipped: 0 };
        await this.versions.insert(this.db, {
          ...row,
          ...zero,
          state: 'open',
          createdAt: new Date(),
          appliedAt: null,
        });
      } catch (error) {
        if (!isDuplicateKey(error) || tries === TRIES) throw error; // another file, or this one, began at the same time
      }
    }
  }

  private sameFile(known: VersionRow, file: Begin): NumberingVersion {
    const same = known.total === file.total && known.wholeTable === (file.wholeTable ? 1 : 0);
    if (!same) throw new Problem('state_conflict', { detail: `Version ${known.id} reads this file otherwise.` });
    return versionView(known);
  }

  private async assertNotOlder({ kind, from }: Begin): Promise<void> {
    if (kind !== 'segments') return; // ported numbers have days of their own
    const newest = await this.versions.newestDay(kind);
    if (newest && from < newest.from)
      throw new Problem('state_conflict', {
        detail: `Version ${newest.id} is in force from ${newest.from}; a file from ${from} would rewrite history.`,
      });
  }

  async take({ version: id, offset, rows }: Rows): Promise<NumberingVersion> {
    const version = await this.need(id);
    await this.assertRows(version, rows);
    try {
      await this.db.transaction(async (tx) => {
        if (await this.versions.count(tx, id, offset, rows.length)) await this.versions.keep(tx, version, rows);
      });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      const finding = `rows ${offset} to ${offset + rows.length - 1}: one says something of a number that another row says too`;
      await this.versions.refuse(id, JSON.stringify([finding]));
    }
    const now = await this.need(id);
    if (now.state === 'open' && now.received < offset + rows.length)
      throw new Problem('state_conflict', { detail: `Version ${id} has ${now.received} rows of ${now.total}.` });
    return versionView(now);
  }

  private async assertRows({ kind }: VersionRow, rows: readonly NumberingRow[]): Promise<void> {
    const known = new Set((await this.branches.all()).map(({ code }) => code));
    const fits = ([id, branch, , from]: NumberingRow): boolean =>
      kind === 'ports'
        ? id.length === 11 && from !== null && (branch === null || known.has(branch))
        : id.length >= 7 && id.length <= 9 && branch !== null && known.has(branch);
    if (!rows.every(fits)) throw new Problem('field_invalid', { detail: 'A row is none of this kind of file.' });
  }

  /** One slice, or the end. Asked again and again until the version is applied. */
  async apply(id: number): Promise<NumberingVersion> {
    const version = await this.need(id);
    if (version.state === 'open') {
      if (!(await this.versions.beginApplying(id)))
        throw new Problem('state_conflict', {
          detail: `Version ${id} has ${version.received} rows of ${version.total}.`,
        });
      await this.record(version, 'numbering_begun');
    } else if (version.state === 'applying') {
      await this.db.transaction((tx) => this.slice(tx, id));
    }
    return versionView(await this.need(id));
  }

  private async slice(tx: Queryable, id: number): Promise<void> {
    const version = await this.need(id, tx);
    if (version.state !== 'applying') return;
    const size = version.kind === 'segments' ? SEGMENT_SLICE : PORT_SLICE;
    const to = await this.versions.sliceEnd(tx, version, size);
    if (to === undefined) {
      const closed = await this.endMissing(tx, version, { from: version.appliedTo, to: END });
      await this.versions.finish(tx, id, closed, new Date());
      await this.record(version, 'numbering_applied');
      return;
    }
    const range = { from: version.appliedTo, to };
    const missing = await this.endMissing(tx, version, range);
    const done =
      version.kind === 'segments' ? await this.segments(tx, version, range) : await this.ports(tx, version, range);
    if (!(await this.versions.moveOn(tx, version, { ...done, to, closed: done.closed + missing })))
      throw new Error('this slice was carried out by somebody else meanwhile');
  }

  private endMissing(tx: Queryable, version: VersionRow, range: Range): Promise<number> {
    if (version.wholeTable !== 1) return Promise.resolve(0);
    return version.kind === 'segments'
      ? this.slices.endMissingSegments(tx, version, range)
      : this.slices.endMissingPorts(tx, version, range);
  }

  private async segments(tx: Queryable, version: VersionRow, range: Range): Promise<Omit<Slice, 'to'>> {
    const rows = await this.versions.countRows(tx, version.id, range.from, range.to);
    const closed = await this.slices.endSegments(tx, version, range);
    return { rows, closed, opened: await this.slices.openSegments(tx, version, range), skipped: 0 };
  }

  private async ports(tx: Queryable, version: VersionRow, range: Range): Promise<Omit<Slice, 'to'>> {
    const staged = byNumber(await this.slices.stagedPorts(tx, version, range));
    const known = byNumber(await this.slices.ports(tx, [...staged.keys()]));
    const placed = [...staged].map(([msisdn, rows]) => placePorts(known.get(msisdn) ?? [], rows));
    const opened = placed.flatMap((one) => one.opened);
    const ended = placed.flatMap((one) => one.ended);
    await this.slices.writePorts(tx, opened, ended);
    const rows = [...staged.values()].reduce((sum, list) => sum + list.length, 0);
    const skipped = placed.reduce((sum, one) => sum + one.skipped, 0);
    return { rows, opened: opened.length, closed: ended.length, skipped };
  }

  private async need(id: number, from?: Queryable): Promise<VersionRow> {
    const version = await this.versions.find(id, from);
    if (!version) throw new Problem('not_found', { detail: 'No version has this number.' });
    return version;
  }

  private record({ id, kind, actor, sha256, fileName, from, total }: VersionRow, action: string): Promise<void> {
    const after = JSON.stringify({ kind, sha256, fileName, from, total });
    return this.audit.append({ actor, action, object: `numbering/${id}`, before: null, after });
  }
}

function byNumber(rows: readonly PortRow[]): Map<string, PortRow[]> {
  const numbers = new Map<string, PortRow[]>();
  for (const row of rows) numbers.set(row.msisdn, [...(numbers.get(row.msisdn) ?? []), row]);
  return numbers;
}
