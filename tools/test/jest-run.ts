import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Step } from '../platform/progress';
import { runNode, type Outcome } from './command';

export interface JestRun {
  name: string;
  config: string;
  args?: string[];
}

export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
  suites: number;
}

const result = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTotalTestSuites: z.number(),
  numRuntimeErrorTestSuites: z.number(),
});

const JEST = 'node_modules/jest/bin/jest.js';

/** Runs jest and tells how many suites are done; the tally comes from its own report, never from its words. */
export async function runJest(
  run: JestRun,
  around: { root: string; logs: string; env: NodeJS.ProcessEnv; signal: AbortSignal },
  step: Step,
): Promise<{ outcome: Outcome; tally: Tally }> {
  const { root, logs, env, signal } = around;
  const listLog = join(logs, `${run.name}-list.log`);
  const listed = await runNode({
    args: [JEST, '--config', run.config, '--listTests', ...(run.args ?? [])],
    cwd: root,
    log: listLog,
    env,
    signal,
  });
  const total = listed.output.split('\n').filter((line) => line.startsWith('/')).length;
  const report = join(logs, `${run.name}.json`);
  rmSync(report, { force: true });
  let done = 0;
  const outcome = await runNode({
    args: [JEST, '--config', run.config, '--json', '--outputFile', report, ...(run.args ?? [])],
    cwd: root,
    log: join(logs, `${run.name}.log`),
    env: { ...env, FORCE_COLOR: '0' },
    signal,
    line: (text) => {
      const suite = /^(?:PASS|FAIL) (\S+)/.exec(text);
      if (!suite) return;
      done += 1;
      step.progress(done, Math.max(total, done), `files  ${suite[1] ?? ''}`);
    },
  });
  return { outcome, tally: readTally(report) };
}

function readTally(report: string): Tally {
  // Jest was killed, or fell over in its set-up: what it said until then is all there is.
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0, suites: 0 };
  const parsed = result.parse(JSON.parse(readFileSync(report, 'utf8')));
  return {
    passed: parsed.numPassedTests,
    // A suite that cannot even load has no tests to fail; it counts as one.
    failed: parsed.numFailedTests + parsed.numRuntimeErrorTestSuites,
    skipped: parsed.numPendingTests,
    suites: parsed.numTotalTestSuites,
  };
}
