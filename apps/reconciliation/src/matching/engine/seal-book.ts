import { closeSync, existsSync, fdatasyncSync, ftruncateSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startsOf, type BookManifest } from './book-file';
import type { EnginePool } from './engine-pool';
import type { BookOf, FactsResult } from './fact-records';
import { keepFile } from './keep-file';
import { RECORD_BYTES } from './record';

export interface SealedBook {
  file: string;
  manifest: BookManifest;
}

export interface SealOrder {
  /** Where the book and what is on the way to it lie. */
  folder: string;
  book: BookOf;
  /** Over vector, horizon and segments: the same inputs are the same book and are not made again. */
  inputs: string;
  bits: number;
  /** The texts of the segments, in any order. */
  texts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/**
 * Makes a sealed book of one service, provider and date: facts go to their partitions as their texts come, then every
 * partition is sorted and written where it belongs.
 */
export async function sealBook(pool: EnginePool, order: SealOrder): Promise<SealedBook> {
  const known = sealedBook(order.folder, order.book.service, order.inputs);
  if (known) return known;
  await pool.all('openFacts', { bits: order.bits, book: order.book });
  await feed(pool, order.texts);
  return sealFacts(pool, order, await pool.all('closeFacts', undefined));
}

/** Of facts that lie in partitions already. The manifest comes last, by a rename: a book without one is none. */
export async function sealFacts(
  pool: EnginePool,
  order: Omit<SealOrder, 'texts'>,
  results: readonly FactsResult[],
): Promise<SealedBook> {
  const place = placeOf(order.folder, order.book.service);
  const manifest = await write(pool, place, order, results);
  for (const file of new Set(results.flatMap(({ blocks }) => blocks.map((block) => block.file)))) rmSync(file);
  keepFile(`${place}.json`, Buffer.from(JSON.stringify(manifest)));
  return { file: place, manifest };
}

/** The book that lies there, when it was made of these inputs. */
export function sealedBook(folder: string, service: BookOf['service'], inputs: string): SealedBook | undefined {
  const place = placeOf(folder, service);
  if (!existsSync(`${place}.json`)) return undefined;
  const manifest = JSON.parse(readFileSync(`${place}.json`, 'utf8')) as BookManifest;
  return manifest.inputs === inputs && existsSync(place) ? { file: place, manifest } : undefined;
}

const placeOf = (folder: string, service: BookOf['service']): string => join(folder, `${service}.book`);

/** Two texts on the way to each worker: one is read while the other waits. */
async function feed(pool: EnginePool, texts: SealOrder['texts']): Promise<void> {
  const underWay: Promise<unknown>[] = [];
  let worker = 0;
  for await (const bytes of texts) {
    underWay.push(pool.one(worker++, 'text', { bytes }));
    if (underWay.length >= pool.size * 2) await underWay.shift();
  }
  await Promise.all(underWay);
}

async function write(
  pool: EnginePool,
  file: string,
  { book, inputs, bits }: Omit<SealOrder, 'texts'>,
  results: readonly FactsResult[],
): Promise<BookManifest> {
  const blocks = results.flatMap((result) => result.blocks);
  const starts = startsOf(blocks, bits);
  const fd = openSync(file, 'w');
  ftruncateSync(fd, (starts.at(-1) ?? 0) * RECORD_BYTES);
  const byPartition = Array.from({ length: 1 << bits }, () => [] as typeof blocks);
  for (const block of blocks) byPartition[block.partition]?.push(block);
  const crcs = await pool.each(
    'seal',
    byPartition.map((own, partition) => ({ file, blocks: own, at: starts[partition] ?? 0, bits })),
  );
  fdatasyncSync(fd);
  closeSync(fd);
  return {
    ...{ book, inputs, bits, starts, crcs },
    facts: results.reduce((sum, result) => sum + result.facts, 0),
    names: namesOf(results),
    strange: [...new Set(results.flatMap((result) => result.strange))].sort(),
    sums: addUp(results),
  };
}

/** A code that two names share stands for neither: its groups go to the classifier. */
function namesOf(results: readonly FactsResult[]): BookManifest['names'] {
  const names = new Map<number, string>();
  const shared = new Set<number>();
  for (const [code, name] of results.flatMap((result) => result.names)) {
    if ((names.get(code) ?? name) !== name) shared.add(code);
    names.set(code, name);
  }
  return [...names].filter(([code]) => !shared.has(code)).sort(([a], [b]) => a - b);
}

function addUp(results: readonly FactsResult[]): BookManifest['sums'] {
  const sums: BookManifest['sums'] = {};
  for (const result of results)
    for (const [kind, { count, amount }] of Object.entries(result.sums)) {
      const before = sums[kind] ?? { count: 0, amount: '0' };
      sums[kind] = { count: before.count + count, amount: `${BigInt(before.amount) + BigInt(amount)}` };
    }
  return sums;
}
