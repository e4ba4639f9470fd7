import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { canUnpack, unpackDebian } from './debian';
import { PlainError, type Step } from './progress';
import { withLibraries } from './runtime';

const NAMES = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];

/**
 * A Chromium for the tests of the pages: CHROMIUM_PATH, the PATH, else Debian's packages unpacked with a Chinese font.
 * Throws one sentence when there is none.
 */
export async function findChromium(runtime: string, step: Step): Promise<string> {
  const named = process.env['CHROMIUM_PATH'];
  if (named) return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
  if (found) return found;
  const root = join(runtime, 'chromium');
  if (!canUnpack())
    throw new PlainError('Chromium not found: install chromium, or set CHROMIUM_PATH to one, to test the pages.');
  await unpackDebian(
    { wanted: ['chromium-headless-shell', 'fonts-wqy-microhei'], libraries: ['chromium-common'], into: root },
    step,
  );
  return launcher(root);
}

/** Chromium and fontconfig look in fixed places of the host; a small program in front points them here. */
function launcher(root: string): string {
  const fonts = join(root, 'fonts.conf');
  const cache = join(root, '.fontcache');
  writeFileSync(
    fonts,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${root}/usr/share/fonts</dir><dir>/usr/share/fonts</dir><cachedir>${cache}</cachedir></fontconfig>\n`,
  );
  const path = join(root, 'chromium');
  const libraries = withLibraries(root)['LD_LIBRARY_PATH'] ?? '';
  const lines = [
    '#!/bin/sh',
    `export LD_LIBRARY_PATH='${libraries}' FONTCONFIG_FILE='${fonts}'`,
    `exec '${root}/usr/lib/chromium/chromium-headless-shell' "$@"`,
  ];
  writeFileSync(path, `${lines.join('\n')}\n`);
  chmodSync(path, 0o755);
  return path;
}
