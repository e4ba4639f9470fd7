import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DirectoryArchive } from '@yidian/archive';
import { inStep, type Screen } from '../../platform/progress';
import { machineLine } from '../stage/machine';
import { printJson } from '../stage/report';
import { notConserved } from './conserved';
import { sealMatchedDay } from './matched-day';
import { settleOptions } from './options';
import { settleDay } from './settle-day';

interface BenchRun {
  root: string;
  screen: Screen;
  args: readonly string[];
}

/**
 * `npm run bench:settle`: matched payments, as reconciliation seals them, to positions, statements and sealed fees and
 * commissions. Every sealed line is read again afterwards; a fen that is not where it belongs ends the run with 1.
 */
export async function run({ root, screen, args }: BenchRun): Promise<number> {
  const { rows, threads, json } = settleOptions(args);
  const folder = join(root, '.data', 'bench', 'settle');
  rmSync(folder, { recursive: true, force: true });
  try {
    const archive = new DirectoryArchive(folder);
    screen.say(`   ${machineLine()}`);
    const day = await inStep(
      screen,
      'matched',
      (step) => sealMatchedDay(archive, rows, (done) => step.progress(done, rows)),
      ({ segments }) => `${rows} payments in ${segments.length} segments`,
    );
    const began = performance.now();
    const settled = await settleDay(folder, day.segments, threads);
    const seconds = (performance.now() - began) / 1_000;
    const peak = process.resourceUsage().maxRSS / 1_024;
    const { statements, legs } = settled;
    screen.say(
      `   ${rows} payments in ${Math.round(seconds * 100) / 100} s: ${legs.length} legs, ${statements.length} statements`,
    );
    const wrong = await notConserved(archive, day, settled);
    screen.say(wrong.length === 0 ? '   every fen is where it belongs' : `   not conserved: ${wrong.join(', ')}`);
    const result = {
      rows,
      seconds: Math.round(seconds * 1_000) / 1_000,
      rows_per_s: Math.round(rows / seconds),
      peak_rss_mb: Math.round(peak),
      conserved: wrong.length === 0,
    };
    if (json) printJson(result);
    return result.conserved ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
