import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BOOK } from '@yidian/errors';

const ROOT = join(__dirname, '..');
/** The book itself and the description of what routes may answer name codes without throwing them. */
const LISTS = ['libs/errors/book.ts', 'libs/http/openapi.ts'];

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts') && !name.includes('/test/'))
    .filter((name) => !LISTS.includes(name));
}

/** Routes list the codes they can answer; a list is no proof that one is ever thrown. */
const withoutLists = (text: string) => text.replace(/problems:\s*\[[^\]]*\]/g, '');

const texts = ['apps', 'libs'].flatMap(sources).map((name) => withoutLists(readFileSync(join(ROOT, name), 'utf8')));

test('every code that is thrown is in the book', () => {
  const thrown = texts.flatMap((text) => [...text.matchAll(/new Problem\(\s*'([^']+)'/g)].map(([, code = '']) => code));
  expect(thrown.length).toBeGreaterThan(20);
  expect(thrown.filter((code) => !Object.hasOwn(BOOK, code))).toEqual([]);
});

test('every code in the book is answered somewhere', () => {
  const everything = texts.join('\n');
  const never = Object.keys(BOOK).filter((code) => !everything.includes(`'${code}'`));
  expect(never).toEqual([]);
});

test('every row says what happened and what to do, in both languages', () => {
  for (const [code, row] of Object.entries(BOOK)) {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(row.zh).toMatch(/[\u4e00-\u9fff]/);
    expect(row.titleZh).toMatch(/[\u4e00-\u9fffA-Z]/);
    for (const text of [row.en, row.title, row.cause, row.fix]) expect(text).not.toMatch(/[\u4e00-\u9fff]/);
    const kind = { 4: 'not_executed', 5: row.status === 503 ? 'not_executed' : 'unknown' }[
      Math.floor(row.status / 100)
    ];
    expect(`${code} ${row.outcome}`).toBe(`${code} ${kind}`);
  }
});
