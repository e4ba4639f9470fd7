import { RpcClient } from '@yidian/messaging';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { PlainError, type Screen } from '../platform/progress';
import { compareCredits, creditRows } from './credits';
import { datesBetween, Desk, type ProviderDay } from './desk';
import { readOptions, UsageError, type Options } from './options';
import { reconConfig } from './recon.config';
import { runNights } from './run-nights';
import { showBreaks, showCredits, showDays, showReport, showSweeps } from './show';

const CLEAN = 0;
const FINDINGS = 1;
const CANNOT_RUN = 2;

interface Outside {
  stdout: NodeJS.WritableStream;
  stderr: NodeJS.WritableStream;
}

interface Work {
  desk: Desk;
  options: Options;
  screen: Screen;
}

interface Outcome {
  code: number;
  json: object;
}

/** @returns 0 when all is clean, 1 with open breaks or a day that is not settled, 2 when it cannot run */
export async function main(
  args: string[],
  root: string,
  screen: Screen,
  { stdout, stderr }: Outside = process,
): Promise<number> {
  try {
    const options = readOptions(args, root);
    const { host, port, actor } = reconConfig(root);
    const client = new RpcClient('reconciliation', host, port);
    try {
      const { code, json } = await VERBS[options.verb]({ desk: new Desk(client, actor), options, screen });
      const { verb, provider, branch, from, to } = options;
      const of = branch === undefined ? {} : { branch };
      const head = { ok: code === CLEAN, verb, provider: provider ?? null, ...of, from, to };
      if (options.json) stdout.write(`${JSON.stringify({ ...head, ...json })}\n`);
      return code;
    } finally {
      client.close();
    }
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof PlainError)) throw error;
    stderr.write(`${error.message}\n`);
    return CANNOT_RUN;
  }
}

const VERBS: Readonly<Record<Options['verb'], (work: Work) => Promise<Outcome>>> = {
  ...{ run, status, breaks, report },
  'credits run': runCredits,
  'credits status': creditStatus,
};

async function run(work: Work): Promise<Outcome> {
  const nights = await runNights(work.desk, work.options, work.screen);
  work.screen.say(
    `   ${nights.lines} lines in ${nights.seconds} s, ${nights.linesPerSecond} lines/s: ${nights.detail}`,
  );
  const { code, json } = await status(work);
  return { code: nights.ended ? code : FINDINGS, json: { ...json, ...nights } };
}

async function status({ desk, options, screen }: Work): Promise<Outcome> {
  const { from, to, provider } = options;
  const days = await desk.days(datesBetween(from, to), provider);
  const progress = await desk.ask('night.progress', { from, to, ...(provider ? { provider } : {}) });
  showDays(screen, days, progress.days);
  return { code: codeOf(days), json: { percent: progress.percent, days: merged(days, progress.days) } };
}

const merged = (days: readonly ProviderDay[], progress: readonly { provider: string; date: string }[]) =>
  days.map((day) => ({ ...progress.find((one) => one.provider === day.provider && one.date === day.date), ...day }));

const codeOf = (days: readonly ProviderDay[]): number =>
  days.length > 0 && days.every((day) => day.state === 'settled' && day.openBreaks === 0 && day.residual === '0')
    ? CLEAN
    : FINDINGS;

async function breaks({ desk, options, screen }: Work): Promise<Outcome> {
  const rows = [];
  for (const date of datesBetween(options.from, options.to))
    rows.push(...(await desk.breaks(date, options.provider, options.state)));
  showBreaks(screen, rows);
  const isOpen = rows.some(({ state }) => state !== 'resolved');
  return { code: isOpen ? FINDINGS : CLEAN, json: { count: rows.length, breaks: rows } };
}

async function report({ desk, options, screen }: Work): Promise<Outcome> {
  const { from, to, provider, out } = options;
  const only = provider ? { provider } : {};
  const written: string[] = [];
  for (const date of datesBetween(from, to)) {
    const { files } = await desk.ask('report.files', { date, ...only });
    const folder = join(out, date, provider ?? '');
    if (files.length > 0) mkdirSync(folder, { recursive: true });
    for (const { name, contentBase64 } of files) {
      const path = join(folder, basename(name));
      writeFileSync(path, Buffer.from(contentBase64, 'base64'));
      written.push(path);
    }
  }
  const figures = await desk.ask('report.get', { from, to, ...only });
  showReport(screen, figures);
  for (const path of written) screen.say(`   ${path}`);
  const days = await desk.days(datesBetween(from, to), provider);
  return { code: codeOf(days), json: { files: written, report: figures } };
}

async function runCredits(work: Work): Promise<Outcome> {
  await compareCredits(work.desk, work.options, work.screen);
  return creditStatus(work);
}

async function creditStatus({ desk, options, screen }: Work): Promise<Outcome> {
  const { runs, findings, sweeps } = await creditRows(desk, options);
  showCredits(screen, runs, findings);
  showSweeps(screen, sweeps);
  const compared = runs.filter(({ state }) => state !== 'wanted');
  const isClean = (run: (typeof runs)[number]) => run.state !== 'wanted' && run.residual === '0';
  const isOpen = findings.some(({ state }) => state !== 'resolved');
  const percent = runs.length === 0 ? 0 : Math.floor((100 * compared.length) / runs.length);
  return {
    code: runs.length > 0 && runs.every(isClean) && !isOpen ? CLEAN : FINDINGS,
    json: { percent, runs, numbers: sweeps, count: findings.length, breaks: findings },
  };
}
