import type { MonthReply } from '@yidian/contracts';
import { writeFileSync } from 'node:fs';
import { PlainError, type Screen } from '../platform/progress';
import { Office } from './office';
import { readOptions, UsageError, type Options } from './options';
import { settleConfig } from './settle.config';
import { clean, settleDate } from './settle-date';
import { showDays, showMonth, showPositions, showStatement, showChecks } from './show';

const CLEAN = 0;
const FINDINGS = 1;
const CANNOT_RUN = 2;

interface Outside {
  stdout: NodeJS.WritableStream;
  stderr: NodeJS.WritableStream;
}

interface Work {
  office: Office;
  options: Options;
  actor: string;
  screen: Screen;
}

interface Outcome {
  ok: boolean;
  json: object;
}

/** @returns 0 when all is clean, 1 with findings, 2 when it cannot run */
export async function main(
  args: string[],
  root: string,
  screen: Screen,
  { stdout, stderr }: Outside = process,
): Promise<number> {
  try {
    const options = readOptions(args);
    const config = settleConfig(root);
    const office = new Office(config);
    try {
      const work = { office, options, screen, actor: options.actor ?? config.actor };
      const { ok, json } = await VERBS[options.verb](work);
      const head = { ok, verb: options.verb, ...(options.period === undefined ? {} : { period: options.period }) };
      if (options.json) stdout.write(`${JSON.stringify({ ...head, ...json })}\n`);
      return ok ? CLEAN : FINDINGS;
    } finally {
      office.close();
    }
  } catch (error) {
    const plain = error instanceof UsageError || error instanceof PlainError;
    if (!plain && !(error instanceof Error && error.name === 'ConfigError')) throw error;
    stderr.write(`${error.message}\n`);
    return CANNOT_RUN;
  }
}

const VERBS: Readonly<Record<Options['verb'], (work: Work) => Promise<Outcome>>> = { run, status, statement, verify };

const isMonth = (period: string): boolean => period.length === 7;

async function run({ office, options, actor, screen }: Work): Promise<Outcome> {
  const { period = '', missing, signOff, provider } = options;
  if (isMonth(period)) {
    const month = signOff
      ? await office.settlement('months.signOff', { month: period, actor })
      : await office.settlement('months.run', { month: period, actor, missing });
    return monthOutcome(month, screen);
  }
  const days = await settleDate(office, period, provider);
  showDays(screen, days);
  return { ok: days.length > 0 && days.every(clean), json: { days } };
}

async function status({ office, options, screen }: Work): Promise<Outcome> {
  const { period = '' } = options;
  if (isMonth(period)) return monthOutcome(await office.settlement('months.status', { month: period }), screen);
  const positions = await office.settlement('positions.get', { date: period });
  const { providers } = await office.reconciliation('night.status', { date: period });
  const days = providers.map(({ provider, state, openBreaks }) => ({ provider, state, openBreaks }));
  showPositions(screen, positions, days);
  return { ok: positions.final, json: { ...positions, days } };
}

function monthOutcome(month: MonthReply, screen: Screen): Outcome {
  showMonth(screen, month);
  return { ok: month.state === 'closed' || month.state === 'signed_off', json: month };
}

async function statement({ office, options, screen }: Work): Promise<Outcome> {
  const { party = '', period = '', format, out } = options;
  const reply = await office.settlement('party_statements.get', { party, period, format });
  if (reply.file && out !== undefined) {
    write(out, Buffer.from(reply.file.contentBase64, 'base64'));
    screen.say(`   ${out}`);
  }
  const { statement: told } =
    format === 'json' ? reply : await office.settlement('party_statements.get', { party, period });
  if (!told) throw new PlainError(`${party} was told nothing of ${period} yet.`);
  if (out !== undefined && format === 'json') write(out, `${JSON.stringify(told, null, 2)}\n`);
  showStatement(screen, told);
  return { ok: told.state === 'confirmed', json: { statement: told, ...(out === undefined ? {} : { file: out }) } };
}

/** @throws PlainError: a place that cannot be written is no finding about the statement */
function write(path: string, content: Buffer | string): void {
  try {
    writeFileSync(path, content);
  } catch (error) {
    throw new PlainError(`${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function verify({ office, options, screen }: Work): Promise<Outcome> {
  const books = await office.settlement('ledger.verify', { since: options.since, waitMs: 600_000 });
  const { checks, branches } = await office.settlement('ledger.invariants', {});
  const all = [...books.checks.filter(({ name }) => name !== 'zero_sum'), ...checks];
  showChecks(screen, all);
  return { ok: all.every(({ ok }) => ok), json: { checks: all, branches } };
}
