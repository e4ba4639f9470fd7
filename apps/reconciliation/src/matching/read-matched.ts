import { Inject, Injectable } from '@nestjs/common';
import type { Archive } from '@yidian/archive';
import type { MatchedSegments } from '@yidian/contracts';
import { addDays } from '../dates';
import { HashKeyStore } from '../books/hash-key.store';
import { ARCHIVE } from '../statements/fetch-statement';
import type { StatementLine } from '../statements/statement';
import { partitionOf } from './engine/record';
import { SipHash } from './engine/sip-hash';
import { Yd1Lines } from './engine/yd1-lines';
import type { PriorLine } from './group';
import { itemId } from './identity';
import { MatchedPart, type MatchedRecord } from './matched-part';
import { MatchedStore, type MatchedSegment, type MatchedSet } from './matched.store';
import type { Item } from './result';

/** Where a page of matched lines goes on: behind all ids of rows, which are hex. */
const CURSOR = /^seg:(\d{4}):(\d{10})$/;
const cursorOf = (part: number, place: number): string =>
  `seg:${String(part).padStart(4, '0')}:${String(place).padStart(10, '0')}`;
export const isCursor = (after: string): boolean => CURSOR.test(after);

/** Earlier statements are looked through for a transaction that nobody knows this many dates back. */
const DATES_BACK = 40;
/** A payment's line is in the statement of its own date, or of one that close to it. */
const DATES_EARLY = 1;
const DATES_LATE = 5;
const DAY_MS = 86_400_000;

interface Placed {
  set: MatchedSet;
  record: MatchedRecord;
}

/** Matched lines out of their sealed segments, with what their lines in the archived statement say. */
@Injectable()
export class ReadMatched {
  /** Pages follow one another within a segment. */
  private last: { sha256: string; part: MatchedPart } | undefined;

  constructor(
    private readonly store: MatchedStore,
    private readonly key: HashKeyStore,
    @Inject(ARCHIVE) private readonly archive: Archive,
  ) {}

  /** @param after '' or what an earlier page gave as next */
  async page(runId: string, after: string, limit: number): Promise<{ items: Item[]; next: string | null }> {
    const set = await this.store.set(runId);
    if (!set) return { items: [], next: null };
    const [, part = '0', from = '0'] = CURSOR.exec(after) ?? [];
    const placed: Placed[] = [];
    let next: string | null = null;
    for (const segment of await this.store.segments(runId)) {
      if (segment.part < Number(part)) continue;
      if (placed.length === limit) break;
      const sealed = await this.part(segment);
      let place = segment.part === Number(part) ? Number(from) : 0;
      for (; place < sealed.n && placed.length < limit; place++) placed.push({ set, record: sealed.at(place) });
      next = place < sealed.n ? cursorOf(segment.part, place) : cursorOf(segment.part + 1, 0);
    }
    const items = await this.items(placed);
    return { items, next: placed.length === limit ? next : null };
  }

  /** The matched lines of these payments, of one run. */
  async ofRun(runId: string, paymentNos: readonly string[]): Promise<Item[]> {
    const set = await this.store.set(runId);
    return set ? this.items(await this.ofPayments(set, paymentNos)) : [];
  }

  /** Where a run's parts lie; null when it has none. */
  async segments(runId: string): Promise<MatchedSegments | null> {
    const set = await this.store.set(runId);
    if (!set) return null;
    const segments = (await this.store.segments(runId)).map(({ n, path, sha256 }) => ({ n, path, sha256 }));
    return { count: set.n, names: set.names.map(([code, name]) => [code, nameOf(name)]), segments };
  }

  /** Matched lines of earlier dates, for payments that may be so old, and for transactions that no fact names. */
  async priorLines(
    provider: string,
    before: string,
    by: { paymentNos: readonly string[]; txnIds: readonly string[] },
  ): Promise<PriorLine[]> {
    const found: Placed[] = [];
    const numbers = by.paymentNos.filter((number) => OUR_NUMBER.test(number));
    const oldest = numbers.map(dateOf).sort()[0];
    if (oldest !== undefined && oldest < before)
      for (const set of await this.store.setsBetween(provider, oldest, before)) {
        const old = numbers.filter((number) => dateOf(number) <= set.date);
        found.push(...(await this.ofPayments(set, old)));
      }
    if (by.txnIds.length > 0) {
      const from = new Date(Date.parse(`${before}T00:00:00Z`) - DATES_BACK * DAY_MS).toISOString().slice(0, 10);
      for (const set of await this.store.setsBetween(provider, from, before))
        found.push(...(await this.ofTransactions(set, by.txnIds)));
    }
    return (await this.lineOf(found)).sort((a, b) => (a.itemId < b.itemId ? -1 : 1));
  }

