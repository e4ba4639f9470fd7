import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const read = (name: string) => readFileSync(join(ROOT, name), 'utf8');
const english = read('README.md');
const chinese = read('README.zh-CN.md');
const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts);

const headings = (text: string) => [...text.matchAll(/^(#+) /gm)].map((match) => match[1]);
const commands = (text: string) =>
  [...text.matchAll(/^(npm [^#\n]*?|cp [^#\n]*?)\s*(?:#.*)?$/gm)].map((match) => match[1]);
const links = (text: string) =>
  [...text.matchAll(/\]\(([^)#]+)\)/g)].map((match) => match[1] ?? '').filter((link) => !/^https?:/.test(link));
const tests = (text: string) =>
  [...text.matchAll(/`((?:libs|apps|test)\/[^`]*?)(?:\/\*\*)?\/?(?:\*[^`]*)?`/g)].map((match) => match[1] ?? '');

describe('README', () => {
  test('is short', () => expect(english.split('\n').length).toBeLessThanOrEqual(150));

  test('says the same in both languages: headings and commands', () => {
    expect(headings(chinese)).toEqual(headings(english));
    expect(commands(english).length).toBeGreaterThan(2);
    expect(commands(chinese)).toEqual(commands(english));
  });

  test.each([
    ['README.md', english],
    ['README.zh-CN.md', chinese],
  ])('%s names only what is there', (_, text) => {
    for (const path of [...links(text), ...tests(text)])
      expect([path, existsSync(join(ROOT, path))]).toEqual([path, true]);
    for (const [, script] of text.matchAll(/(?:^|`)npm (?:run )?([a-z]+)/gm))
      expect([...scripts, 'ci']).toContain(script);
  });
});
