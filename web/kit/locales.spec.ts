import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import en from './locales/en.json';
import zh from './locales/zh-CN.json';

const WEB = join(__dirname, '..');

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.spec.ts') ? [readFileSync(path, 'utf8')] : [];
  });
}

const used = new Set(
  sources(WEB).flatMap((text) =>
    [...text.matchAll(/(?:\bt\(|\?|:|return|key=)\s*'([a-z][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)+)'/g)].map(
      (match) => match[1] ?? '',
    ),
  ),
);

describe('texts of the pages', () => {
  test('both languages have the same keys', () => expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort()));

  test('both languages take the same values', () => {
    const values = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();
    for (const [key, text] of Object.entries(zh))
      expect([key, values((en as Record<string, string>)[key] ?? '')]).toEqual([key, values(text)]);
  });

  test('every key that a page names exists', () => {
    expect(used.size).toBeGreaterThan(40);
    expect([...used].filter((key) => !(key in zh))).toEqual([]);
  });
});
