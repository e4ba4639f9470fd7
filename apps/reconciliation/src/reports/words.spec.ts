import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACTIONS, BREAK_STATES, BRIDGE_LINES, BRIDGES, CHANNELS, CLASSES, CUTS, DAY_STATES } from './words';

const PAGES = join(__dirname, '../../../../web/kit/locales');
const textsOf = (language: string) =>
  JSON.parse(readFileSync(join(PAGES, `${language}.json`), 'utf8')) as Record<string, string>;
const texts = { zh: textsOf('zh-CN'), en: textsOf('en') };

/** By the prefixes under which the pages have the same code. */
const TABLES = [
  ['class', CLASSES],
  ['action', ACTIONS],
  ['c.bs', BREAK_STATES],
  ['channel', CHANNELS],
  ['c.day', DAY_STATES],
  ['c.cut', CUTS],
  ['c.bridge', BRIDGES],
  ['c.bridgeLine', BRIDGE_LINES],
] as const;

test.each(TABLES)('a code of %s is called in files what it is called on the pages', (prefix, table) => {
  const shown = Object.entries(table).filter(([code]) => `${prefix}.${code}` in texts.zh);
  expect(shown.length).toBeGreaterThan(3);
  for (const [code, [inChinese, inEnglish]] of shown)
    expect([code, inChinese, inEnglish]).toEqual([code, texts.zh[`${prefix}.${code}`], texts.en[`${prefix}.${code}`]]);
});