  /** The matched line of each payment, in the statements of the dates around its own. */
  async linesOf(provider: string, paymentNos: readonly string[]): Promise<PriorLine[]> {
    const numbers = paymentNos.filter((number) => OUR_NUMBER.test(number)).sort();
    const [first, last] = [numbers[0], numbers.at(-1)];
    if (first === undefined || last === undefined) return [];
    const found: Placed[] = [];
    const missing = new Set(numbers);
    const [from, before] = [addDays(dateOf(first), -DATES_EARLY), addDays(dateOf(last), DATES_LATE + 1)];
    for (const set of await this.store.setsBetween(provider, from, before)) {
      const near = [...missing].filter((number) => {
        const day = dateOf(number);
        return set.date >= addDays(day, -DATES_EARLY) && set.date <= addDays(day, DATES_LATE);
      });
      for (const placed of await this.ofPayments(set, near)) {
        found.push(placed);
        missing.delete(placed.record.number);
      }
    }
    return this.lineOf(found);
  }

  private async lineOf(found: readonly Placed[]): Promise<PriorLine[]> {
    const items = await this.items(found);
    return items.map((item, n) => ({
      ...{ itemId: item.id, date: found[n]?.set.date ?? '', kind: item.kind, paymentNo: item.paymentNo },
      ...{ refNo: item.refNo, txnId: item.txnId, amount: item.amount },
    }));
  }

  private async ofPayments(set: MatchedSet, numbers: readonly string[]): Promise<Placed[]> {
    const sip = new SipHash(Buffer.from(await this.key.get(), 'hex'));
    const segments = new Map((await this.store.segments(set.runId)).map((segment) => [segment.part, segment]));
    const byPart = new Map<number, string[]>();
    for (const number of numbers) {
      sip.hash128(0, sip.put(number));
      const part = partitionOf(sip.h0, set.bits);
      byPart.set(part, [...(byPart.get(part) ?? []), number]);
    }
    const found: Placed[] = [];
    for (const [part, own] of byPart) {
      const segment = segments.get(part);
      if (!segment) continue;
      const sealed = await this.part(segment);
      for (const number of own) {
        const record = sealed.find(sip, number);
        if (record) found.push({ set, record });
      }
    }
    return found;
  }

  private async ofTransactions(set: MatchedSet, txnIds: readonly string[]): Promise<Placed[]> {
    const sip = new SipHash(Buffer.from(await this.key.get(), 'hex'));
    const hashes = new Set(
      txnIds.map((txnId) => {
        sip.hash64(0, sip.put(txnId));
        return sip.h0;
      }),
    );
    const found: Placed[] = [];
    for (const segment of await this.store.segments(set.runId)) {
      const sealed = await this.part(segment);
      for (const place of sealed.withTransaction(hashes)) found.push({ set, record: sealed.at(place) });
    }
    const lines = await this.items(found);
    return found.filter((_, n) => txnIds.includes(lines[n]?.txnId ?? ''));
  }

  private async part(segment: MatchedSegment): Promise<MatchedPart> {
    if (this.last?.sha256 === segment.sha256) return this.last.part;
    const part = new MatchedPart(await this.archive.get(segment));
    this.last = { sha256: segment.sha256, part };
    return part;
  }

  /** In the order of what was placed. */
  private async items(placed: readonly Placed[]): Promise<Item[]> {
    const bySet = new Map<MatchedSet, MatchedRecord[]>();
    for (const { set, record } of placed) bySet.set(set, [...(bySet.get(set) ?? []), record]);
    const lines = new Map<MatchedRecord, StatementLine>();
    for (const [set, records] of bySet) {
      const read = await this.lines(set, records);
      for (const record of records) {
        const line = read.get(record.place.offset);
        if (!line)
          throw new Error(`the statement of ${set.provider} ${set.date} has no line at ${record.place.offset}`);
        lines.set(record, line);
      }
    }
    return placed.map(({ set, record }) => toItem(set, record, lines.get(record) as StatementLine));
  }

  private async lines(set: MatchedSet, records: readonly MatchedRecord[]): Promise<Map<number, StatementLine>> {
    const reader = new Yd1Lines(await this.archive.local(set.statement), []);
    const header = `H|YD1|${set.provider}|${set.date}|CNY`;
    const { lines } = await reader.read(
      records.map(({ place }) => place),
      header,
    );
    return new Map(lines.map((line) => [line.offset ?? -1, line]));
  }
}

/** A payment number begins with its day. */
const OUR_NUMBER = /^\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{14}$/;
const dateOf = (number: string): string => `20${number.slice(0, 2)}-${number.slice(2, 4)}-${number.slice(4, 6)}`;

function toItem(set: MatchedSet, record: MatchedRecord, line: StatementLine): Item {
  const { channel, partner } = nameOf(new Map(set.names).get(record.code) ?? '');
  const { ourRef: refNo, txnId, currency } = line;
  return {
    id: itemId(set.provider, set.date, 'payment', txnId, 0),
    kind: 'payment',
    class: 'matched',
    matched: true,
    key: record.number,
    paymentNo: record.number,
    refNo,
    txnId,
    amount: record.amount,
    fee: record.fee,
    currency,
    branch: record.branch,
    acquiringBranch: record.acquiringBranch,
    channel,
    partner,
  };
}

function nameOf(name: string): { channel: string; partner: string } {
  const [channel = '', partner = ''] = name.split('\t').map(unescaped);
  return { channel, partner };
}

/** Names stand as facts' lines write them. */
const unescaped = (name: string): string =>
  name.replace(/\\[tn\\]/g, (pair) => ({ '\\t': '\t', '\\n': '\n', '\\\\': '\\' })[pair] ?? pair);
