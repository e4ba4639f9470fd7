import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { example } from '../../apps/settlement/src/testing/money-page';

/** Rows that a title begins with: `1a 1b 1d: credited, …`. */
function rowsOf(title: string): string[] {
  const words = title.split(' ').map((word) => word.replace(/:$/, ''));
  const end = words.findIndex((word) => !/^\d{1,2}[a-f]?$/.test(word));
  return words.slice(0, end === -1 ? words.length : end);
}

/** Titles of the tests beside this one, those of tables included. */
function titles(): string[] {
  const files = readdirSync(__dirname).filter((name) => name.endsWith('.spec.ts') && name !== 'rows.spec.ts');
  const sources = files.map((name) => readFileSync(join(__dirname, name), 'utf8'));
  return sources.flatMap((source) =>
    [...source.matchAll(/\btest(?:\.each\(\[[^]*?\](?: as const)?\))?\(\s*'([^']+)'/g)].map(([, title = '']) => title),
  );
}

describe('the posting table of docs/MONEY.md', () => {
  const law = example('rows').map(([row = '']) => row);

  test('each row has a test through both services, and each such test is of rows that there are', () => {
    const tested = titles().flatMap(rowsOf);
    expect([...new Set(tested)].sort()).toEqual([...law].sort());
  });

  test('each row once; every moment of theirs goes through the step that checks all invariants', () => {
    expect(new Set(law).size).toBe(law.length);
    const files = readdirSync(__dirname).filter((name) => name.endsWith('.spec.ts') && name !== 'rows.spec.ts');
    for (const name of files) {
      const source = readFileSync(join(__dirname, name), 'utf8');
      const tests = source.split(/\n {2}test\b/).slice(1);
      const without = tests.filter((body) => !/\bawait (?:step|moment)\(/.test(body));
      expect([name, without]).toEqual([name, []]);
    }
  });
});
