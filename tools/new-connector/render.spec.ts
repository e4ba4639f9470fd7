import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './main';
import { fileNameOf, render } from './render';

const TEMPLATE = join(__dirname, 'template');

describe('npm run new:connector', () => {
  let root: string;
  let said: string;
  const make = (...args: string[]) => {
    said = '';
    return run(root, args, (text) => (said += text));
  };
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'yd-new-'));
    mkdirSync(join(root, 'libs/connectors'), { recursive: true });
    mkdirSync(join(root, 'tools/new-connector'), { recursive: true });
    symlinkSync(TEMPLATE, join(root, 'tools/new-connector/template'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  test('makes every file of the template under the new name, and nothing of the old name is left', () => {
    expect(make('icbc-direct')).toBe(0);
    const folder = join(root, 'libs/connectors/icbc-direct');
    expect(readdirSync(folder).sort()).toEqual(
      readdirSync(TEMPLATE)
        .map((file) => fileNameOf('icbc-direct', file))
        .sort(),
    );
    for (const file of readdirSync(folder)) {
      const text = readFileSync(join(folder, file), 'utf8');
      expect(text).not.toMatch(/sample/i);
      expect(text).not.toContain('../../../');
    }
  });

  test('its parts still name each other: what a file imports, another exports', () => {
    const text = (file: string) => render('icbc-direct', readFileSync(join(TEMPLATE, file), 'utf8'));
    expect(text('index.ts')).toContain('export function icbcDirect(options');
    expect(text('index.ts')).toContain("name: 'icbc-direct'");
    expect(text('index.ts')).toContain("import { IcbcDirectCallbacks } from './callbacks';");
    expect(text('callbacks.ts')).toContain('export class IcbcDirectCallbacks implements Callbacks');
    expect(text('played-sample.ts')).toContain("import { icbcDirect } from './index';");
    expect(text('sample.spec.ts')).toContain("import { PlayedIcbcDirect } from './played-icbc-direct';");
    expect(text('sample.spec.ts')).toContain("from '../contract/conformance'");
  });

  test.each([[], ['Bad Name'], ['../escape'], ['a', 'b'], ['-x'], ['x--y']])('%s: nothing is made', (...args) => {
    expect(make(...args)).toBe(2);
    expect(said).toContain('npm run new:connector NAME');
    expect(readdirSync(join(root, 'libs/connectors'))).toEqual([]);
  });

  test('what is there stays as it is', () => {
    make('icbc-direct');
    expect(make('icbc-direct')).toBe(2);
    expect(said).toContain('there already');
  });
});
